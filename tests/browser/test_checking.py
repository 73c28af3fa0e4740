"""Checking the cells of a photo beside it, by keyboard."""

from __future__ import annotations

import re
from itertools import product

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.photos import choose, photo
from tests.pictures import draw, encode

ROWS = COLUMNS = 10
WRONG = 5
KEY_S = 0.28  # of an average typist (Card, Moran and Newell 1980)
LOOK_S = 0.6  # at a cell and its number on the photo
TWO_MINUTES_S = 120


def numbers() -> list[list[str]]:
    digits = "40717"
    return [
        [digits[row % 5] + digits[(row + column) % 5] for column in range(COLUMNS)]
        for row in range(ROWS)
    ]


def table(cells: list[list[str]]) -> bytes:
    """Return a photo of a table."""
    picture = Image.new("RGB", (2200, 1300), "white")
    for row, line in enumerate(cells):
        for column, number in enumerate(line):
            picture.paste(draw(number, digit_px=56, pen_px=6), (30 + 215 * column, 40 + 124 * row))
    return encode(picture)


@pytest.fixture
def checked(page: Page) -> Page:
    """The draw page with a photo of 100 cells on its list, of which the reading had 5 wrong."""
    written = numbers()
    for place in range(WRONG):
        written[2 * place][place] = "88"  # what the user knows to be another number
    choose(page, photo(table(written), "marks.png"))
    page.get_by_role("button", name="Back to the drawing").click()
    page.locator("#list .check").click()
    expect(page.locator("#check")).to_be_visible()
    return page


class Keyboard:
    """The page's keyboard, which counts its keys."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.count = 0

    def press(self, key: str) -> None:
        self.count += 1
        self._page.keyboard.press(key)

    def correct(self, row: int, column: int, number: str) -> None:
        """Go to a cell with the arrow keys and type what it says."""
        while (at := self._place()) != (row, column):
            if at is None:
                self.press("Shift+Tab")
            elif at[0] != row:
                self.press("ArrowDown" if at[0] < row else "ArrowUp")
            else:
                self.press("ArrowRight" if at[1] < column else "ArrowLeft")
        for key in [*number, "Enter"]:
            self.press(key)

    def _place(self) -> tuple[int, int] | None:
        """Return the row and column of the focused cell."""
        label = self._page.evaluate("document.activeElement.ariaLabel") or ""
        found = re.match(r"Row (\d+), column (\d+)", label)
        return (int(found[1]) - 1, int(found[2]) - 1) if found else None


def test_hundred_cells_are_checked_in_two_minutes(checked: Page, open_page: OpenPage) -> None:
    keyboard, right = Keyboard(checked), numbers()
    cells = checked.locator("#check td input")
    expect(cells).to_have_count(ROWS * COLUMNS)
    shown = cells.evaluate_all("fields => fields.map((field) => field.value)")
    wrong = [
        (row, column)
        for row, column in product(range(ROWS), range(COLUMNS))
        if shown[row * COLUMNS + column] != right[row][column]
    ]
    assert len(wrong) >= WRONG
    for row, column in wrong:
        keyboard.correct(row, column, right[row][column])
    checked.locator("#check-done").press("Enter")
    expect(checked.locator("#check")).to_be_hidden()
    seconds = (keyboard.count + 1) * KEY_S + ROWS * COLUMNS * LOOK_S
    print(f"{len(wrong)} wrong, {keyboard.count + 1} keys, about {seconds:.0f} s")
    assert seconds < TWO_MINUTES_S
    history = open_page("/history", beside=checked)
    text = history.locator("[data-entry-id] .text")
    expect(text).to_be_visible()
    assert text.evaluate("element => element.textContent") == "\n".join(map("\t".join, right))


def test_row_of_the_cell_is_marked_on_the_photo(checked: Page) -> None:
    page = checked
    page.locator("#check td input").nth(34).focus()
    mark = page.locator("#check .mark").bounding_box()
    frame = page.locator("#check img").bounding_box()
    assert mark
    assert frame
    middle = (mark["y"] + mark["height"] / 2 - frame["y"]) / frame["height"]
    assert abs(middle - (40 + 124 * 3 + 28) / 1300) < 0.02


def test_letter_in_a_cell_is_refused(checked: Page) -> None:
    page = checked
    page.locator("#check td input").first.focus()
    page.keyboard.type("4x")
    page.keyboard.press("Enter")
    expect(page.locator("#check .problem")).to_contain_text("Digits and signs only")
    expect(page.locator("#check td input").first).to_be_focused()
    page.locator("#check-done").click()
    expect(page.locator("#check")).to_be_visible()
    expect(page.locator("#check td input").first).to_be_focused()


def test_enter_and_tab_go_to_the_next_unsure_cell(page: Page) -> None:
    choose(page, photo(table([["40", "1W", "7"], ["K", "17", "4"]]), "marks.png"))
    page.get_by_role("button", name="Back to the drawing").click()
    page.locator("#list .check").click()
    unsure = page.locator("#check .unsure")
    expect(unsure).to_have_count(2)
    expect(unsure.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(unsure.last).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#check-done")).to_be_focused()
    unsure.last.focus()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(unsure).to_have_count(1)
    expect(unsure).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#list .check").click()
    expect(page.locator("#check-left")).to_have_text("1 to check")
    expect(unsure).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator("#check-done")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#list .number")).to_contain_text("12")
