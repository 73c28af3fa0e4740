"""The draw page: live readings, undo, and drawings that survive a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import Finger, Mouse, Pointer, follow, paths, write


def bars(page: Page) -> str:
    """Return the contents of the ten bars."""
    return str(page.locator("#bars").evaluate("bars => bars.innerHTML"))


def expect_bars_other_than(page: Page, shown: str) -> None:
    script = "shown => document.querySelector('#bars').innerHTML !== shown"
    page.wait_for_function(script, arg=shown)


@pytest.mark.parametrize("kind", [Mouse, Finger])
def test_prediction_changes_while_the_pen_is_down(
    open_page: OpenPage, kind: type[Mouse] | type[Finger]
) -> None:
    page = open_page(**PHONE)
    pointer: Pointer = kind(page)
    [path] = paths(page, "7")
    follow(pointer, path[: len(path) // 3])
    expect(page.locator("#reading")).not_to_be_empty()
    early = bars(page)
    for point in path[len(path) // 3 :]:
        pointer.move(point)
    expect_bars_other_than(page, early)
    expect(page.locator("#saved")).to_be_hidden()
    pointer.lift()


def test_number_is_read(page: Page) -> None:
    write(page, "407")
    expect(page.locator("#reading")).to_have_text("407")
    expect(page.locator("#confidence")).to_contain_text("%")
    expect(page.locator("#round-trip")).to_contain_text("ms")


def test_digit_is_read_in_the_dark_theme(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")


def test_undo_and_redo_step_through_the_strokes(page: Page) -> None:
    write(page, "1", columns=2)
    expect(page.locator("#reading")).to_have_text("1")
    write(page, "17")
    expect(page.locator("#reading")).not_to_have_text("1")
    page.locator("#undo").click()
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("1")
    page.keyboard.press("Control+Z")
    expect(page.locator("#reading")).to_be_empty()
    expect(page.locator("#undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator("#reading")).to_have_text("1")


def test_clear_empties_the_pad_and_can_be_undone(page: Page) -> None:
    write(page, "7")
    expect(page.locator("#reading")).to_have_text("7")
    page.locator("#clear").click()
    expect(page.locator("#reading")).to_be_empty()
    expect(page.locator("#confidence")).to_be_empty()
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("7")


def test_drawing_survives_a_resize(page: Page) -> None:
    write(page, "7")
    page.set_viewport_size({"width": 400, "height": 700})
    page.locator("#clear").click()
    page.set_viewport_size({"width": 900, "height": 600})
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("7")


def test_drawing_survives_a_reload(page: Page) -> None:
    write(page, "7")
    page.reload()
    expect(page.locator("#reading")).to_have_text("7")
    expect(page.locator("#saved")).to_be_visible()


def test_touch_on_the_pad_does_not_scroll_the_page(open_page: OpenPage) -> None:
    page = open_page(**PHONE | {"viewport": {"width": 360, "height": 400}})
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight")
    write(page, "1", Finger(page))
    expect(page.locator("#reading")).not_to_be_empty()
    assert page.evaluate("scrollY") == 0


def test_page_fits_the_screen_of_a_phone(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    write(page, "7", Finger(page))
    expect(page.locator("#saved")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for part in ("#panel", ".paper", "#next", "#continue", "#list-name"):
        box = page.locator(part).bounding_box()
        assert box
        assert 0 <= box["y"] <= 740 - box["height"], part
