"""Pages composed of one writer's digits, by a layout, and their ink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from model.composed_numbers import MIN_WIDTH, scale_to_height
from model.datasets import Drawing
from model.page_layouts import Layout
from model.rendering import render_each
from server.recognition.arrays import Ink

PEN = 0.07  # heights of a digit
SLACK = 0.3  # heights beside a digit in which other lines must keep their distance
TURNED_SHARE = 0.5  # of the pages: their digits lean as the line rises
LINE_DEVIATION = 1.0  # degrees

LabeledDrawing = tuple[Drawing, str]


@dataclass(frozen=True)
class Page:
    """Placed digits, their indices line by line from left to right, and the text."""

    digits: list[Drawing]
    lines: list[list[int]]
    text: str

    def render(self, height_px: float) -> Ink:
        """Return the page's ink, with digits about this high."""
        [ink] = render_each([self.strokes], height_px, height_px * PEN)
        return ink

    @property
    def strokes(self) -> Drawing:
        return [stroke for digit in self.digits for stroke in digit]


@dataclass(frozen=True)
class _Path:
    """The path that the digits of a line follow: straight, or a parabola."""

    slope: float
    bend: float
    length: float
    turned: bool

    def place(self, digit: Drawing, x: float, shift: float) -> Drawing:
        """Return a digit moved to its place on the path."""
        down = x * math.tan(self._angle(x / 2))
        return move(digit, x, down + shift, self._angle(x) if self.turned else 0.0)

    def _angle(self, x: float) -> float:
        return math.radians(self.slope + self.bend * (x / self.length - 0.5))


def compose_page(
    layout: Layout, writer_digits: Sequence[LabeledDrawing], rng: np.random.Generator
) -> Page:
    """Compose a page of lines of numbers."""
    slope, turned = rng.uniform(*layout.slopes), rng.uniform() < TURNED_SHARE
    digits: list[Drawing] = []
    lines, texts = [], []
    for _ in range(int(rng.integers(*layout.lines, endpoint=True))):
        numbers = _choose_numbers(layout, writer_digits, rng)
        line = _lay_out(layout, numbers, slope, turned, rng)
        line = _move_below(digits, line, float(rng.uniform(*layout.line_gaps)))
        lines.append([*range(len(digits), len(digits) + len(line))])
        digits += line
        texts.append(" ".join("".join(label for _, label in number) for number in numbers))
    return Page(digits, lines, "\n".join(texts))


def _choose_numbers(
    layout: Layout, writer_digits: Sequence[LabeledDrawing], rng: np.random.Generator
) -> list[list[LabeledDrawing]]:
    count = int(rng.integers(*layout.numbers, endpoint=True))
    lengths = rng.integers(*layout.lengths, size=count, endpoint=True).tolist()
    return [choose(writer_digits, length, rng) for length in lengths]


def choose(
    writer_digits: Sequence[LabeledDrawing], count: int, rng: np.random.Generator
) -> list[LabeledDrawing]:
    return [writer_digits[index] for index in rng.integers(len(writer_digits), size=count)]


def _lay_out(
    layout: Layout,
    numbers: Sequence[Sequence[LabeledDrawing]],
    slope: float,
    turned: bool,
    rng: np.random.Generator,
) -> list[Drawing]:
    """Return the digits of a line at their places."""
    chosen = [digit for number in numbers for digit, _ in number]
    digits = [scale_to_height(digit, float(rng.uniform(*layout.heights))) for digit in chosen]
    starts = {*accumulate(map(len, numbers))}
    centers = _find_centers(layout, [width(digit) for digit in digits], starts, rng)
    slope, bend = slope + rng.normal(0, LINE_DEVIATION), rng.uniform(*layout.bends)
    path = _Path(slope, bend, centers[-1] + 1, turned)
    return [
        path.place(digit, x, rng.normal(0, layout.shifts))
        for digit, x in zip(digits, centers, strict=True)
    ]


def _find_centers(
    layout: Layout, widths: Sequence[float], starts: set[int], rng: np.random.Generator
) -> list[float]:
    """Return the x position of each digit; those at `starts` begin another number."""
    pitch = rng.uniform(*layout.pitches) if layout.pitches else None
    centers = [widths[0] / 2]
    for place, (previous, own) in enumerate(pairwise(widths), 1):
        distance = pitch and pitch * rng.uniform(0.9, 1.1)
        gap = rng.uniform(*layout.gaps) * max(min(previous, own), MIN_WIDTH)
        if place in starts:
            distance, gap = None, rng.uniform(*layout.word_gaps)
        centers.append(centers[-1] + (distance or gap + (previous + own) / 2))
    return centers


def _move_below(upper: Sequence[Drawing], line: list[Drawing], gap: float) -> list[Drawing]:
    """Move a line down until there is a gap below all that is above it."""
    if not upper:
        return line
    reach = [
        bottom - top
        for (left, top), (right, _) in map(extent, line)
        for (other_left, _), (other_right, bottom) in map(extent, upper)
        if other_left < right + SLACK and left < other_right + SLACK
    ]
    down = max(reach, default=1.0) + PEN + gap
    return [move_by(digit, 0.0, down) for digit in line]


def move(digit: Drawing, x: float, y: float, angle: float = 0.0) -> Drawing:
    """Move a digit's center to x, y, and turn it clockwise by an angle in radians."""
    (left, top), (right, bottom) = extent(digit)
    center = np.array([left + right, top + bottom]) / 2
    cos, sin = math.cos(angle), math.sin(angle)
    turn = np.array([[cos, sin], [-sin, cos]])
    return [((stroke - center) @ turn + (x, y)).astype(np.float32) for stroke in digit]


def move_by(digit: Drawing, across: float, down: float) -> Drawing:
    return [stroke + np.array([across, down], np.float32) for stroke in digit]


def width(digit: Drawing) -> float:
    """Return the width of a digit's ink."""
    (left, _), (right, _) = extent(digit)
    return right - left + PEN


def extent(digit: Drawing) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the corners [x, y] of a digit's bounding box, without the pen's width."""
    points = np.concatenate(digit)
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return (left, top), (right, bottom)
