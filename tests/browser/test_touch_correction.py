"""Corrections by touch, mouse and keyboard, one digit at a time."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import COLUMNS, Finger, Pen, follow, paths, write
from tests.browser.photos import choose, photo
from tests.browser.test_accessibility import violations
from tests.browser.test_tables import OVERLAP
from tests.conftest import ServerProcess
from tests.pictures import png

ENTRY = "[data-entry-id]"
PLACES = "#reading [role=option]"
KEYS = "#digit-keys button"
SIZES = [
    (360, 740), (800, 1000), (820, 1180), (800, 400), (1024, 768), (1280, 720), (1440, 900)
]  # fmt: skip


def key(page: Page, value: str) -> Any:
    return page.locator(f"#place-keys button[value='{value}']")


def tap(page: Page, selector: str) -> None:
    """Tap with a real finger."""
    box = page.locator(selector).bounding_box()
    assert box
    Finger(page).tap((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))


def expect_kept(page: Page, text: str) -> None:
    expect(page.locator("#reading")).to_have_text(text)
    expect(page.locator("#saved-text")).to_have_text(f"Corrected to {text}")


@pytest.fixture
def number(page: Page) -> Page:
    """The draw page with 407 on it, saved."""
    write(page, "407", columns=COLUMNS)
    expect(page.locator("#reading")).to_have_text("407")
    page.locator("#save").click()
    expect(page.locator("#saved")).to_be_visible()
    return page


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A phone with 407 on it, saved."""
    page = open_page(**PHONE)
    write(page, "407", Finger(page))
    expect(page.locator("#reading")).to_have_text("407")
    page.locator("#save").tap()
    expect(page.locator("#saved")).to_be_visible()
    return page


def test_two_taps_on_a_phone_correct_a_digit(phone: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=phone)
    tap(phone, f"{PLACES} >> nth=1")
    tap(phone, "#digit-keys button[value='8']")
    expect_kept(phone, "487")
    expect(phone.locator("#place-keys")).to_be_hidden()
    expect(phone.locator("#confidence")).to_have_text("Corrected")
    expect(phone.locator("#doubt")).to_have_text("Read as 407")
    expect(history.locator(f"{ENTRY} .text")).to_have_text("487")


def test_tapped_box_on_the_paper_is_corrected(phone: Page) -> None:
    tap(phone, "#boxes li:nth-child(3) button")
    expect(phone.locator("#reading [aria-selected=true]")).to_have_text("7")
    expect(phone.locator("#boxes .chosen button")).to_have_text("7")
    tap(phone, "#digit-keys button[value='1']")
    expect_kept(phone, "401")
    expect(phone.locator("#boxes button")).to_have_text(["4", "0", "1"])


@pytest.mark.parametrize("device", [{}, PHONE], ids=["mouse", "touch"])
def test_runner_up_is_the_first_of_ten_keys(open_page: OpenPage, device: dict[str, Any]) -> None:
    page = open_page(**device)
    write(page, "4i7", Finger(page) if device else None)
    expect(page.locator("#reading")).to_have_text("477")
    page.locator(PLACES).nth(1).click()
    values = page.locator(KEYS).evaluate_all("keys => keys.map(({ value }) => value)")
    assert values == ["1", *"023456789"]
    expect(page.locator(KEYS).first).to_have_class("bar rival")
    expect(key(page, "7")).to_have_attribute("aria-current", "true")
    expect(page.locator("#bars")).to_be_hidden()


def test_digits_are_typed_from_a_place_on(number: Page) -> None:
    number.locator(PLACES).nth(1).click()
    number.keyboard.type("12")
    expect_kept(number, "412")
    number.keyboard.type(".5")
    expect_kept(number, "412.5")
    number.keyboard.press("Backspace")
    expect_kept(number, "412.")
    number.keyboard.press("Escape")
    expect(number.locator("#place-keys")).to_be_hidden()


