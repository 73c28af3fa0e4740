"""Slopes of lines of writing, by linear regression; the slope of a falling line is positive.

An expected slope counts as much as boxes would whose squared distances in x, from their mean, add
up to `prior`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.recognition.ink.pieces import Box

NEIGHBORS = 2  # of a box on either side


def common_slope(lines: Iterable[Sequence[Box]], expected: float, prior: float) -> float:
    """Return the slope that all lines have in common."""
    across, down = prior, prior * expected
    for line in lines:
        square, product = _moments(line)
        across += square
        down += product
    return down / across


def local_slopes(line: Sequence[Box], expected: float, prior: float) -> list[float]:
    """Return the slope at each box of a line, estimated from its neighbors."""
    near = (line[max(k - NEIGHBORS, 0) : k + NEIGHBORS + 1] for k in range(len(line)))
    return [common_slope([boxes], expected, prior) for boxes in near]


def _moments(line: Sequence[Box]) -> tuple[float, float]:
    """Return Σ (x - x̄)² and Σ (x - x̄) y of the centers of boxes."""
    centers = [((box.left + box.right) / 2, (box.top + box.bottom) / 2) for box in line]
    mean = sum(x for x, _ in centers) / len(centers)
    return sum((x - mean) ** 2 for x, _ in centers), sum((x - mean) * y for x, y in centers)
