"""Input on the draw page: pressure, eraser, gestures, keys, haptics, paper that rolls on."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FileChooser, Page, expect

from tests.browser.conftest import PHONE, OpenPage
from tests.browser.pen_input import (
    COLUMNS,
    Finger,
    Mouse,
    Pen,
    Point,
    densify,
    drawn,
    follow,
    paths,
    write,
)
from tests.conftest import wait_until
from tests.pictures import STROKES

VIBRATIONS = "globalThis.ticks = 0; navigator.vibrate = () => { ticks += 1; return true; };"
# Predict the pen 40 px further right.
PREDICT = """
PointerEvent.prototype.getPredictedEvents = function () {
  const { clientX, clientY } = this;
  return [new PointerEvent("pointermove", { clientX: clientX + 40, clientY })];
};
"""
# Return whether there is ink at a place of the window.
HAS_INK = """([x, y]) => {
  const pad = document.querySelector("#pad");
  const { left, top } = pad.getBoundingClientRect();
  const at = [x - left, y - top].map((place) => place * devicePixelRatio);
  return pad.getContext("2d").getImageData(...at, 1, 1).data[3] > 0;
}"""


def strokes(page: Page) -> list[dict[str, Any]]:
    """Return the stored strokes, which survive a reload."""
    return list(drawn(page)["strokes"])


def center(page: Page) -> Point:
    pad = page.locator("#pad").bounding_box()
    assert pad
    return pad["x"] + pad["width"] / 2, pad["y"] + pad["height"] / 2


def test_pen_pressure_widens_the_line(page: Page) -> None:
    for pressure in (0.2, 0.9):
        write(page, "1", Pen(page, pressure))
    light, firm = ([point["weight"] for point in stroke["points"]] for stroke in strokes(page))
    assert max(light) < 1 < min(firm)
    expect(page.locator("#reading")).to_have_text("1")


def test_mouse_draws_a_line_of_one_width(page: Page) -> None:
    write(page, "1")
    assert all("weight" not in point for stroke in strokes(page) for point in stroke["points"])


def test_predicted_ink_is_drawn_but_not_kept(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(PREDICT)
    page.reload()
    [path] = paths(page, "1")
    mouse = Mouse(page)
    follow(mouse, path[: len(path) // 2])
    x, y = path[len(path) // 2 - 1]
    wait_until(lambda: page.evaluate(HAS_INK, [x + 25, y]))
    mouse.lift()
    wait_until(lambda: not page.evaluate(HAS_INK, [x + 25, y]))
    assert max(point["x"] for point in strokes(page)[0]["points"]) < x


@pytest.mark.parametrize("choose", ["label:has([value=eraser])", "e"])
def test_eraser_removes_touched_strokes_in_one_step(page: Page, choose: str) -> None:
    write(page, "17", columns=COLUMNS)
    expect(page.locator("#reading")).to_have_text("17")
    if choose == "e":
        page.keyboard.press("e")
    else:
        page.locator(choose).click()
    [seven] = paths(page, "7", column=1, columns=COLUMNS)
    (x, y), mouse = seven[len(seven) // 2], Mouse(page)
    follow(mouse, [(x - 60, y), (x + 60, y)])
    expect(page.locator("#reading")).to_have_text("1")
    mouse.lift()
    assert len(strokes(page)) == 1
    page.locator("#undo").click()
    expect(page.locator("#reading")).to_have_text("17")


def test_eraser_removes_dots_and_strokes_under_a_fast_move(page: Page) -> None:
    x, y = center(page)
    mouse = Mouse(page)
    for path in ([(x - 150, y)], [(x, y - 100), (x, y + 100)]):
        follow(mouse, path)
        mouse.lift()
    assert len(strokes(page)) == 2
    page.keyboard.press("e")
    follow(mouse, [(x - 200, y), (x + 200, y)])
    mouse.lift()
    assert strokes(page) == []


def test_eraser_that_touches_nothing_changes_nothing(page: Page) -> None:
    write(page, "1")
    expect(page.locator("#saved")).to_be_visible()
    page.keyboard.press("e")
    x, y = center(page)
    follow(Mouse(page), [(x + 200, y - 50), (x + 200, y + 50)])
    page.mouse.up()
    assert len(strokes(page)) == 1
    expect(page.locator("#redo")).to_be_disabled()
    expect(page.locator("#saved")).to_be_visible()


@pytest.mark.alone
def test_taps_of_two_and_three_fingers_undo_and_redo(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    page.add_init_script(VIBRATIONS)
    page.reload()
    finger = Finger(page)
    write(page, "1", finger)
    expect(page.locator("#reading")).to_have_text("1")
    x, y = center(page)
    finger.tap((x - 60, y), (x + 60, y))
    expect(page.locator("#reading")).to_be_empty()
    finger.tap((x - 80, y), (x, y), (x + 80, y))
    expect(page.locator("#reading")).to_have_text("1")
    assert len(strokes(page)) == 1
    assert page.evaluate("ticks") >= 2


def test_second_finger_discards_the_stroke(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    x, y = center(page)
    Finger(page).drag((x - 60, y), (x + 60, y), by=80)
    assert strokes(page) == []
    expect(page.locator("#undo")).to_be_disabled()


@pytest.mark.alone
def test_palm_beside_a_pen_does_not_draw(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    x, y = center(page)
    palm = Finger(page)
    palm.press((x + 120, y + 120))
    write(page, "1", Pen(page, 0.5))
    palm.move((x + 110, y + 100))
    palm.lift()
    palm.press((x + 100, y + 140))
    palm.move((x + 60, y + 140))
    palm.lift()
    expect(page.locator("#reading")).to_have_text("1")
    assert len(strokes(page)) == 1


@pytest.mark.alone
def test_paper_rolls_on_at_its_end(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    sheet, finger = page.locator(".sheet"), Finger(page)
    write(page, "40", finger)
    expect(page.locator("#reading")).to_have_text("40")
    wait_until(lambda: sheet.evaluate("sheet => sheet.scrollLeft") > 100)
    for path in paths(page, "7", column=1, columns=2):
        place = page.locator(".paper").bounding_box()
        assert place
        shift = place["x"] + place["width"] * 0.7 - min(x for x, _ in path)
        follow(finger, [(x + shift, y) for x, y in path])
        finger.lift()
    expect(page.locator("#reading")).to_have_text("407")
    before = sheet.evaluate("sheet => sheet.scrollLeft")
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    finger.drag((x - 60, y), (x + 60, y), by=100)
    wait_until(lambda: sheet.evaluate("sheet => sheet.scrollLeft") < before)
    page.locator("#clear").click()
    wait_until(lambda: sheet.evaluate("sheet => sheet.scrollWidth === sheet.clientWidth"))


def write_to(page: Page, text: str, digit_px: float, end_px: float) -> None:
    """Write a number of this height that ends at a place of the visible paper, and rest."""
    sheet, mouse = page.locator(".sheet").bounding_box(), Mouse(page)
    assert sheet
    side = digit_px / 0.76
    top = sheet["y"] + (sheet["height"] - side) / 2
    for column, digit in enumerate(reversed(text)):
        left = sheet["x"] + end_px - (0.76 + 0.6 * column) * side
        for path in STROKES[digit]:
            follow(mouse, densify([(left + x * side / 100, top + y * side / 100) for x, y in path]))
            mouse.lift()
    expect(page.locator("#saved")).to_be_visible()  # after the paper has rolled


@pytest.mark.parametrize(
    ("screen", "number", "digit_px"), [((820, 1180), "4107", 90), ((1280, 800), "407", 197)]
)
def test_paper_rolls_only_if_no_digit_fits(
    open_page: OpenPage, screen: tuple[int, int], number: str, digit_px: int
) -> None:
    width, height = screen
    page = open_page(viewport={"width": width, "height": height})
    sheet = page.locator(".sheet")
    paper_px = sheet.evaluate("sheet => sheet.clientWidth")
    write_to(page, number, digit_px, paper_px - 0.66 * digit_px - 56)
    expect(page.locator("#reading")).to_have_text(number)
    assert sheet.evaluate("sheet => sheet.scrollWidth") == paper_px
    write_to(page, "0", digit_px, paper_px - 16)
    wait_until(lambda: sheet.evaluate("sheet => sheet.scrollLeft") > 0)


def test_paper_does_not_roll_under_a_single_digit(page: Page) -> None:
    write(page, "4")
    expect(page.locator("#saved")).to_be_visible()
    assert page.locator(".sheet").evaluate("sheet => sheet.scrollWidth === sheet.clientWidth")


def test_help_lists_the_keys_and_closes(page: Page) -> None:
    page.keyboard.press("?")
    help = page.get_by_role("dialog")
    expect(help).to_be_visible()
    expect(help).to_contain_text("Ctrl+Z")
    expect(help).to_contain_text("Eraser")
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    page.get_by_role("button", name="Help and shortcuts").click()
    expect(help).to_be_visible()


def test_single_keys_can_be_switched_off(page: Page) -> None:
    write(page, "1")
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#reading")).to_have_text("1")
    page.keyboard.press("Delete")
    page.keyboard.press("e")
    expect(page.locator("[value=eraser]")).not_to_be_checked()
    expect(page.locator("#reading")).to_have_text("1")
    page.keyboard.press("Control+Z")
    expect(page.locator("#reading")).to_have_text("1")


def test_keys_do_what_the_buttons_do(page: Page) -> None:
    choosers: list[FileChooser] = []

    def note(chooser: FileChooser) -> None:
        choosers.append(chooser)

    page.on("filechooser", note)
    page.keyboard.press("3")
    expect(page.get_by_label("Broad pen")).to_be_checked()
    write(page, "7")
    page.keyboard.press("s")
    expect(page.locator("#saved")).to_be_visible()
    page.keyboard.press("Delete")
    expect(page.locator("#reading")).to_be_empty()
    page.keyboard.press("Control+Z")
    expect(page.locator("#reading")).to_have_text("7")
    page.keyboard.press("u")
    wait_until(lambda: page.evaluate("true") and choosers)