def test_arrows_move_and_delete_insert_and_undo_work_there(number: Page) -> None:
    number.locator(PLACES).first.focus()
    number.keyboard.press("End")
    number.keyboard.press("ArrowLeft")
    expect(number.locator("#reading [aria-selected=true]")).to_have_text("7")
    number.keyboard.press("ArrowLeft")
    number.keyboard.press("Delete")
    expect_kept(number, "47")
    number.keyboard.type("33")
    expect_kept(number, "4337")
    number.keyboard.press("Home")
    number.keyboard.press("Insert")
    number.keyboard.type("-")
    expect_kept(number, "-4337")
    number.keyboard.press("ControlOrMeta+z")
    expect_kept(number, "4337")
    for text in ("437", "47"):
        number.keyboard.press("ControlOrMeta+z")
        expect_kept(number, text)
    number.keyboard.press("ControlOrMeta+z")
    expect(number.locator("#saved-text")).to_have_text("Kept as read")
    expect(number.locator("#boxes li")).to_have_count(3)


def test_keys_delete_and_insert(phone: Page) -> None:
    phone.locator(PLACES).nth(1).tap()
    phone.get_by_role("button", name="Insert before it").tap()
    key(phone, "-").tap()
    expect_kept(phone, "4-07")
    phone.get_by_role("button", name="Delete it").tap()
    expect(phone.locator("#saved-text")).to_have_text("Kept as read")
    phone.get_by_role("button", name="Insert after it").tap()
    key(phone, "2").tap()
    expect_kept(phone, "4027")
    phone.get_by_role("button", name="Undo this correction").tap()
    phone.get_by_role("button", name="Done").tap()
    expect(phone.locator("#place-keys")).to_be_hidden()


def test_last_digit_is_not_deleted(page: Page) -> None:
    write(page, "7")
    page.locator(PLACES).click()
    expect(page.get_by_role("button", name="Delete it")).to_be_disabled()
    page.keyboard.press("Delete")
    expect(page.locator("#reading")).to_have_text("7")


def test_tap_goes_to_the_next_unsure_digit(page: Page) -> None:
    write(page, "A4K")
    expect(page.locator("#reading")).to_have_text("?4?")
    page.locator(PLACES).first.click()
    key(page, "3").click()
    expect(page.locator("#reading [aria-selected=true]")).to_have_text("?")
    expect(page.locator("#reading mark")).to_have_text("?")
    key(page, "5").click()
    expect_kept(page, "345")
    expect(page.locator("#place-keys")).to_be_hidden()


def test_answer_that_is_tapped_is_kept_as_read(page: Page) -> None:
    write(page, "i")
    expect(page.locator("#reading")).to_have_text("7")
    page.locator(PLACES).click()
    key(page, "7").click()
    expect(page.locator("#confidence")).to_have_text("Kept as read")
    expect(page.locator("#saved-text")).to_have_text("Kept as read")


def test_letter_is_refused_and_no_shortcut(number: Page) -> None:
    number.locator(PLACES).first.click()
    number.keyboard.press("e")
    expect(number.locator("#message")).to_contain_text("Digits and signs only")
    expect(number.get_by_role("radio", name="Eraser")).not_to_be_checked()
    expect(number.locator("#reading")).to_have_text("407")


def test_shortcuts_work_while_nothing_is_pointed_at(number: Page) -> None:
    number.locator(PLACES).first.focus()
    number.keyboard.press("3")
    expect(number.get_by_role("radio", name="Broad pen")).to_be_checked()
    expect(number.locator("#reading")).to_have_text("407")


def test_key_pressed_by_keyboard_keeps_the_focus_at_hand(page: Page) -> None:
    write(page, "A4K")
    expect(page.locator("#reading")).to_have_text("?4?")
    page.locator(PLACES).first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.locator(KEYS).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(KEYS).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(PLACES).nth(2)).to_be_focused()


def test_new_ink_ends_pointing(number: Page) -> None:
    number.locator(PLACES).nth(1).click()
    expect(number.locator("#place-keys")).to_be_visible()
    [path] = paths(number, "1", 3, COLUMNS)
    follow(Pen(number, 0.5), path[:3])
    expect(number.locator("#place-keys")).to_be_hidden()
    number.mouse.up()


