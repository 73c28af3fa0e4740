"""Boxes over the digits of a number, and the bars of the digit that is pointed at."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import COLUMNS, Finger, Mouse, densify, drawn, follow, paths, write
from tests.conftest import wait_until
from tests.pictures import STROKES

ANSWER = ".bar.answer .digit"


@pytest.fixture
def number(page: Page) -> Page:
    """The draw page with 407 on it."""
    write(page, "407", columns=COLUMNS)
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#boxes li")).to_have_count(3)
    return page


def test_boxes_lie_around_the_digits(number: Page) -> None:
    for column, digit in enumerate("407"):
        points = [point for path in paths(number, digit, column, COLUMNS) for point in path]
        across, down = zip(*points, strict=True)
        ends = pytest.approx([min(across), min(down), max(across), max(down)], abs=16)
        wait_until(lambda column=column, ends=ends: box_ends(number, column) == ends)


def box_ends(page: Page, column: int) -> list[float]:
    """Return the left, top, right and bottom of a digit's box."""
    box = page.locator("#boxes li").nth(column).bounding_box()
    assert box
    return [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]]


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


def test_tapped_button_shows_keys_and_draws_no_dot(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    finger = Finger(page)
    write(page, "17", finger)
    expect(page.locator("#reading")).to_have_text("17")
    button = page.get_by_role("button", name="Digit 2 of 2: 7").bounding_box()
    assert button
    finger.tap((button["x"] + button["width"] / 2, button["y"] + button["height"] / 2))
    expect(page.locator("#caption")).to_contain_text("Digit 2 of 2")
    expect(page.locator("#boxes")).to_have_css("opacity", "1")
    expect(page.locator("#digit-keys .answer .digit")).to_have_text("7")
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


@pytest.mark.parametrize("below_top_px", [0, 60])
def test_small_boxes_show_their_signs_under_the_ink(page: Page, below_top_px: int) -> None:
    sheet, mouse = page.locator(".sheet").bounding_box(), Mouse(page)
    assert sheet
    left, top = sheet["x"] + 60, sheet["y"] + below_top_px
    for column, sign in enumerate("4.7"):
        for path in STROKES[sign]:
            points = [(left + 0.5 * (x + 70 * column), top + 0.5 * y) for x, y in path]
            follow(mouse, densify(points))
            mouse.lift()
    expect(page.locator("#reading")).to_have_text("4.7")
    buttons = page.locator("#boxes .small button")
    expect(buttons).to_have_text(["4", ".", "7"])
    for button in buttons.all():
        expect(button).to_have_css("opacity", "1")
        place, box = button.bounding_box(), button.locator("..").bounding_box()
        assert place
        assert box
        assert place["y"] >= sheet["y"]
        assert place["y"] + place["height"] <= box["y"] or place["y"] >= box["y"] + box["height"]
        assert place["height"] <= 16
    follow(mouse, [(place["x"] - 30, place["y"] + 8), (place["x"] + 40, place["y"] + 8)])
    ink = page.evaluate("getComputedStyle(document.querySelector('#pad')).color")
    across = {"x": place["x"], "y": place["y"] + 8, "width": place["width"], "height": 1}
    picture = Image.open(BytesIO(page.screenshot(clip=across))).convert("RGB")
    assert set(picture.get_flattened_data()) == {ImageColor.getrgb(ink)}
    mouse.lift()


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
