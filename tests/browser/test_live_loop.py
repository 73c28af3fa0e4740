"""The live loop on the wire: seldom enough, one frame at a time, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from math import cos, sin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.hand import Mouse, drawn, paths, write
from tests.conftest import ServerProcess, wait_until

pytestmark = pytest.mark.alone

FRAME_INTERVAL_MS = 33
PATIENCE_MS = 500
DIGIT_SIDE_PX = 56
WIDTH_PX, HEIGHT_PX = 400, 144

# Notes when a frame leaves and when a prediction comes.
TAP = """
globalThis.wire = [];
const note = (event, data) => {
  if (String(data).includes(`["${event}"`)) wire.push([event, performance.now()]);
};
globalThis.WebSocket = class extends WebSocket {
  constructor(...address) {
    super(...address);
    this.addEventListener("message", ({ data }) => note("prediction", data));
  }
  send(data) {
    note("frame", data);
    super.send(data);
  }
};
"""

# Reports every move of the pen as three, as a fast pen's are.
COALESCE = """
PointerEvent.prototype.getCoalescedEvents = function () {
  const { pointerId, buttons, clientX, clientY } = this;
  return [-4, -2, 0].map((x) => {
    const move = { pointerId, buttons, clientX: clientX + x, clientY, cancelable: true };
    return new PointerEvent("pointermove", move);
  });
};
"""
# The size of the picture of one stroke.
PICTURE_SIZE = """async (points) => {
  const { inkPicture, LIVE } = await import("/static/scripts/drawing/ink-picture.js");
  const { image } = await inkPicture([{ radius_px: 8, points }], LIVE);
  const { width, height } = await createImageBitmap(new Blob([image]));
  return [width, height];
}"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., ServerProcess]) -> ServerProcess:
    """One for all: nothing here looks at the history."""
    return serve()


@pytest.fixture
def tapped(open_page: OpenPage) -> Page:
    """The draw page, with what goes over its wire in `wire`."""
    page = open_page()
    page.add_init_script(TAP)
    page.reload()
    expect_connected(page)
    return page


def scribble(page: Page, seconds: float) -> None:
    """Move the pen in a growing spiral, without a pause."""
    x, y = paths(page, "1")[0][20]
    mouse = Mouse(page)
    mouse.press((x, y))
    start = time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        mouse.move((x + 120 * passed * cos(9 * passed), y + 120 * passed * sin(9 * passed)))
    mouse.lift()


def test_frames_while_the_pen_moves_are_at_most_one_in_33_ms(tapped: Page) -> None:
    scribble(tapped, seconds=1)
    frames = [at_ms for event, at_ms in tapped.evaluate("wire") if event == "frame"]
    assert len(frames) > 5
    assert min(later - earlier for earlier, later in pairwise(frames)) >= FRAME_INTERVAL_MS - 1


def test_frames_while_the_pen_moves_are_never_two_in_flight(tapped: Page) -> None:
    scribble(tapped, seconds=1)
    for (event, at_ms), (next_event, next_at_ms) in pairwise(tapped.evaluate("wire")):
        two_in_flight = event == next_event == "frame"
        assert not two_in_flight or next_at_ms - at_ms >= PATIENCE_MS


def test_frame_when_the_pen_has_only_touched_then_none_until_it_moves_or_lifts(
    tapped: Page,
) -> None:
    mouse = Mouse(tapped)
    [path] = paths(tapped, "1")
    mouse.press(path[0])
    mouse.move((path[0][0] + 1, path[0][1] + 1))
    tapped.wait_for_timeout(PATIENCE_MS)
    assert tapped.evaluate("wire") == []
    mouse.move(path[-1])
    expect(tapped.locator("#reading")).to_have_text("1")
    mouse.lift()
    tapped.locator("#clear").click()
    sent = tapped.evaluate("wire.length")
    mouse.press(path[0])
    mouse.lift()
    wait_until(lambda: tapped.evaluate("wire.length") > sent)


def test_frame_when_nothing_has_changed_is_not_sent_again(tapped: Page) -> None:
    write(tapped, "7")
    expect(tapped.locator("#saved")).to_be_visible()
    sent = tapped.evaluate("wire.length")
    tapped.set_viewport_size({"width": 1280, "height": 801})
    tapped.mouse.move(5, 5)
    tapped.locator("#save").click()
    expect(tapped.locator("#saved")).to_be_visible()
    assert tapped.evaluate("wire.length") == sent


@pytest.mark.parametrize("end", [(30, 900), (2000, 40), (900, 900), (2000, 1500)])
def test_picture_of_a_large_drawing_is_small(page: Page, end: tuple[int, int]) -> None:
    points = [{"x": 0, "y": 0}, {"x": end[0], "y": end[1]}]
    width, height = page.evaluate(PICTURE_SIZE, points)
    assert width <= WIDTH_PX
    assert height <= HEIGHT_PX


def test_picture_of_a_digit_is_smaller(page: Page) -> None:
    width, height = page.evaluate(PICTURE_SIZE, [{"x": 0, "y": 0}, {"x": 180, "y": 300}])
    assert min(width, height) <= DIGIT_SIDE_PX


def test_stroke_when_the_pen_is_fast_keeps_all_its_points(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(COALESCE)
    page.reload()
    [path] = paths(page, "1")
    write(page, "1")
    [stroke] = drawn(page)["strokes"]
    assert len(stroke["points"]) > 2 * len(path)