def test_drawing_not_saved_yet_is_saved_and_corrected(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    page.bring_to_front()
    write(page, "7")
    page.locator(PLACES).click()
    key(page, "1").click()
    expect_kept(page, "1")
    expect(history.locator(f"{ENTRY} .text")).to_have_text("1")


def test_enter_after_a_correction_begins_the_next_number(number: Page) -> None:
    number.locator(PLACES).nth(1).click()
    key(number, "8").click()
    number.keyboard.press("Enter")
    expect(number.locator(".invitation")).to_be_visible()
    expect(number.locator("#list .number")).to_have_text("487")


@pytest.mark.parametrize("keys", [["Enter"], ["Enter", "Control+z"]], ids="+".join)
def test_correction_survives_next_while_the_server_is_down(
    page: Page, server: ServerProcess, keys: list[str]
) -> None:
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    server.stop()
    page.locator(PLACES).click()
    key(page, "1").click()
    expect(page.locator("#reading")).to_have_text("1")
    for pressed in keys:
        page.keyboard.press(pressed)
    server.start()
    expect(page.locator("#list .number")).to_have_text("1")


def test_correction_on_the_list_is_shown_at_the_paper(number: Page) -> None:
    number.locator("#list .correct").click()
    number.locator("#list textarea").fill("12")
    number.keyboard.press("Enter")
    expect_kept(number, "12")


def test_correction_is_seen_at_once_and_sent_later(number: Page, server: ServerProcess) -> None:
    server.stop()
    expect(number.locator("#connection")).to_contain_text("Reconnecting")
    number.locator(PLACES).nth(1).click()
    key(number, "8").click()
    expect(number.locator("#reading")).to_have_text("487")
    server.start()
    expect_kept(number, "487")


@pytest.mark.parametrize("is_saved", [True, False], ids=["saved", "not saved"])
def test_correction_outlives_its_page(
    page: Page, open_page: OpenPage, server: ServerProcess, is_saved: bool
) -> None:
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    if is_saved:
        expect(page.locator("#saved")).to_be_visible()
    server.stop()
    page.locator(PLACES).click()
    key(page, "1").click()
    expect(page.locator("#reading")).to_have_text("1")
    page.close(run_before_unload=False)
    server.start()
    history = open_page("/history", beside=page)
    expect(history.locator(f"{ENTRY} .text")).to_have_text("1")


def test_refused_correction_is_taken_back(number: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=number)
    history.get_by_role("button", name="Delete").click()
    history.reload()
    expect(history.locator(ENTRY)).to_have_count(0)
    number.bring_to_front()
    number.locator(PLACES).nth(1).click()
    key(number, "8").click()
    expect(number.locator("#message")).to_contain_text("no such entry")
    expect(number.locator("#reading")).to_have_text("407")


def test_digit_on_a_photo_is_tapped_and_corrected(phone: Page) -> None:
    choose(phone, photo(png("814")))
    expect(phone.locator("#reading")).to_have_text("814")
    tap(phone, "#photo-boxes li:nth-child(2)")
    expect(phone.locator("#reading [aria-selected=true]")).to_have_text("1")
    tap(phone, "#digit-keys button[value='7']")
    expect_kept(phone, "874")
    expect(phone.locator("#photo-boxes button")).to_have_text(["8", "7", "4"])
    phone.get_by_role("button", name="Back to the drawing").tap()
    expect(phone.locator("#reading")).to_have_text("407")


def test_key_under_the_mouse_is_compared_in_the_open_explanation(number: Page) -> None:
    number.locator(PLACES).nth(2).click()
    expect(number.locator("#why-answer figcaption")).to_have_text("Why 7")
    key(number, "3").hover()
    expect(number.locator("#why-rival figcaption")).to_have_text("Why not 3?")
    expect(number.locator("#reading")).to_have_text("407")


def test_sign_keys_are_there_unless_digits_only(number: Page) -> None:
    number.locator(PLACES).first.click()
    expect(number.get_by_role("button", name="Per cent")).to_be_visible()
    number.get_by_label("Digits only").check()
    expect(number.get_by_role("button", name="Per cent")).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_paper_does_not_move_when_a_digit_is_tapped(
    open_page: OpenPage, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height}, has_touch=True)
    write(page, "407")
    expect(page.locator("#saved")).to_be_visible()
    before = page.locator("#pad").bounding_box()
    tap(page, f"{PLACES} >> nth=0")
    expect(page.locator("#place-keys")).to_be_visible()
    assert page.locator("#pad").bounding_box() == before
    for button in page.locator("#place-keys button:visible").all():
        box = button.bounding_box()
        assert box
        assert box["width"] >= 24
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_keys_are_whole_and_apart(open_page: OpenPage, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height}, has_touch=True)
    write(page, "407")
    expect(page.locator("#saved")).to_be_visible()
    tap(page, f"{PLACES} >> nth=0")
    for button in page.locator("#place-keys button:visible").all():
        expect(button).to_be_in_viewport(ratio=1)
    assert not page.locator("#place-keys button, #why canvas").evaluate_all(OVERLAP)


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_pointed_place_has_no_violation(open_page: OpenPage, device: dict[str, Any]) -> None:
    page = open_page(**device)
    write(page, "A4K", Finger(page) if device else None)
    expect(page.locator("#saved")).to_be_visible()
    page.locator(PLACES).first.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == []
    page.get_by_role("button", name="Insert after it").click()
    assert violations(page) == []
    key(page, "3").click()
    expect(page.locator("#confidence")).to_have_text("Corrected")
    assert violations(page) == []


