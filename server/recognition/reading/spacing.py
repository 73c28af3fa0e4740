"""Spacing: the spaces between the numbers of a line, and the tabs between the cells of a table.

A gap is a space if it is clearly wider than the others of its line: evenly spaced digits are one
number, however far apart they are. All lengths are in heights of a digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from server.recognition.ink.pieces import Box
from server.recognition.reading.linking import usual_height
from server.recognition.reading.tables import find_tabs

SPACE = " "

MIN_WIDTH = 0.5  # as which a narrow digit counts: 1s in even boxes are far apart
MIN_SPACE = 1.0
MIN_STEP, MIN_RATIO = 0.65, 2.0  # of a space, above and to the widest gap inside of a number
MIN_LONE_SPACE = 3.0  # between two digits, where there is no other gap to compare with

Separators = list[str]  # before each symbol of a line, and after the last one


def find_separators(lines: Sequence[Sequence[Box]]) -> list[Separators]:
    """Return the separators of lines of symbols, whose boxes are given."""
    return find_tabs(lines) or _find_spaces(lines)


def _find_spaces(lines: Sequence[Sequence[Box]]) -> list[Separators]:
    gaps = [_measure_gaps(line) for line in lines]
    least = [_least_of_line(each) if len(each) > 1 else None for each in gaps]
    inside = [
        gap
        for each, space in zip(gaps, least, strict=True)
        for gap in each
        if space and gap < space
    ]
    lone = min(MIN_LONE_SPACE, _least_above(max(inside))) if inside else MIN_LONE_SPACE
    return [_separate(each, space or lone) for each, space in zip(gaps, least, strict=True)]


def _separate(gaps: Sequence[float], least: float) -> Separators:
    return ["", *(SPACE if gap >= least else "" for gap in gaps), ""]


def _measure_gaps(line: Sequence[Box]) -> list[float]:
    """Return the gaps between the symbols of a line."""
    height = usual_height(line)
    min_width = MIN_WIDTH * height
    sides = [(box.left + box.right, max(box.width, min_width)) for box in line]
    return [(b - a - wide_a - wide_b) / 2 / height for (a, wide_a), (b, wide_b) in pairwise(sides)]


def _least_of_line(gaps: Sequence[float]) -> float:
    """Return the narrowest of several gaps that is a space."""
    steps = pairwise(sorted(gaps))
    return next((wider for gap, wider in steps if wider >= _least_above(gap)), math.inf)


def _least_above(gap: float) -> float:
    """Return how wide a space is at least, next to a gap inside of a number."""
    return max(MIN_SPACE, MIN_RATIO * gap, gap + MIN_STEP)
