"""Simulated input on the pad: mouse, pen and fingers that write digits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Protocol

from playwright.sync_api import Page

from tests.pictures import STROKES

Point = tuple[float, float]

COLUMNS = 5  # for at most three digits: a full paper rolls on half a second after the last stroke
STEP_PX = 24  # a fast hand under a mouse that reports 60 times a second


class Pointer(Protocol):
    """Something that draws: a mouse, a pen or a finger."""

    def press(self, point: Point) -> None: ...
    def move(self, point: Point) -> None: ...
    def lift(self) -> None: ...


class Mouse:
    """The page's mouse. The page is brought to the front: others get one move a second."""

    def __init__(self, page: Page) -> None:
        page.bring_to_front()
        self._mouse = page.mouse

    def press(self, point: Point) -> None:
        self._mouse.move(*point)
        self._mouse.down()

    def move(self, point: Point) -> None:
        self._mouse.move(*point)

    def lift(self) -> None:
        self._mouse.up()


class Pen:
    """A pen with a pressure, 0 to 1, by the DevTools protocol."""

    def __init__(self, page: Page, pressure: float) -> None:
        page.bring_to_front()
        self._devtools = page.context.new_cdp_session(page)
        self._pressure = pressure
        self._at: Point = (0, 0)

    def press(self, point: Point) -> None:
        self._send("mousePressed", point)

    def move(self, point: Point) -> None:
        self._send("mouseMoved", point)

    def lift(self) -> None:
        self._send("mouseReleased", self._at)

    def _send(self, kind: str, point: Point) -> None:
        self._at = point
        pen = {"pointerType": "pen", "force": self._pressure, "button": "left", "buttons": 1}
        place = {"x": point[0], "y": point[1], "clickCount": 1}
        self._devtools.send("Input.dispatchMouseEvent", {"type": kind, **pen, **place})


class Finger:
    """Real touch events, by the DevTools protocol."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)

    def tap(self, *points: Point) -> None:
        """Tap with several fingers at once."""
        for count in range(1, len(points) + 1):
            self._touch("touchStart", *points[:count])
        self._touch("touchEnd")

    def drag(self, *points: Point, by: float) -> None:
        """Drag several fingers to the right together."""
        for count in range(1, len(points) + 1):
            self._touch("touchStart", *points[:count])
        for step in range(1, 11):
            self._touch("touchMove", *((x + by * step / 10, y) for x, y in points))
        self._touch("touchEnd")

    def press(self, point: Point) -> None:
        self._touch("touchStart", point)

    def move(self, point: Point) -> None:
        self._touch("touchMove", point)

    def lift(self) -> None:
        self._touch("touchEnd")

    def _touch(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def drawn(page: Page) -> dict[str, Any]:
    """Return the drawing that the page has stored for a reload."""
    name = "`${document.body.dataset.maker}/sketch`"
    kept = page.evaluate(f"JSON.parse(sessionStorage.getItem({name}))")
    return dict(kept["sketch"]) if kept else {"strokes": []}


def paths(page: Page, digit: str, column: int = 0, columns: int = 1) -> list[list[Point]]:
    """Return the strokes of a digit in a column of the pad, in pixels of the page."""
    pad = page.locator("#pad").bounding_box()
    assert pad is not None
    size = min(pad["width"] / columns, pad["height"]) * 0.8
    left = pad["x"] + pad["width"] * (column + 0.5) / columns - size / 2
    top = pad["y"] + (pad["height"] - size) / 2
    return [
        densify([(left + x * size / 100, top + y * size / 100) for x, y in stroke])
        for stroke in STROKES[digit]
    ]


def densify(corners: list[Point]) -> list[Point]:
    """Add points between corners, at most STEP_PX apart."""
    points = corners[:1]
    for (x0, y0), (x1, y1) in pairwise(corners):
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / STEP_PX))
        points += [
            (x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(1, steps + 1)
        ]
    return points


def follow(pointer: Pointer, path: list[Point]) -> None:
    """Press at the start of a path and follow it; the pointer stays down."""
    pointer.press(path[0])
    for point in path[1:]:
        pointer.move(point)


def write(
    page: Page, text: str, pointer: Pointer | None = None, columns: int | None = None
) -> None:
    """Write digits side by side."""
    pointer = pointer or Mouse(page)
    for column, digit in enumerate(text):
        for path in paths(page, digit, column, columns or len(text)):
            follow(pointer, path)
            pointer.lift()
