"""Boxes over the digits of a number, and the bars of the digit that is pointed at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import Finger, drawn, paths, write
from tests.conftest import wait_until

ANSWER = ".bar.answer .digit"

COLUMNS = 5  # two are left free: a full paper rolls on half a second after the last stroke


@pytest.fixture
def number(page: Page) -> Page:
    """The draw page with 407 on it."""
    write(page, "407", columns=COLUMNS)
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#boxes li")).to_have_count(3)
    return page


def test_boxes_lie_around_the_digits(number: Page) -> None:
    for column, digit in enumerate("407"):
        box = number.locator("#boxes li").nth(column).bounding_box()
        assert box
        points = [point for path in paths(number, digit, column, COLUMNS) for point in path]
        for start, length, places in (
            (box["x"], box["width"], [x for x, _ in points]),
            (box["y"], box["height"], [y for _, y in points]),
        ):
            assert start == pytest.approx(min(places), abs=16)
            assert start + length == pytest.approx(max(places), abs=16)


def test_digit_under_the_mouse_shows_its_bars(number: Page) -> None:
    for column, digit in enumerate("407"):
        box = number.locator("#boxes li").nth(column).bounding_box()
        assert box
        number.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(number.locator(ANSWER)).to_have_text(digit)
        expect(number.locator("#caption")).to_contain_text(f"Digit {column + 1} of 3")


def test_focused_digit_shows_its_bars(number: Page) -> None:
    number.get_by_role("button", name="Digit 2 of 3: 0").focus()
    expect(number.locator(ANSWER)).to_have_text("0")
    expect(number.locator("#caption")).to_contain_text("Digit 2 of 3")
    number.keyboard.press("Tab")
    expect(number.locator(ANSWER)).to_have_text("7")


def test_tapped_button_shows_bars_and_draws_no_dot(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    finger = Finger(page)
    write(page, "17", finger)
    expect(page.locator("#reading")).to_have_text("17")
    button = page.get_by_role("button", name="Digit 2 of 2: 7").bounding_box()
    assert button
    finger.tap((button["x"] + button["width"] / 2, button["y"] + button["height"] / 2))
    expect(page.locator("#caption")).to_contain_text("Digit 2 of 2")
    expect(page.locator("#boxes")).to_have_css("opacity", "1")
    expect(page.locator(ANSWER)).to_have_text("7")
    expect(page.locator("#reading")).to_have_text("17")


def test_stroke_that_starts_on_a_button_is_drawn(number: Page) -> None:
    button = number.get_by_role("button", name="Digit 3 of 3: 7").bounding_box()
    assert button
    x, y = button["x"] + 5, button["y"] + 5
    number.mouse.move(x, y)
    number.mouse.down()
    number.mouse.move(x + 100, y)
    number.mouse.up()
    number.locator("#undo").click()
    expect(number.locator("#reading")).to_have_text("407")


def test_single_digit_has_no_box(page: Page) -> None:
    [path] = paths(page, "7")
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#boxes li")).to_have_css("opacity", "0")
    page.mouse.move(*path[len(path) // 2])
    expect(page.locator("#boxes li")).to_have_css("opacity", "1")


def test_clear_removes_the_boxes(number: Page) -> None:
    number.locator("#clear").click()
    expect(number.locator("#boxes li")).to_have_count(0)


def test_boxes_follow_their_digits_on_resize(number: Page) -> None:
    number.set_viewport_size({"width": 1280, "height": 700})
    wait_until(lambda: abs(first_box_error_px(number)) < 16)


def first_box_error_px(page: Page) -> float:
    """Return how far the first box begins from the ink of its digit."""
    pad = page.locator("#pad").bounding_box()
    box = page.locator("#boxes li").first.bounding_box()
    assert pad
    assert box
    ink = drawn(page)
    left = min(point["x"] for point in ink["strokes"][0]["points"])
    return float(box["x"] - (pad["x"] + left * pad["height"] / ink["height"]))
