"""The history page: search, corrections, deletions, and older entries on demand."""

from __future__ import annotations

import httpx
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.pen_input import write
from tests.conftest import ServerProcess
from tests.pictures import encode, png

ENTRY = "[data-entry-id]"


def save(page: Page, text: str) -> None:
    write(page, text)
    page.locator("#save").click()
    expect(page.locator("#saved")).to_be_visible()


def upload(server: ServerProcess, *texts: str) -> None:
    """Make entries of somebody else."""
    for text in texts:
        httpx.post(f"{server.url}/api/predictions", content=png(text)).raise_for_status()


def saved_entry(page: Page, open_page: OpenPage, text: str = "7") -> Locator:
    """Save a drawing; return its entry on a history page of the same browser."""
    save(page, text)
    entry = open_page("/history", beside=page).locator(ENTRY)
    expect(entry).to_have_count(1)
    return entry


def test_empty_history_links_to_the_draw_page(open_page: OpenPage) -> None:
    page = open_page("/history")
    page.get_by_role("link", name="Draw a number").click()
    expect(page.locator("#pad")).to_be_visible()


def test_entry_shows_text_time_and_confidence(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    expect(entry.locator(".text")).to_have_text("7")
    expect(entry.locator(".confidence")).to_contain_text("%")
    expect(entry.locator("time")).to_have_text("just now")
    assert entry.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")


def test_deletion_can_be_undone(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    entry.get_by_role("button", name="Delete").click()
    expect(entry).to_be_hidden()
    history = entry.page
    history.get_by_role("button", name="Undo").click()
    expect(entry).to_be_visible()
    assert entry.evaluate("card => card.contains(document.activeElement)")
    history.reload()
    expect(entry).to_be_visible()


def test_deletion_removes_the_entry_everywhere(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    elsewhere = open_page("/history").locator(ENTRY)
    expect(elsewhere).to_have_count(1)
    entry.get_by_role("button", name="Delete").click()
    expect(elsewhere).to_have_count(0, timeout=10_000)


def test_deletion_is_completed_when_the_page_is_left(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    elsewhere = open_page("/history").locator(ENTRY)
    expect(elsewhere).to_have_count(1)
    entry.get_by_role("button", name="Delete").click()
    entry.page.goto("/")
    expect(elsewhere).to_have_count(0, timeout=3_000)


def test_corrected_entry_shows_both_texts_everywhere(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    elsewhere = open_page("/history").locator(ENTRY)
    entry.get_by_role("button", name="Correct").click()
    entry.get_by_role("textbox").fill("1")
    entry.get_by_role("button", name="Save").click()
    for shown in (entry, elsewhere):
        expect(shown.locator(".text")).to_have_text("1")
        expect(shown.locator(".original")).to_have_text("read as 7")


def test_correction_with_letters_says_what_to_type(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    problem = entry.get_by_role("alert")
    entry.get_by_role("button", name="Correct").click()
    entry.get_by_role("textbox").press_sequentially("1e")
    expect(problem).to_have_text("Digits and signs only: - . , / : + %, and ? for anything else.")
    expect(entry.get_by_role("textbox")).to_be_focused()
    expect(entry.get_by_role("textbox")).to_have_value("1")
    entry.get_by_role("textbox").fill("1")
    expect(problem).to_be_hidden()
    entry.get_by_role("button", name="Save").click()
    expect(entry.locator(".text")).to_have_text("1")
    expect(entry.page.locator("#message")).to_be_empty()


def test_entry_of_another_browser_has_no_buttons(
    server: ServerProcess, open_page: OpenPage
) -> None:
    upload(server, "7")
    entry = open_page("/history").locator(ENTRY)
    expect(entry).to_be_visible()
    expect(entry.get_by_role("button")).to_have_count(0)


def test_search_shows_matches_and_stays_live(server: ServerProcess, open_page: OpenPage) -> None:
    upload(server, "407", "1")
    page = open_page("/history")
    expect(page.locator(ENTRY)).to_have_count(2)
    page.get_by_role("searchbox").fill("0")
    expect(page.locator(f"{ENTRY} .text")).to_have_text(["407"])
    upload(server, "1", "70")
    expect(page.locator(f"{ENTRY} .text")).to_have_text(["70", "407"])
    page.locator("#filters summary").click()
    page.get_by_label("Source").select_option("Drawn")
    expect(page.locator("#nothing-found")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(ENTRY)).to_have_count(4)


def test_history_fits_the_width_of_a_phone(page: Page, open_page: OpenPage) -> None:
    entry = saved_entry(page, open_page)
    phone = entry.page
    phone.set_viewport_size({"width": 360, "height": 740})
    entry.get_by_role("button", name="Correct").click()
    expect(entry.get_by_role("textbox")).to_be_focused()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


def one_or_seven() -> bytes:
    """Return a picture of a digit that is not read for sure."""
    picture = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(picture)
    pen.line([(75, 52), (105, 40), (100, 100), (95, 160)], fill="black", width=8, joint="curve")
    return encode(picture)


def correct(entry: Locator, text: str) -> None:
    entry.get_by_role("button", name="Correct").press("Enter")
    entry.get_by_role("textbox").fill(text)
    entry.get_by_role("textbox").press("Enter")


def test_corrected_entry_that_leaves_the_filter_passes_the_focus_on(open_page: OpenPage) -> None:
    page = open_page("/history")
    for _ in range(3):
        assert page.request.post("/api/predictions", data=one_or_seven()).ok
    page.goto("/history?status=unsure")
    entries = page.locator(ENTRY)
    expect(entries).to_have_count(3)
    correct(entries.nth(1), "1")
    expect(entries).to_have_count(2)
    expect(entries.nth(1).locator(".open")).to_be_focused()
    correct(entries.nth(1), "1")
    expect(entries).to_have_count(1)
    expect(entries.locator(".open")).to_be_focused()
    correct(entries, "1")
    expect(page.get_by_role("button", name="Show all")).to_be_focused()


def test_deletion_passes_the_focus_on_to_an_entry_of_somebody_else(
    server: ServerProcess, open_page: OpenPage
) -> None:
    upload(server, "7")
    page = open_page("/history")
    assert page.request.post("/api/predictions", data=png("1")).ok
    entries = page.locator(ENTRY)
    expect(entries).to_have_count(2)
    entries.first.get_by_role("button", name="Delete").press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(entries).to_have_count(1)
    expect(entries.locator(".open")).to_be_focused()
