"""The statistics page: with no, one and many entries, live, and by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.benchmark.history import fill
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.test_accessibility import NARROW, WIDTHS, violations
from tests.browser.test_history import upload
from tests.conftest import ServerProcess, wait_until
from tests.databases import database_url
from tests.pictures import png

MANY = 2_000
SECTIONS = 7
PLOTS = ".plot:visible"
# The colors of all pixels of a plot that are not transparent.
COLORS = """plot => {
  const canvas = plot.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colors = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) colors.add(data.slice(at, at + 3).join());
  }
  return [...colors].sort();
}"""


@pytest.fixture
def many(server: ServerProcess) -> ServerProcess:
    """A server with many entries, of which every twentieth is checked."""
    fill(database_url(server.data_dir), MANY)
    return server


def check(page: Page, read: str, written: str) -> None:
    """Upload a number as this browser, and correct it."""
    entry = page.request.post("/api/predictions", data=png(read)).json()["entry"]
    corrected = page.request.patch(f"/api/predictions/{entry['id']}", data={"text": written})
    assert corrected.ok


def test_nothing_yet_is_said_in_every_section(open_page: OpenPage) -> None:
    page = open_page("/statistics")
    expect(page.locator(".said")).to_contain_text(["Nothing yet —"] * SECTIONS)
    expect(page.locator("#readings")).to_have_text("0")
    expect(page.locator("#right")).to_have_text("–")
    expect(page.locator("main :is(canvas, table, details):visible")).to_have_count(0)
    assert violations(page) == []


def test_one_entry_is_counted(server: ServerProcess, open_page: OpenPage) -> None:
    upload(server, "7")
    page = open_page("/statistics")
    expect(page.locator("#readings")).to_have_text("1")
    expect(page.locator("#per-period .said")).to_contain_text("1 reading in 1 day; most in one day")
    expect(page.locator("#digits .said")).to_have_text("1 digit was read.")
    expect(page.locator("#accuracy .said")).to_contain_text("Nothing yet")
    expect(page.locator(PLOTS)).to_have_count(1)


def test_many_entries_are_counted(many: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("/statistics", at=many)
    expect(page.locator("#readings")).to_have_text(f"{MANY:,}")
    expect(page.locator("#checked")).to_have_text("100")
    expect(page.locator("#right")).to_have_text("90%")
    expect(page.locator("#accuracy .said")).to_have_text(
        re.compile("^90 of 100 checked readings were right.")
    )
    expect(page.locator("#digits tbody tr")).to_have_count(10)
    expect(page.locator("#mistakes li")).to_have_count(5)
    expect(page.locator(PLOTS)).to_have_count(3)


def test_page_follows_changes_without_a_reload(open_page: OpenPage) -> None:
    page = open_page("/statistics")
    expect(page.locator("#readings")).to_have_text("0")
    page.evaluate("globalThis.isSame = true")
    check(page, "7", "1")
    expect(page.locator("#checked")).to_have_text("1")
    expect(page.locator("#mistakes li")).to_have_text("1 read as 7, once")
    [entry] = page.request.get("/api/predictions").json()["entries"]
    page.request.delete(f"/api/predictions/{entry['id']}")
    expect(page.locator("#readings")).to_have_text("0")
    expect(page.locator("#confusion table")).to_be_hidden()
    assert page.evaluate("isSame")


def test_guest_sees_everybody_or_only_their_own(server: ServerProcess, open_page: OpenPage) -> None:
    upload(server, "7", "7")
    page = open_page("/statistics")
    page.request.post("/api/predictions", data=png("7"))
    expect(page.locator("#readings")).to_have_text("3")
    page.get_by_label("Only mine").check()
    expect(page.locator("#readings")).to_have_text("1")
    upload(server, "7")
    page.request.post("/api/predictions", data=png("7"))
    expect(page.locator("#readings")).to_have_text("2")
    page.get_by_label("Only mine").uncheck()
    expect(page.locator("#readings")).to_have_text("5")


def test_plot_is_read_by_the_arrow_keys(many: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("/statistics", at=many)
    plot = page.get_by_role("slider", name="Readings per day")
    plot.focus()
    page.keyboard.press("Home")
    expect(plot).to_have_attribute("aria-valuetext", f"Jan 1, 2026: {MANY:,} readings")
    expect(page.locator("#per-period .point")).to_have_text(f"Jan 1, 2026: {MANY:,} readings")
    page.get_by_role("slider", name="nine times of ten").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#certainty .point")).to_contain_text("90% right, 90 of 100")


def test_plot_has_the_same_numbers_as_a_table(many: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("/statistics", at=many)
    page.locator("#certainty summary").press("Enter")
    expect(page.locator("#certainty tbody tr")).to_have_text(["99% to 100%10090%"])
    page.locator("#accuracy summary").press("Enter")
    expect(page.locator("#accuracy tbody tr")).to_have_text(["Jan 1, 202610090%"])


def test_cell_opens_its_pictures_in_pages(many: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("/statistics", at=many)
    cell = page.get_by_role("button", name="7 read right, 29 times")
    cell.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="7 read right, 29 times")
    expect(dialog.get_by_role("link")).to_have_count(24)
    dialog.get_by_role("button", name="Show more").click()
    expect(dialog.get_by_role("link")).to_have_count(25)  # four have two
    expect(dialog.get_by_role("button", name="Show more")).to_be_hidden()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()


def test_picture_behind_a_cell_leads_to_its_entry(open_page: OpenPage) -> None:
    page = open_page("/statistics")
    check(page, "7", "1")
    page.get_by_role("button", name="1 read as 7, once").last.click()
    page.get_by_role("link", name="1, read as 7").click()
    expect(page.locator("#large .text")).to_have_text("1")


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_page_with_many_entries_has_no_violation(
    many: ServerProcess, open_page: OpenPage, device: dict[str, Any]
) -> None:
    page = open_page("/statistics", at=many, **device)
    expect(page.locator(PLOTS)).to_have_count(3)
    for summary in page.locator("summary:visible").all():
        summary.click()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_page_at_320_px_does_not_scroll_sideways(many: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("/statistics", at=many, viewport=NARROW)
    expect(page.locator(PLOTS)).to_have_count(3)
    for summary in page.locator("summary:visible").all():
        summary.click()
    assert page.evaluate(WIDTHS) == [320, 320]
    page.get_by_role("button", name="read right").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(WIDTHS) == [320, 320]


def test_plots_take_the_colors_of_the_theme(many: ServerProcess, open_page: OpenPage) -> None:
    page = open_page("/statistics", at=many, color_scheme="light")
    plot = page.locator("#per-period .plot")
    expect(plot.locator("canvas")).to_be_visible()
    light = plot.evaluate(COLORS)
    page.emulate_media(color_scheme="dark")
    wait_until(lambda: not set(light) & set(plot.evaluate(COLORS)))
    page.emulate_media(color_scheme="light", forced_colors="active")
    wait_until(lambda: not set(light) & set(plot.evaluate(COLORS)))
    assert len(plot.evaluate(COLORS)) > 1
