"""Where touching digits may be parted: the cheapest ways from top to bottom through their ink.

After J. Wang and J. Jean 1993, Segmentation of merged characters by neural networks and shortest
path: a path costs the ink that it crosses, and may swerve around strokes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Ink = npt.NDArray[np.uint8]
Costs = npt.NDArray[np.float32]
Columns = npt.NDArray[np.intp]

HEIGHT_PX = 36  # the size at which paths are searched
ROWS = (12, 18, 24)  # of HEIGHT_PX: those whose gaps are looked for
WIDEST = 20  # heights: longer ink is a line, no number
THICKEST = 0.28  # of the height, a pen: thicker ink is a dash
HALF_INK = 127
SWERVE_COST = 0.06  # of full ink, for a step to the side
APART_PX = 2  # valleys nearer to each other are one
LEAST_SHARE = 0.05  # of the ink: less between two seams is no piece of its own
LEAST_COST = 1e-3  # of the height: of a seam that crosses no ink
PER_HEIGHT, MOST = 4, 40  # seams for a width as great as the height, and at all


@dataclass(frozen=True)
class Seam:
    """A way through ink of [h, w]: for each row [h], the first column right of it.

    `cost` is the ink it crosses, in heights of the ink; more than 0.
    """

    columns: Columns
    cost: float


def find_seams(ink: Ink) -> list[Seam]:
    """Ink [h, w] of one component → seams, by how much of the ink is left of them."""
    height, width = ink.shape
    if width > WIDEST * height:
        return []
    across = max(3, round(width * HEIGHT_PX / height))
    small = np.asarray(
        cv2.resize(ink, (across, HEIGHT_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8
    )
    if _pen_width(small) > THICKEST * HEIGHT_PX:
        return []
    crossed: Costs = small.astype(np.float32) / np.float32(255)
    left_of = (np.cumsum(crossed, axis=1) - crossed / 2) / crossed.sum()
    rows, most = np.arange(HEIGHT_PX), min(MOST, round(PER_HEIGHT * across / HEIGHT_PX))
    parted: list[float] = [0.0, 1.0]
    seams: list[tuple[float, Seam]] = []
    for path in _find_paths(crossed):
        share = float(left_of[rows, path].sum())
        if len(seams) < most and min(abs(share - other) for other in parted) > LEAST_SHARE:
            cost = max(float(crossed[rows, path].sum()) / HEIGHT_PX, LEAST_COST)
            parted.append(share)
            seams.append((share, Seam(_enlarge(path, height, width / across), cost)))
    return [seam for _, seam in sorted(seams, key=lambda pair: pair[0])]


def _pen_width(small: Ink) -> float:
    inked = np.pad((small > HALF_INK).astype(np.uint8), 1)
    return 2 * float(cv2.distanceTransform(inked, cv2.DIST_L2, 3).max())


def _find_paths(crossed: Costs) -> list[Columns]:
    """The cheapest path through every valley of some rows; the cheapest of all first."""
    found: list[tuple[float, Columns]] = []
    for row in ROWS:
        above, swerves_above = _accumulate(crossed[:row])
        below, swerves_below = _accumulate(crossed[: row - 1 : -1])
        totals = above + below
        found += [
            (
                float(totals[column]),
                np.concatenate(
                    [_trace(swerves_above, column), _trace(swerves_below, column)[::-1]]
                ),
            )
            for column in _valleys(totals)
        ]
    return [path for _, path in sorted(found, key=lambda pair: pair[0])]


def _accumulate(crossed: Costs) -> tuple[Costs, npt.NDArray[np.int8]]:
    """The least cost to each column of the last row, and the swerve (-1, 0, 1) into each place."""
    total = crossed[0].copy()
    swerves = np.zeros(crossed.shape, dtype=np.int8)
    ways = np.full((3, len(total)), np.inf, dtype=np.float32)
    for y in range(1, len(crossed)):
        ways[0, 1:] = total[:-1] + SWERVE_COST
        ways[1] = total
        ways[2, :-1] = total[1:] + SWERVE_COST
        best = ways.argmin(axis=0)
        swerves[y] = best - 1
        total = ways.min(axis=0) + crossed[y]
    return total, swerves


def _valleys(totals: Costs) -> list[int]:
    """The columns that cost no more than those around them, the cheapest first."""
    around = np.pad(totals, APART_PX, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(around, 2 * APART_PX + 1)
    valleys = np.flatnonzero(totals <= windows.min(axis=1))
    order = np.argsort(totals[valleys], kind="stable")
    return [int(column) for column in valleys[order]]


def _trace(swerves: npt.NDArray[np.int8], end: int) -> Columns:
    """The path that ends in this column: its column in each row."""
    path = np.empty(len(swerves), dtype=np.intp)
    for y in range(len(swerves) - 1, -1, -1):
        path[y] = end
        end += int(swerves[y, end])
    return path


def _enlarge(path: Columns, height: int, scale: float) -> Columns:
    """A path of the small picture in the rows and columns of the large one."""
    places = (np.arange(height) + 0.5) * len(path) / height - 0.5
    columns = np.interp(places, np.arange(len(path)), (path + 0.5) * scale)
    return np.asarray(np.round(columns), dtype=np.intp)
