"""Entering numbers: next, continue, clear, the list, copying, and what outlives the page."""

from __future__ import annotations

from collections.abc import Callable

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accounts import sign_in, sign_up
from tests.browser.conftest import PHONE, OpenPage, expect_connected
from tests.browser.pen_input import COLUMNS, Finger, Mouse, Point, follow, paths, write
from tests.conftest import ServerProcess, wait_until
from tests.pictures import png

ENTRY = "[data-entry-id]"
NUMBER = "#list .number"
# The drawings that the browser keeps.
KEPT = """() => new Promise((resolve) => {
  indexedDB.open("live-digits").onsuccess = ({ target: { result: database } }) => {
    const all = database.transaction("drawings").objectStore("drawings").getAllKeys();
    all.onsuccess = () => { database.close(); resolve(all.result); };
  };
})"""
HEIGHTS_PX = "elements => elements.map((element) => element.getBoundingClientRect().height)"
TEN = ["40", "17", "7", "4", "71", "10", "47", "1", "74", "0"]

# Press Next and put the pen down at a place; return the milliseconds until ink is there.
TIME_NEXT = """([x, y]) => new Promise((resolve) => {
  const pad = document.querySelector("#pad");
  const { left, top } = pad.getBoundingClientRect();
  const at = [x - left, y - top].map((place) => place * devicePixelRatio);
  const ink = () => pad.getContext("2d").getImageData(...at, 1, 1).data[3] > 0;
  const pen = (type, shift) => pad.dispatchEvent(new PointerEvent(type, {
    clientX: x, clientY: y + shift, bubbles: true, cancelable: true, isPrimary: true, pointerId: 1,
    button: 0, buttons: type === "pointerup" ? 0 : 1,
  }));
  const start = performance.now();
  document.querySelector("#next").click();
  const isBlank = !ink();
  pen("pointerdown", 0);
  for (let shift = 10; shift <= 120; shift += 10) pen("pointermove", shift);
  const look = () => {
    if (!ink()) return requestAnimationFrame(look);
    pen("pointerup", 120);
    resolve(isBlank ? performance.now() - start : Infinity);
  };
  look();
})"""


def write_all(page: Page, numbers: list[str], end: Callable[[], None]) -> None:
    for number in numbers:
        write(page, number, columns=COLUMNS)
        end()


def test_ten_numbers_take_ten_taps(page: Page, open_page: OpenPage) -> None:
    write_all(page, TEN, page.locator("#next").click)
    expect(page.locator(NUMBER)).to_have_text(TEN)
    history = open_page("/history", beside=page)
    expect(history.locator(f"{ENTRY} .text")).to_have_text(TEN[::-1])


@pytest.mark.alone
def test_ten_numbers_take_ten_taps_of_a_finger(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    for number in TEN:
        write(page, number, Finger(page), columns=3)
        page.locator("#next").tap()
    expect(page.locator(NUMBER)).to_have_text(TEN)


def test_enter_begins_the_next_number(page: Page) -> None:
    write_all(page, ["7", "4"], lambda: page.keyboard.press("Enter"))
    expect(page.locator(NUMBER)).to_have_text(["7", "4"])
    expect(page.locator("#reading")).to_be_empty()


def test_enter_presses_no_button_that_was_used_before_the_stroke(page: Page) -> None:
    write_all(page, ["7", "1"], page.locator("#next").click)
    page.get_by_role("button", name="Delete 7").click()
    page.locator("#toasts button").click()
    expect(page.get_by_role("button", name="Delete 7")).to_be_focused()
    write(page, "4", columns=COLUMNS)
    page.keyboard.press("Enter")
    expect(page.locator(NUMBER)).to_have_text(["7", "1", "4"])
    expect(page.locator("#reading")).to_be_empty()


def test_numbers_continue_without_a_tap(page: Page) -> None:
    page.locator("#continue").check()
    write_all(page, TEN, page.locator("#pad.finished").wait_for)
    expect(page.locator(NUMBER)).to_have_text(TEN)


def test_next_stroke_hides_the_finished_number_until_it_is_undone(page: Page) -> None:
    page.locator("#continue").check()
    write(page, "7", columns=COLUMNS)
    page.locator("#pad.finished").wait_for()
    write(page, "1", columns=COLUMNS)
    expect(page.locator("#reading")).to_have_text("1")
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator(NUMBER)).to_have_text(["7"])
    wait_until(lambda: page.evaluate(KEPT) == [])


def test_number_is_saved_as_it_was_before_an_undone_stroke(page: Page) -> None:
    for written in ("1", "11"):
        [path] = paths(page, "1", column=len(written) - 1, columns=COLUMNS)
        mouse = Mouse(page)
        follow(mouse, path)
        mouse.lift()
        expect(page.locator("#list [data-state=saved] .number")).to_have_text([written])
    page.keyboard.press("Control+z")
    expect(page.locator("#list [data-state=saved] .number")).to_have_text(["1"])


