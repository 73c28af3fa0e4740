"""An entry opened large: its digits, its neighbors, its address, and what can be done with it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.benchmark.history import fill
from tests.browser.accounts import sign_up
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import Finger
from tests.browser.test_accessibility import violations
from tests.browser.test_history import ENTRY, upload
from tests.browser.test_long_history import newest_first
from tests.conftest import ServerProcess, wait_until
from tests.databases import database_url
from tests.pictures import png

TEXTS = ["407", "1", "70"]  # from new to old
GONE = "This reading is gone, or it is not yours."
ENTRIES = 25


@pytest.fixture
def history(open_page: OpenPage) -> Page:
    """A history of three entries of this browser."""
    return filled(open_page("/history"))


def filled(page: Page) -> Page:
    for text in reversed(TEXTS):
        assert page.request.post("/api/predictions", data=png(text)).ok
    expect(page.locator(ENTRY)).to_have_count(len(TEXTS))
    return page


def card(page: Page, text: str) -> Locator:
    return page.get_by_role("link", name=f"Picture read as {text}", exact=True)


def view(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Reading")


def button(page: Page, name: str) -> Locator:
    return view(page).get_by_role("button", name=name)


def open_large(page: Page, text: str) -> None:
    card(page, text).click()
    expect_open(page, text)


def expect_open(page: Page, text: str) -> None:
    expect(view(page).locator(".text")).to_have_text(text)


def told(page: Page) -> Locator:
    return view(page).get_by_role("status").first


def shown_id(page: Page) -> str:
    return str(page.evaluate("new URLSearchParams(location.search).get('entry')"))


def test_picture_opens_large_and_escape_returns_to_its_card(history: Page) -> None:
    open_large(history, "1")
    expect(view(history).locator(".confidence")).to_contain_text("%")
    expect(view(history).locator(".about")).to_contain_text("Uploaded")
    assert view(history).locator("img").evaluate("image => image.decode()") is None
    history.keyboard.press("Escape")
    expect(view(history)).to_be_hidden()
    expect(card(history, "1")).to_be_focused()
    wait_until(lambda: history.evaluate("location.search") == "")


def test_boxes_lie_over_the_digits(history: Page) -> None:
    open_large(history, "407")
    expect(view(history).locator(".boxes li")).to_have_count(3)
    frame = view(history).locator(".frame").bounding_box()
    entry = history.request.get("/api/predictions").json()["entries"][0]
    scale = frame["width"] / entry["reading"]["size"][0] if frame else 0
    for place, digit in enumerate(entry["reading"]["digits"]):
        box = view(history).locator(".boxes li").nth(place).bounding_box()
        assert box
        assert frame
        x, y, width, height = (side * scale for side in digit["box"])
        assert box["x"] - frame["x"] == pytest.approx(x, abs=2)
        assert box["y"] - frame["y"] == pytest.approx(y, abs=2)
        assert (box["width"], box["height"]) == pytest.approx((width, height), abs=2)


def test_tapped_digit_shows_its_bars_and_why(open_page: OpenPage) -> None:
    page = filled(open_page("/history", **PHONE))
    card(page, "407").tap()
    button(page, "Digit 2 of 3: 0").tap()
    expect(view(page).locator(".caption")).to_contain_text("Digit 2 of 3")
    expect(view(page).locator(".bar.answer .digit")).to_have_text("0")
    expect(view(page).locator("#why-answer figcaption")).to_have_text("Why 0")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_digit_that_is_read_otherwise_now_is_not_explained(history: Page) -> None:
    history.route("**/images/*", lambda route: route.fulfill(body=png("814")))
    open_large(history, "407")
    expect(told(history)).to_contain_text("No explanation")
    button(history, "Digit 1 of 3: 4").click()
    expect(view(history).locator("#why")).to_have_class("empty")


def test_keys_and_buttons_go_through_the_history_and_load_more(
    server: ServerProcess, open_page: OpenPage
) -> None:
    fill(database_url(server.data_dir), ENTRIES)
    page, ids = open_page("/history"), newest_first(server)
    page.locator(f"{ENTRY} .open").first.click()
    for id in ids:
        wait_until(lambda id=id: shown_id(page) == id)
        page.keyboard.press("ArrowRight")
    expect(button(page, "Next")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("ArrowLeft")
    wait_until(lambda: shown_id(page) == ids[-2])
    button(page, "Previous").click()
    wait_until(lambda: shown_id(page) == ids[-3])
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-entry-id='{ids[-3]}'] .open")).to_be_focused()


def test_swipe_shows_the_next_entry(open_page: OpenPage) -> None:
    page = filled(open_page("/history", **PHONE))
    card(page, "1").tap()
    stage = view(page).locator(".stage").bounding_box()
    assert stage
    middle = (stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    Finger(page).drag(middle, by=-120)
    expect_open(page, "70")
    for text in ("1", "407"):
        Finger(page).drag(middle, by=120)
        expect_open(page, text)
    Finger(page).drag(middle, by=-20)
    expect_open(page, "407")


def test_neighbors_obey_the_filters(history: Page) -> None:
    history.get_by_role("searchbox").fill("7")
    expect(history.locator(ENTRY)).to_have_count(2)
    open_large(history, "407")
    history.wait_for_url("**/history?search=7&entry=*")
    history.keyboard.press("ArrowRight")
    expect_open(history, "70")
    expect(button(history, "Next")).to_have_attribute("aria-disabled", "true")


def test_back_closes_and_reload_keeps_the_entry(history: Page) -> None:
    open_large(history, "1")
    history.keyboard.press("ArrowRight")
    expect_open(history, "70")
    history.reload()
    expect_open(history, "70")
    history.go_back()
    expect(view(history)).to_be_hidden()
    expect(card(history, "70")).to_be_focused()
    history.go_forward()
    expect_open(history, "70")


def test_address_opens_the_entry_elsewhere(history: Page, open_page: OpenPage) -> None:
    open_large(history, "407")
    elsewhere = open_page(f"/history?entry={shown_id(history)}")
    expect_open(elsewhere, "407")
    expect(button(elsewhere, "Delete")).to_be_hidden()
    button(elsewhere, "Close").click()
    expect(view(elsewhere)).to_be_hidden()
    assert elsewhere.evaluate("location.search") == ""


def test_entry_that_is_gone_or_private_says_so(page: Page, open_page: OpenPage) -> None:
    sign_up(page)
    private = page.request.post("/api/predictions", data=png("7")).json()["entry"]["id"]
    guest = open_page(f"/history?entry={private}")
    expect(told(guest)).to_have_text(GONE)
    expect(view(guest).locator(".text")).to_be_hidden()
    assert violations(guest) == []
    guest.goto(f"/history?entry={uuid4()}")
    expect(told(guest)).to_have_text(GONE)


def test_entry_is_corrected_large(history: Page) -> None:
    open_large(history, "1")
    button(history, "Correct").click()
    history.keyboard.press("Escape")
    expect(button(history, "Correct")).to_be_focused()
    history.keyboard.press("Enter")
    history.keyboard.type("12 7")
    history.keyboard.press("Enter")
    expect(view(history).locator(".original")).to_have_text("read as 1")
    expect(history.locator(f"{ENTRY} .text").nth(1)).to_have_text("12 7")


def test_entry_is_copied_by_key_and_button(history: Page) -> None:
    history.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card(history, "407").focus()
    history.keyboard.press("Control+c")
    expect(history.locator("#message")).to_have_text("Copied 1 reading.")
    assert history.evaluate("navigator.clipboard.readText()") == "407"
    open_large(history, "1")
    history.keyboard.press("Control+c")
    expect(told(history)).to_have_text("Copied 1 reading.")
    assert history.evaluate("navigator.clipboard.readText()") == "1"
    history.keyboard.press("ArrowRight")
    expect_open(history, "70")
    button(history, "Copy").click()
    expect(told(history)).to_have_text("Copied 1 reading.")
    assert history.evaluate("navigator.clipboard.readText()") == "70"


def test_copy_works_without_the_clipboard_api(history: Page) -> None:
    history.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    open_large(history, "407")
    button(history, "Copy").click()
    expect(told(history)).to_have_text("Copied 1 reading.")


def test_deletion_goes_on_to_the_next_and_can_be_undone(history: Page) -> None:
    open_large(history, "1")
    button(history, "Delete").click()
    expect_open(history, "70")
    history.keyboard.press("ArrowLeft")
    expect_open(history, "407")
    button(history, "Undo").click()
    expect_open(history, "1")
    expect(button(history, "Delete")).to_be_focused()


def test_deletion_of_the_last_closes(history: Page) -> None:
    history.get_by_role("searchbox").fill("407")
    expect(history.locator(ENTRY)).to_have_count(1)
    open_large(history, "407")
    button(history, "Delete").click()
    expect(view(history)).to_be_hidden()
    history.get_by_role("button", name="Undo").click()
    expect(card(history, "407")).to_be_focused()


def test_changes_elsewhere_are_shown_at_once(history: Page) -> None:
    open_large(history, "1")
    path = f"/api/predictions/{shown_id(history)}"
    assert history.request.patch(path, data={"text": "17"}).ok
    expect_open(history, "17")
    assert history.request.delete(path).ok
    expect(told(history)).to_have_text(GONE)
    history.keyboard.press("ArrowLeft")
    expect_open(history, "407")


def test_outage_while_open_is_healed(server: ServerProcess, history: Page) -> None:
    open_large(history, "1")
    server.stop()
    expect(history.locator("#offline")).not_to_have_attribute("hidden", "")
    server.start()
    upload(server, "22")
    expect(history.locator(f"{ENTRY} .text").first).to_have_text("22")
    history.keyboard.press("ArrowLeft")
    expect_open(history, "407")
    history.keyboard.press("ArrowLeft")
    expect_open(history, "22")
