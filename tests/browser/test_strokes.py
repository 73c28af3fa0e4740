"""Writing of any size with any pen, and other texts to choose from."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from scripts.benchmark.browser import FrameRecorder
from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import Mouse, Pen, Point, Pointer, follow, write
from tests.pictures import STROKES

ENTRY = "[data-entry-id]"
STEPS = 3  # between two corners of a small digit


def write_small(page: Page, text: str, digit_px: float, pitch: float, pointer: Pointer) -> None:
    """Write digits of this height from the left of the pad, in its middle."""
    pad = page.locator("#pad").bounding_box()
    assert pad is not None
    for column, digit in enumerate(text):
        left = pad["x"] + 40 + column * pitch * digit_px
        top = pad["y"] + pad["height"] / 2
        for stroke in STROKES[digit]:
            corners = [(left + x * digit_px / 76, top + y * digit_px / 76) for x, y in stroke]
            follow(pointer, between(corners))
            pointer.lift()


def between(corners: list[Point]) -> list[Point]:
    """Return corners with points between them."""
    return corners[:1] + [
        (x0 + (x1 - x0) * step / STEPS, y0 + (y1 - y0) * step / STEPS)
        for (x0, y0), (x1, y1) in pairwise(corners)
        for step in range(1, STEPS + 1)
    ]


@pytest.mark.parametrize("pen", ["Fine", "Medium", "Broad"])
@pytest.mark.parametrize("digit_px", [16, 40])
def test_small_writing_is_read_with_every_pen(page: Page, digit_px: float, pen: str) -> None:
    page.get_by_role("radio", name=f"{pen} pen").check(force=True)
    write_small(page, "40728", digit_px, 1.2, Mouse(page))
    expect(page.locator("#reading")).to_have_text("40728")


def test_digits_that_overlap_are_read(page: Page) -> None:
    write_small(page, "3802", 120, 0.42, Mouse(page))
    expect(page.locator("#reading")).to_have_text("3802")


def test_saved_drawing_is_read_from_its_strokes(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    page.get_by_role("radio", name="Broad pen").check(force=True)
    write_small(page, "4028", 20, 1.2, Mouse(page))
    page.locator("#save").click()
    expect(history.locator(f"{ENTRY} .text")).to_have_text("4028")


def test_drawing_is_kept_as_it_was_drawn(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    page.get_by_role("radio", name="Broad pen").check(force=True)
    write_small(page, "1", 30, 1.2, Mouse(page))
    page.locator("#save").click()
    picture = history.locator(f"{ENTRY} img")
    expect(picture).to_be_visible()
    width, height = picture.evaluate(
        "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    )
    assert width > 26  # the broad pen's
    assert height > 50


def test_pen_starts_fine_until_another_is_chosen(page: Page) -> None:
    fine, medium = (page.get_by_role("radio", name=f"{name} pen") for name in ("Fine", "Medium"))
    expect(medium).to_be_checked()
    write(page, "1", Pen(page, 0.5))
    expect(fine).to_be_checked()
    medium.check(force=True)
    write(page, "1", Pen(page, 0.5))
    expect(medium).to_be_checked()


def test_frame_is_small(open_page: OpenPage) -> None:
    page = open_page()
    recorder = FrameRecorder()
    page.on("websocket", recorder.listen)
    page.reload()
    expect_connected(page)
    write(page, "4728")
    expect(page.locator("#reading")).to_have_text("4728")
    assert recorder.sizes
    assert median(recorder.sizes) <= 1_000


def test_alternative_is_taken_by_one_tap(page: Page, open_page: OpenPage) -> None:
    history = open_page("/history", beside=page)
    write(page, "4i")
    read = page.locator("#reading").inner_text
    expect(page.locator("#alternatives button").first).to_be_visible()
    assert read() in ("41", "47")
    other = {"41": "47", "47": "41"}[read()]
    page.locator("#alternatives").get_by_text(other, exact=True).click()
    expect(page.locator("#saved-text")).to_have_text(f"Corrected to {other}")
    expect(history.locator(f"{ENTRY} .text")).to_have_text(other)


def test_alternative_of_a_saved_drawing_is_taken(page: Page) -> None:
    write(page, "4i")
    expect(page.locator("#saved")).to_be_visible()
    other = page.locator("#alternatives button").first
    text = other.inner_text()
    other.click()
    expect(page.locator("#saved-text")).to_have_text(f"Corrected to {text}")


def test_alternatives_go_with_their_drawing(page: Page) -> None:
    write(page, "4i")
    expect(page.locator("#alternatives button").first).to_be_visible()
    page.locator("#clear").click()
    expect(page.locator("#alternatives")).to_be_empty()