def test_number_that_waits_outlives_an_undone_stroke(page: Page) -> None:
    expect(page.locator("#list-count")).to_have_text("No number yet")
    page.context.set_offline(True)
    write(page, "1", columns=COLUMNS)
    for place in ("#waiting", "#list-count"):
        expect(page.locator(place)).to_have_text("1 waiting")
    [path] = paths(page, "1", column=1, columns=COLUMNS)
    mouse = Mouse(page)
    follow(mouse, path)
    mouse.lift()
    page.keyboard.press("Control+z")
    page.locator("#next").click()
    page.context.set_offline(False)
    expect(page.locator("#list [data-state=saved] .number")).to_have_text(["1"])


def test_correction_is_of_the_number_that_a_stroke_begins(page: Page) -> None:
    page.locator("#continue").check()
    write(page, "7", columns=COLUMNS)
    page.locator("#pad.finished").wait_for()
    [path] = paths(page, "1", columns=COLUMNS)
    mouse = Mouse(page)
    follow(mouse, path)
    expect(page.locator("#reading")).to_have_text("1")
    mouse.lift()
    page.locator("#reading [role=option]").click()
    page.locator("#place-keys button[value='2']").click()
    expect(page.locator(NUMBER)).to_have_text(["7", "2"])


def test_tap_on_a_finished_digit_begins_nothing(page: Page) -> None:
    page.locator("#continue").check()
    write(page, "47", columns=COLUMNS)
    page.locator("#pad.finished").wait_for()
    page.mouse.click(*center_of(page.locator("#boxes button").first))
    expect(page.locator("#reading")).to_have_text("47")
    expect(page.locator("#pad")).to_have_class("finished")


