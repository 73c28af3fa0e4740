"""Live frames on the wire: their pace, their number in flight, and their pictures."""

from __future__ import annotations

import time
from itertools import pairwise
from math import cos, sin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, expect_connected
from tests.browser.pen_input import Mouse, drawn, paths, write
from tests.conftest import wait_until

MIN_GAP_MS = 8
SLOW_MS = 200
ANSWER_WAIT_MS = 500
WIDTH_PX, HEIGHT_PX = 400, 144

# Record when a frame is sent and when a prediction arrives, `delay_ms` later than it would.
RECORD_WIRE = """
globalThis.wire = [];
globalThis.delay_ms = 0;
const note = (event, data) => {
  if (String(data).includes(`["${event}"`)) wire.push([event, performance.now()]);
};
globalThis.WebSocket = class extends WebSocket {
  set onmessage(receive) {
    super.onmessage = async (message) => {
      if (delay_ms > 0) await new Promise((resolve) => setTimeout(resolve, delay_ms));
      note("prediction", message.data);
      receive(message);
    };
  }
  send(data) {
    note("frame", data);
    super.send(data);
  }
};
"""

# Report every move of the pen as three, like those of a fast pen.
COALESCE = """
PointerEvent.prototype.getCoalescedEvents = function () {
  const { pointerId, buttons, clientX, clientY } = this;
  return [-4, -2, 0].map((x) => {
    const move = { pointerId, buttons, clientX: clientX + x, clientY, cancelable: true };
    return new PointerEvent("pointermove", move);
  });
};
"""
# Return the size of the picture that the lines of one stroke are on.
LINES_SIZE = """async (points) => {
  const { penLines } = await import("/static/scripts/drawing/ink-picture.js");
  return penLines([{ radius_px: 8, points }]).size;
}"""


@pytest.fixture
def recorded(open_page: OpenPage) -> Page:
    """The draw page, which records its messages in `wire`."""
    page = open_page()
    page.add_init_script(RECORD_WIRE)
    page.reload()
    expect_connected(page)
    return page


def scribble(page: Page, seconds: float) -> None:
    """Move the pen in a growing spiral without a pause."""
    [path] = paths(page, "1")
    x, y = path[len(path) // 2]
    mouse = Mouse(page)
    mouse.press((x, y))
    start = time.monotonic()
    while (passed := time.monotonic() - start) < seconds:
        mouse.move((x + 120 * passed * cos(9 * passed), y + 120 * passed * sin(9 * passed)))
    mouse.lift()


def gaps_ms(page: Page) -> list[float]:
    """Return the times from a prediction to the next frame."""
    return [
        next_at_ms - at_ms
        for (event, at_ms), (next_event, next_at_ms) in pairwise(page.evaluate("wire"))
        if (event, next_event) == ("prediction", "frame")
    ]


@pytest.mark.alone
def test_next_frame_leaves_8_ms_after_the_answer(recorded: Page) -> None:
    scribble(recorded, seconds=1)
    gaps = gaps_ms(recorded)
    assert len(gaps) > 5
    assert min(gaps) >= MIN_GAP_MS - 1


@pytest.mark.alone
def test_slow_server_is_asked_less(recorded: Page) -> None:
    recorded.evaluate(f"delay_ms = {SLOW_MS}")
    scribble(recorded, seconds=3)
    assert min(gaps_ms(recorded)[-3:]) > SLOW_MS / 4


def test_reading_is_called_old_while_the_connection_is_lost(page: Page) -> None:
    write(page, "7")
    expect(page.locator("#confidence")).to_contain_text("ure")
    page.context.set_offline(True)
    expect(page.locator(".old-note")).to_be_visible()
    expect(page.locator("#confidence")).to_be_hidden()
    expect(page.locator("#reading")).to_have_text("7")
    page.context.set_offline(False)
    expect(page.locator("#confidence")).to_contain_text("ure")
    expect(page.locator(".old-note")).to_be_hidden()


@pytest.mark.alone
def test_frames_are_never_two_in_flight(recorded: Page) -> None:
    scribble(recorded, seconds=1)
    for (event, at_ms), (next_event, next_at_ms) in pairwise(recorded.evaluate("wire")):
        two_in_flight = event == next_event == "frame"
        assert not two_in_flight or next_at_ms - at_ms >= ANSWER_WAIT_MS


@pytest.mark.alone
def test_touch_sends_no_frame_before_a_move_or_lift(
    recorded: Page,
) -> None:
    mouse = Mouse(recorded)
    [path] = paths(recorded, "1")
    mouse.press(path[0])
    mouse.move((path[0][0] + 1, path[0][1] + 1))
    recorded.wait_for_timeout(ANSWER_WAIT_MS)
    assert recorded.evaluate("wire") == []
    mouse.move(path[-1])
    expect(recorded.locator("#reading")).to_have_text("1")
    mouse.lift()
    recorded.locator("#clear").click()
    sent = recorded.evaluate("wire.length")
    mouse.press(path[0])
    mouse.lift()
    wait_until(lambda: recorded.evaluate("wire.length") > sent)


@pytest.mark.alone
def test_unchanged_drawing_is_not_sent_again(recorded: Page) -> None:
    write(recorded, "7")
    expect(recorded.locator("#saved")).to_be_visible()
    sent = recorded.evaluate("wire.length")
    recorded.set_viewport_size({"width": 1280, "height": 801})
    recorded.mouse.move(5, 5)
    recorded.locator("#save").click()
    expect(recorded.locator("#saved")).to_be_visible()
    assert recorded.evaluate("wire.length") == sent


@pytest.mark.parametrize("end", [(30, 900), (2000, 40), (900, 900), (2000, 1500)])
def test_lines_of_a_large_drawing_are_on_a_small_picture(page: Page, end: tuple[int, int]) -> None:
    points = [{"x": 0, "y": 0}, {"x": end[0], "y": end[1]}]
    width, height = page.evaluate(LINES_SIZE, points)
    assert width <= WIDTH_PX
    assert height <= HEIGHT_PX


@pytest.mark.alone
def test_fast_stroke_keeps_all_its_points(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(COALESCE)
    page.reload()
    [path] = paths(page, "1")
    write(page, "1")
    [stroke] = drawn(page)["strokes"]
    assert len(stroke["points"]) > 2 * len(path)
