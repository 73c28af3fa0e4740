"""Replay of other people's pen strokes on the real draw page.

    python3 scripts/replay.py [--numbers N]

Numbers composed of held-out writers' digits are written in every size with every pen of the page;
whole numbers, as people wrote them, with a mouse, a pen and a finger.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from statistics import median

import numpy as np
from playwright.sync_api import Page

from model.datasets import Drawing, load_drawings
from model.evaluation_sets import SPACED_GAPS, compose_number, group_by_writer
from scripts.benchmark.browser import FrameRecorder, open_browser
from scripts.benchmark.servers import run_live_digits
from tests.browser.conftest import expect_connected
from tests.browser.pen_input import Finger, Mouse, Pen, Point, Pointer, follow

SEED = 7
HEIGHTS_PX = (16, 24, 32, 48, 80, 160)
PENS = ("Fine", "Medium", "Broad")
LENGTHS = (2, 6)
WRITTEN_HEIGHT_PX = 64
MIN_STEP_PX = 2.0  # between two points of a mouse
MARGIN_PX = 24
ANSWER_MS, PATIENCE = 150, 10  # between looks at the reading; looks, at most

Sample = tuple[Drawing, str]


def main() -> None:
    parser = argparse.ArgumentParser("scripts/replay.py", description=__doc__)
    parser.add_argument("--numbers", type=int, default=100, help="of each kind")
    count = parser.parse_args().numbers
    with run_live_digits() as server, open_browser() as page:
        recorder = FrameRecorder()
        page.on("websocket", recorder.listen)
        page.goto(server.url)
        expect_connected(page)
        pointers: dict[str, Pointer] = {  # for some seconds after a pen, fingers are the palm
            "a finger": Finger(page), "a mouse": Mouse(page), "a pen": Pen(page, 0.5),
        }  # fmt: skip
        for name, pointer in pointers.items():
            _count(page, f"as written, with {name}", written(count), WRITTEN_HEIGHT_PX, pointer)
        for height_px in HEIGHTS_PX:
            for pen in PENS:
                page.get_by_role("radio", name=f"{pen} pen").check(force=True)
                name = f"{height_px:3} px high, {pen.lower()} pen"
                _count(page, name, composed(count), height_px, pointers["a mouse"])
        print(f"{'bytes of a frame, median':36} {median(recorder.sizes):.0f}")


def composed(count: int) -> Iterator[Sample]:
    """Yield numbers of held-out writers."""
    rng, writers = np.random.default_rng(SEED), group_by_writer("held_out_writers")
    for _ in range(count):
        length = int(rng.integers(*LENGTHS, endpoint=True))
        digits = writers[int(rng.integers(len(writers)))]
        yield compose_number(digits, length, SPACED_GAPS, rng)


def written(count: int) -> Iterator[Sample]:
    """Yield whole numbers as people wrote them."""
    numbers = load_drawings("strokes_numbers")
    for index in np.random.default_rng(SEED).permutation(len(numbers.drawings))[:count]:
        yield numbers.drawings[index], numbers.labels[index]


def _count(
    page: Page, name: str, samples: Iterator[Sample], height_px: float, pointer: Pointer
) -> None:
    read = [(text, _read(page, drawing, text, height_px, pointer)) for drawing, text in samples]
    wrong = [f"{text}→{found}" for text, found in read if text != found]
    print(f"{name:36} {len(read) - len(wrong)} of {len(read)}  {' '.join(wrong)}", flush=True)


def _read(page: Page, drawing: Drawing, text: str, height_px: float, pointer: Pointer) -> str:
    """Write a drawing on a clean pad; return what the page shows, its text or after a while."""
    clear = page.locator("#clear")
    if clear.is_enabled():
        clear.click()
    for path in _place(page, drawing, height_px):
        follow(pointer, path)
        pointer.lift()
    found = ""
    for _ in range(PATIENCE):
        page.wait_for_timeout(ANSWER_MS)
        found = page.locator("#reading").inner_text()
        if found == text:
            break
    return found


def _place(page: Page, drawing: Drawing, height_px: float) -> list[list[Point]]:
    """Return the strokes in the middle of the pad, in pixels of the page, smaller if too wide."""
    pad = page.locator("#pad").bounding_box()
    assert pad is not None
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    room_px = pad["width"] - 2 * MARGIN_PX
    scale = min(height_px / max(float(size[1]), 1e-6), room_px / max(float(size[0]), 1e-6))
    corner = np.array([pad["x"] + MARGIN_PX, pad["y"] + (pad["height"] - height_px) / 2])
    return [_step((stroke - low) * scale + corner) for stroke in drawing]


def _step(path: Drawing | np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> list[Point]:
    """Return the points of a path that are some way apart, and its last one."""
    steps: list[Point] = [(float(path[0][0]), float(path[0][1]))]
    for x, y in np.asarray(path, dtype=float)[1:].tolist():
        if max(abs(x - steps[-1][0]), abs(y - steps[-1][1])) >= MIN_STEP_PX:
            steps.append((x, y))
    return [*steps, (float(path[-1][0]), float(path[-1][1]))]


if __name__ == "__main__":
    main()