def test_pad_draws_at_once_after_next(page: Page) -> None:
    pad = center_of(page.locator("#pad"))
    write(page, "1")
    waits = sorted(page.evaluate(TIME_NEXT, pad) for _ in range(20))
    expect(page.locator(NUMBER)).to_have_count(20)
    assert waits[len(waits) // 2] < 50


def test_next_on_a_blank_pad_says_what_to_do(page: Page) -> None:
    page.locator("#next").click()
    expect(page.locator("#message")).to_have_text("Draw a number first.")
    expect(page.locator(NUMBER)).to_have_count(0)


def test_dot_does_not_hold_up_the_next_number(page: Page) -> None:
    page.mouse.click(*center_of(page.locator("#pad")))
    page.locator("#next").click()
    write_all(page, ["7"], page.locator("#next").click)
    expect(page.locator(NUMBER).last).to_have_text("7")
    expect(page.locator("#waiting")).to_be_empty()


def test_undo_after_next_brings_the_number_back(page: Page) -> None:
    write(page, "1", columns=COLUMNS)
    page.locator("#next").click()
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("1")
    [path] = paths(page, "7", column=1, columns=COLUMNS)
    follow(Mouse(page), path)
    page.mouse.up()
    page.locator("#next").click()
    expect(page.locator(NUMBER)).to_have_text(["17"])


def test_cleared_number_is_kept_off_the_list(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    for _ in range(5):
        write(page, "7")
        page.locator("#clear").click()
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["7"] * 5)
    expect(page.locator(NUMBER)).to_have_count(0)
    page.locator("#undo").click()
    expect(page.locator(NUMBER)).to_have_text(["7"])
    expect(history.locator(ENTRY)).to_have_count(5)


@pytest.mark.parametrize(("button", "words"), [("#next", "On the list."), ("#clear", "Cleared:")])
def test_next_and_clear_say_what_they_did_in_sight(
    open_page: OpenPage, button: str, words: str
) -> None:
    page = open_page(**PHONE)
    write(page, "7", Finger(page))
    expect(page.locator("#reading")).to_have_text("7")
    before = page.locator("#pad").bounding_box()
    page.locator(button).tap()
    expect(page.locator("#message")).to_contain_text(words)
    expect(page.locator("#message")).to_be_in_viewport(ratio=1)
    assert page.locator("#pad").bounding_box() == before
    expect(page.locator("#message")).to_be_empty()


def test_number_outlives_the_tab(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    write(page, "7")
    page.close(run_before_unload=True)
    expect(history.locator(f"{ENTRY} .text")).to_have_text("7")


def test_number_outlives_a_crash(page: Page, open_page: OpenPage) -> None:
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    with page.expect_event("crash"):
        for process in psutil.Process().children(recursive=True):
            if "--type=renderer" in process.cmdline():
                process.kill()
    history = open_page("/history", beside=page)
    expect(history.locator(f"{ENTRY} .text")).to_have_text("7")


def test_numbers_outlive_a_page_without_a_server(
    page: Page, open_page: OpenPage, server: ServerProcess
) -> None:
    history = open_page("/history", beside=page)
    server.stop()
    expect(page.locator("#connection")).to_contain_text("Reconnecting")
    write_all(page, ["7", "4", "10"], page.locator("#next").click)
    expect(page.locator("#waiting")).to_have_text("3 waiting")
    expect(page.locator("#list [data-state=waiting]")).to_have_count(3)
    page.close()
    server.start()
    expect_connected(history)
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["10", "4", "7"])


def test_duplicated_tab_gets_its_own_drawing(page: Page) -> None:
    write(page, "7")
    expect(page.locator(NUMBER)).to_have_text(["7"])
    with page.expect_popup() as opened:
        page.evaluate("open('/')")
    twin = opened.value
    expect_connected(twin)
    expect(twin.locator(".invitation")).to_be_visible()
    write(twin, "4")
    for tab in (page, twin):
        expect(tab.locator(NUMBER)).to_have_text(["7", "4"])
    expect(page.locator("#reading")).to_have_text("7")


def test_list_adds_up_its_numbers(page: Page) -> None:
    write_all(page, ["40", "17"], page.locator("#next").click)
    expect(page.locator("#list-count")).to_have_text("2 numbers")
    expect(page.locator("#list-sum")).to_have_text("Sum 57")
    expect(page.locator("#list-mean")).to_have_text("Mean 28.5")


def test_number_on_the_list_is_corrected(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    write_all(page, ["40", "17"], page.locator("#next").click)
    page.locator(NUMBER).first.click()
    page.keyboard.type("0171")
    page.keyboard.press("Enter")
    expect(page.locator(NUMBER)).to_have_text(["0171", "17"])
    expect(page.locator("#list-sum")).to_have_text("Sum 188")
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["17", "0171"])


def test_long_number_is_in_one_line_of_the_list(page: Page) -> None:
    for number in ("1", "0171047"):
        write(page, number)
        page.locator("#next").click()
    expect(page.locator(NUMBER)).to_have_text(["1", "0171047"])
    wait_until(lambda: len(set(page.locator("#list .number .line").evaluate_all(HEIGHTS_PX))) == 1)


def test_deletion_from_the_list_can_be_undone(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    write_all(page, ["40", "17"], page.locator("#next").click)
    expect(history.locator(ENTRY)).to_have_count(2)
    page.locator("#list .delete").first.click()
    expect(page.locator("#list li:visible .number")).to_have_text(["17"])
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#list li:visible .number")).to_have_text(["40", "17"])
    page.locator("#list .delete").last.click()
    page.goto("/history")
    expect(history.locator(f"{ENTRY} .text")).to_have_text(["40"])


def test_deletion_leaves_the_focus_where_the_work_goes_on(page: Page) -> None:
    write_all(page, ["40", "17", "7"], page.locator("#next").click)
    expect(page.locator("#list [data-state=saved]")).to_have_count(3)
    page.locator("#list .delete").last.click()
    write(page, "1", columns=COLUMNS)
    page.keyboard.press("Enter")
    expect(page.locator("#list li:visible .number")).to_have_text(["40", "17", "1"])
    page.locator("#list .delete").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toast button").last).to_be_focused()
    expect(page.locator(".toast")).to_have_count(0)
    expect(page.locator("#list .delete").first).to_be_focused()
    expect(page.locator(NUMBER)).to_have_text(["17", "1"])


def test_dragged_row_keeps_its_place(page: Page) -> None:
    write_all(page, ["40", "17", "7"], page.locator("#next").click)
    expect(page.locator("#list [data-state=saved]")).to_have_count(3)
    grip, first = page.locator("#list .grip").last, page.locator("#list li").first
    page.mouse.move(*center_of(grip))
    page.mouse.down()
    x, y = center_of(first)
    page.mouse.move(x, y + 4, steps=4)
    page.mouse.move(x, y - 10, steps=4)
    page.mouse.up()
    expect(page.locator(NUMBER)).to_have_text(["7", "40", "17"])
    page.locator("#list .grip").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(NUMBER)).to_have_text(["40", "7", "17"])
    page.reload()
    expect(page.locator(NUMBER)).to_have_text(["40", "7", "17"])


def test_copy_takes_the_list_away(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write_all(page, ["40", "17"], page.locator("#next").click)
    expect(page.locator("#list [data-state=saved]")).to_have_count(2)
    for copy in (page.locator("#copy").click, lambda: page.keyboard.press("Control+c")):
        page.evaluate("navigator.clipboard.writeText('')")
        copy()
        wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == "40\n17")
        expect(page.locator("#message")).to_have_text("Copied 2 numbers.")


def test_reading_is_copied_alone(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write_all(page, ["40"], page.locator("#next").click)
    write(page, "17", columns=COLUMNS)
    page.locator("#saved .copy").click()
    expect(page.locator("#message")).to_have_text("Copied 17.")
    assert page.evaluate("navigator.clipboard.readText()") == "17"


def test_lists_have_names_and_can_be_changed(page: Page, open_page: OpenPage) -> None:
    write_all(page, ["40"], page.locator("#next").click)
    page.locator("#list-rename").click()
    page.keyboard.type("Marks")
    page.keyboard.press("Enter")
    expect(page.locator("#list-name")).to_have_value("Marks")
    page.locator("#list-new").click()
    page.keyboard.type("Scores")
    page.keyboard.press("Enter")
    expect(page.locator(NUMBER)).to_have_count(0)
    write(page, "7", columns=COLUMNS)
    page.locator("#list-name").select_option("Marks")
    expect(page.locator(NUMBER)).to_have_text(["40"])
    expect(page.locator(".invitation")).to_be_visible()
    other = open_page(beside=page)
    expect(other.locator("#list-name option")).to_have_text(["Marks", "Scores"])
    other.locator("#list-name").select_option("Scores")
    expect(other.locator(NUMBER)).to_have_text(["7"])


def test_list_is_live_on_other_pages(page: Page, open_page: OpenPage) -> None:
    other = open_page(beside=page)
    write_all(page, ["40"], page.locator("#next").click)
    expect(other.locator(NUMBER)).to_have_text(["40"])


@pytest.mark.parametrize(
    ("size", "rows", "paper"),
    [((820, 1180), 8, 0.66), ((800, 400), 2, 0.6)],
    ids=["tablet", "phone"],
)
def test_list_is_beside_the_paper(
    open_page: OpenPage, size: tuple[int, int], rows: int, paper: float
) -> None:
    width, height = size
    page = open_page(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    for text in TEN:
        form = {"list": page.locator("#list-name").input_value()}
        assert page.request.post("/api/predictions", params=form, data=png(text)).ok
    expect(page.locator(NUMBER)).to_have_count(len(TEN))
    for row in page.locator(NUMBER).all()[-rows:]:
        expect(row).to_be_in_viewport(ratio=1)
    sheet = page.locator(".sheet").bounding_box()
    assert sheet
    assert sheet["height"] >= paper * height


def test_renamed_list_is_renamed_on_other_devices(page: Page, open_page: OpenPage) -> None:
    other = open_page()
    name = sign_up(page)
    sign_in(other, name)
    write_all(page, ["40", "7"], page.locator("#next").click)
    expect(other.locator(NUMBER)).to_have_text(["40", "7"])
    page.locator("#list-rename").click()
    page.keyboard.type("Marks")
    page.keyboard.press("Enter")
    expect(other.locator("#list-name")).to_have_value("Marks")
    expect(other.locator("#list-name option")).to_have_text(["Marks"])
    expect(other.locator(NUMBER)).to_have_text(["40", "7"])


def test_page_stays_on_a_list_whose_numbers_move_away(page: Page) -> None:
    write_all(page, ["40", "17"], page.locator("#next").click)
    expect(page.locator("#list [data-state=saved]")).to_have_count(2)
    name = page.locator("#list-name").input_value()
    history = page.context.new_page()
    history.goto("/history")
    history.get_by_role("button", name="Select", exact=True).click()
    history.locator("#select-all").click()
    expect(history.locator("#selected")).to_have_text("2 selected")
    history.get_by_label("Name of the list").fill("Marks")
    history.get_by_role("button", name="Move").click()
    expect(page.locator(NUMBER)).to_have_count(0)
    write_all(page, ["7"], page.locator("#next").click)
    expect(page.locator(NUMBER)).to_have_text(["7"])
    expect(page.locator("#list-name")).to_have_value(name)
    expect(page.locator("#list-name option")).to_have_text([name, "Marks"])


def test_form_tells_a_guest_that_the_name_is_public(page: Page) -> None:
    page.locator("#list-new").click()
    field = page.get_by_role("textbox", name="Name of the list")
    expect(field).to_have_accessible_description("Everyone on this server sees the name.")
    sign_up(page)
    page.locator("#list-new").click()
    expect(field).to_have_accessible_description("")


def test_list_of_another_guest_is_another_list(page: Page, open_page: OpenPage) -> None:
    other = open_page()
    write_all(page, ["40"], page.locator("#next").click)
    write_all(other, ["7"], other.locator("#next").click)
    expect(other.locator(NUMBER)).to_have_text(["7"])
    other.reload()
    expect(other.locator(NUMBER)).to_have_text(["7"])


def center_of(locator: Locator) -> Point:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