def test_pointed_place_is_seen_in_forced_colors(open_page: OpenPage) -> None:
    page = open_page(forced_colors="active")
    write(page, "407")
    expect(page.locator("#reading")).to_have_text("407")
    page.locator(PLACES).first.click()
    selected = page.locator("#reading [aria-selected=true]")
    expect(selected).to_have_css("outline-style", "solid")
    expect(page.locator("#digit-keys .rival")).to_have_css("border-top-width", "3px")


def test_places_are_named(number: Page) -> None:
    expect(number.get_by_role("option", name="Digit 2 of 3: 0, 99%")).to_have_text("0")
    number.locator(PLACES).nth(1).click()
    key(number, "8").click()
    expect(number.get_by_role("option", name="Digit 2 of 3: 8, corrected")).to_have_count(1)


def test_question_mark_stays_behind_its_digit_from_right_to_left(page: Page) -> None:
    page.evaluate("document.documentElement.dir = 'rtl'")
    write(page, "4A")
    expect(page.locator("#saved")).to_be_visible()
    expect(page.locator("#reading")).to_have_text("4?")
    first, last = (page.locator(PLACES).nth(place).bounding_box() for place in (0, 1))
    assert first
    assert last
    assert first["x"] < last["x"]


def test_form_for_a_list_has_its_lines_and_takes_no_letter(page: Page) -> None:
    choose(page, photo(png("407\n814\n22\n34\n41\n70")))
    expect(page.locator("#saved")).to_be_visible()
    page.get_by_role("button", name="Correct it").click()
    field = page.locator("#saved textarea")
    expect(field).to_have_attribute("rows", "6")
    panel, box = page.locator("#panel").bounding_box(), field.bounding_box()
    assert panel
    assert box
    assert box["width"] > 0.9 * (panel["width"] - 40)
    page.keyboard.press("End")
    page.keyboard.type("a1")
    expect(field).to_have_value("407\n814\n22\n34\n41\n701")
    page.keyboard.type("b")
    expect(page.get_by_role("alert")).to_contain_text("Digits and signs only")


def test_tab_leaves_the_form_of_a_table(page: Page) -> None:
    write(page, "7")
    page.get_by_role("button", name="Correct it").click()
    field = page.locator("#saved textarea")
    expect(page.get_by_role("button", name="Tab", exact=True)).to_be_hidden()
    field.fill("1\t2")
    field.press("ControlOrMeta+End")
    page.get_by_role("button", name="Tab", exact=True).click()
    page.keyboard.type("3")
    expect(field).to_have_value("1\t2\t3")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_corrected_digit_has_no_bars(page: Page) -> None:
    write(page, "4A7", columns=COLUMNS)
    expect(page.locator("#reading")).to_have_text("4?7")
    expect(page.locator("#saved")).to_be_visible()
    page.locator(PLACES).nth(1).click()
    key(page, "8").click()
    expect_kept(page, "487")
    page.keyboard.press("Escape")
    expect(page.locator("#caption")).to_contain_text("Least sure: ")
    expect(page.locator("#caption")).not_to_contain_text("2 of 3")
    expect(page.locator("#bars .answer")).to_have_count(1)
    page.locator(PLACES).nth(1).hover()
    expect(page.locator("#caption")).to_have_text("Digit 2 of 3 · corrected")
    expect(page.locator("#bars .answer")).to_have_count(0)
