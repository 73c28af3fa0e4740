"""A table of ten columns: every cell can be seen wherever its reading is shown."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.photos import choose, photo
from tests.browser.test_checking import numbers, table
from tests.conftest import ServerProcess
from tests.pictures import png

SIZES = [(360, 740), (800, 400), (820, 1180), (1440, 900)]
SCREENS = [*SIZES, (1024, 768), (1180, 820), (1279, 650), (1280, 720), (1366, 650)]
# Whether no line is broken, and none is longer than its box.
FITS = """element => {
  const topsOf = (line) => new Set([...line.getClientRects()].map(({ top }) => top));
  const isWhole = (line) => topsOf(line).size === 1;
  const isInside = element.scrollWidth <= element.clientWidth;
  return isInside && [...element.querySelectorAll(".line")].every(isWhole);
}"""
# Whether any two of the elements overlap.
OVERLAP = """elements => {
  const boxes = elements.map((element) => element.getBoundingClientRect());
  const overlap = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  return boxes.some((one, index) => boxes.slice(index + 1).some((other) => overlap(one, other)));
}"""
IS_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(params=SIZES, ids=str)
def screen(request: pytest.FixtureRequest) -> dict[str, Any]:
    width, height = request.param
    return {"viewport": {"width": width, "height": height}, "is_mobile": width < 820}


def upload_table(page: Page) -> None:
    choose(page, photo(table(numbers()), "marks.png"))
    expect(page.locator(".upload-row[data-state=read]")).to_have_count(1)


def test_table_fits_the_reading_panel(open_page: OpenPage, screen: dict[str, Any]) -> None:
    page = open_page(**screen)
    upload_table(page)
    expect(page.locator("#reading .line")).to_have_count(10)
    assert page.locator(".result").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert not page.evaluate(IS_WIDE)


def test_table_fits_the_check_dialog(open_page: OpenPage, screen: dict[str, Any]) -> None:
    page = open_page(**screen)
    upload_table(page)
    page.get_by_role("button", name="Back to the drawing").click()
    page.locator("#list .check").click()
    expect(page.locator("#check td input")).to_have_count(100)
    assert page.locator(".check-cells").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.locator("#check").evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


def test_table_fits_the_history_and_the_large_view(
    open_page: OpenPage, screen: dict[str, Any]
) -> None:
    page = open_page("/history", **screen)
    assert page.request.post("/api/predictions", data=table(numbers())).ok
    expect(page.locator(".entry .line")).to_have_count(10)
    assert page.locator(".entry .text").evaluate(FITS)
    page.locator(".entry .open").click()
    expect(page.locator("#large .line")).to_have_count(10)
    assert page.locator("#large .text").evaluate(FITS)
    assert not page.evaluate(IS_WIDE)


def test_printed_table_keeps_its_rows(open_page: OpenPage, screen: dict[str, Any]) -> None:
    page = open_page("/history", **screen)
    assert page.request.post("/api/predictions", data=table(numbers())).ok
    page.goto("/history/print")
    number = page.locator(".number.table")
    expect(number).to_have_css("white-space", "pre")
    assert number.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
    assert not page.evaluate(IS_WIDE)


def test_labels_of_small_digits_cover_no_other(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    upload_table(page)
    labels = page.locator("#photo-boxes button")
    expect(labels.first).to_have_css("opacity", "0")
    labels.nth(3).focus()
    expect(labels.nth(3)).to_have_css("opacity", "1")


@pytest.mark.parametrize("text", ["407", "8"])
def test_label_of_a_large_digit_is_outside_its_box(open_page: OpenPage, text: str) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    choose(page, photo(png(text)))
    expect(page.locator("#photo-boxes li")).to_have_count(len(text))
    box = page.locator("#photo-boxes li").first.bounding_box()
    label = page.locator("#photo-boxes li button").first.bounding_box()
    assert box
    assert label
    assert label["y"] + label["height"] <= box["y"] or label["y"] >= box["y"] + box["height"]


def test_labels_of_two_lines_cover_nothing(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 1440, "height": 1000})
    choose(page, photo(png("407\n814")))
    labels = page.locator("#photo-boxes button")
    expect(labels).to_have_count(6)
    expect(labels.first).to_have_css("opacity", "1")
    assert not page.locator("#photo-boxes :is(li, button)").evaluate_all(OVERLAP)


@pytest.mark.parametrize("text", ["4", "407\n814"])
def test_parts_of_the_panel_never_overlap(open_page: OpenPage, text: str) -> None:
    page = open_page()
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        choose(page, photo(png(text)))
        expect(page.locator("#reading .line")).to_have_count(len(text.split()))
        expect(page.locator("#saved")).to_be_visible()
        parts = page.locator("#reading, #confidence, #bars, .about-digit, #saved")
        assert not parts.evaluate_all(OVERLAP), (width, height)


def test_photo_of_a_table_is_wide_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 360, "height": 740})
    upload_table(page)
    expect(page.locator("#photo-boxes li")).not_to_have_count(0)
    shown = page.locator("#photo").bounding_box()
    assert shown
    assert shown["width"] >= 280


def test_photo_of_a_table_is_whole_beside_its_cells_on_a_tablet(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 820, "height": 1180})
    upload_table(page)
    page.get_by_role("button", name="Back to the drawing").click()
    page.locator("#list .check").click()
    expect(page.locator("#check td input")).to_have_count(100)
    for part in (".check-photo", ".check-cells"):
        assert page.locator(part).evaluate("box => box.scrollHeight <= box.clientHeight")


def test_photo_is_dimmed_in_the_dark(browser: Browser, server: ServerProcess) -> None:
    page = browser.new_page(base_url=server.url, color_scheme="dark")
    assert page.request.post("/api/predictions", data=png("7")).ok
    page.goto("/history")
    expect(page.locator(".preview")).to_have_css("filter", "brightness(0.8)")
    page.close()
