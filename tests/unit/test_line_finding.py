"""Lines of writing that are level, rise, fall, bend, or are written unevenly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from server.recognition.ink.pieces import Box, Piece
from server.recognition.reading.line_finding import find_lines

HEIGHT, WIDTH = 40, 24


def digit(x: float, y: float, height: float = HEIGHT) -> Box:
    """Return the box of a digit with this center."""
    left, top = round(x - WIDTH / 2), round(y - height / 2)
    return Box(left, top, left + WIDTH, top + round(height))


def write(
    count: int, curve: Callable[[float], float], pitch: float = 32, heights: Sequence[float] = ()
) -> list[Box]:
    """Return digits along a curve, from x = 0 on."""
    return [
        digit(k * pitch, curve(k * pitch), (heights or [HEIGHT])[k % max(len(heights), 1)])
        for k in range(count)
    ]


def straight(degrees: float, top: float = 0) -> Callable[[float], float]:
    return lambda x: top + math.tan(math.radians(degrees)) * x


def wave(depth: float, top: float) -> Callable[[float], float]:
    return lambda x: top + depth * math.sin(x / 110)


def found(*lines: list[Box]) -> list[list[Box]]:
    """Return the lines that are found among the boxes of all lines, the tallest first."""
    pieces = [Piece(box, ()) for line in lines for box in line]
    pieces.sort(key=lambda piece: -piece.box.height)
    return [[piece.box for piece in line] for line in find_lines(pieces)]


def test_no_pieces_are_no_lines() -> None:
    assert found() == []


@pytest.mark.parametrize("degrees", [-20, -12, -5, 0, 5, 12, 20])
@pytest.mark.parametrize("pitch", [28, 40, 90, 200], ids=lambda pitch: f"pitch {pitch}")
def test_straight_line_is_one(degrees: float, pitch: float) -> None:
    line = write(10, straight(degrees), pitch)
    assert found(line) == [line]


@pytest.mark.parametrize("degrees", [-20, -8, 0, 8, 20])
def test_lines_that_overlap_in_height_stay_apart(degrees: float) -> None:
    spacing = 1.25 * HEIGHT / math.cos(math.radians(degrees))
    lines = [write(8, straight(degrees, row * spacing)) for row in range(4)]
    assert found(*lines) == lines


@pytest.mark.parametrize("depth", [-40, 40])
def test_curved_lines_stay_apart(depth: float) -> None:
    lines = [write(12, wave(depth, top)) for top in (0, 58, 116)]
    assert found(*lines) == lines


def test_digits_may_be_half_as_high_as_their_neighbors() -> None:
    lines = [write(7, straight(3, top), heights=[40, 21, 33, 20, 38]) for top in (0, 60)]
    assert found(*lines) == lines


def test_lines_of_different_lengths_stay_apart() -> None:
    lines = [write(1, straight(0)), write(6, straight(0, 50)), write(2, straight(0, 100))]
    assert found(*lines) == lines


def test_numbers_side_by_side_are_one_line() -> None:
    left, right = write(3, straight(0)), write(3, straight(0))
    right = [Box(b.left + 400, b.top, b.right + 400, b.bottom) for b in right]
    assert found(left, right) == [left + right]


def test_numbers_far_apart_in_height_are_two_lines() -> None:
    upper, lower = write(2, straight(0)), write(2, straight(0, 60))
    lower = [Box(b.left + 200, b.top, b.right + 200, b.bottom) for b in lower]
    assert found(upper, lower) == [upper, lower]


@pytest.mark.parametrize("degrees", [-15, 0, 15])
def test_bar_above_joins_its_line(degrees: float) -> None:
    lines = [write(5, straight(degrees, row * 62)) for row in range(2)]
    body = lines[1][2]
    bar = Box(body.left + 10, body.top - 8, body.right + 8, body.top - 3)
    [upper, lower] = found(*lines, [bar])
    assert upper == lines[0]
    assert {*lower} == {*lines[1], bar}


@pytest.mark.parametrize("place", [0, 2, 4])
def test_halves_of_one_digit_are_on_one_line(place: int) -> None:
    line = write(5, straight(6), 60)
    whole = line[place]
    upper = Box(whole.left, whole.top, whole.right, whole.top + 19)
    lower = Box(whole.left + 2, whole.top + 21, whole.right + 2, whole.bottom)
    [joined] = found(line[:place], line[place + 1 :], [upper, lower])
    assert joined == [*line[:place], upper, lower, *line[place + 1 :]]


def test_pieces_are_in_order_along_their_line() -> None:
    [line] = found(write(6, straight(-20)), [digit(16, 0, 12)])
    assert [b.left for b in line] == sorted(b.left for b in line)
    assert all(a != b for a, b in pairwise(line))
