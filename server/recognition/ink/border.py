"""Removal of a border around the ink: a printed frame, or the edge of the paper.

A side of a border is a straight line near an edge of the picture and nearly parallel to it. Each
side is found in the same way, in the picture turned so that the side is at the top. What is found
is erased with all that is outside, and the search is repeated inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Ink, Mask
from server.recognition.ink.masks import shear, shrink, to_mask

Region = npt.NDArray[np.bool_]

MIN_PRINTED_LEVEL = 40  # of 255: printed lines are paler than a pen's
SEARCH_SIDE_PX = 256  # the longer side of the picture in which lines are searched
MIN_BORDERED_PX = 16  # a smaller picture has no border
MAX_BORDERS = 4  # inside each other: a cell, its neighbors, the edge of the paper

BAND_SHARE = 0.2  # of the picture's side: a border is so near to its edge
MAX_SLOPE = 0.08  # of a border's line, as rise over run
MIN_COVERAGE = 0.8  # of a side, by each line of a border that has at least MIN_SIDES of them
MIN_SIDES = 3
MIN_FULL_COVERAGE = 0.85  # of a side, by a line from edge to edge: fewer of them are a border too
NEAR_BEST = 0.9  # of the best coverage: of several such lines the inner one is the border
MARGIN_PX = 2  # beside a line, where its faint edge remains
MAX_ATTACHED = 0.3  # of the ink inside: a line with more ink attached is the stroke of a digit


@dataclass(frozen=True)
class _Side:
    """A line: the share of the side that it covers, and the last row of its ink by column."""

    coverage: float
    end: npt.NDArray[np.intp]


def erase_border(ink: Ink, photo: bool) -> Ink:
    """Return ink [H, W] without borders and what is outside; unchanged if nothing would remain.

    On a photo a single line from edge to edge is a border; in a drawing two that meet are.
    """
    small, _ = shrink(ink, SEARCH_SIDE_PX)
    mask = to_mask(small, MIN_PRINTED_LEVEL)
    if not _may_have_border(mask, photo):
        return ink  # true of most pictures, and cheap to find out
    inside = _find_inside(mask, photo)
    if inside.all() or not (mask > 0)[inside].any():
        return ink
    height, width = ink.shape
    large = cv2.resize(inside.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(ink * large, dtype=np.uint8)


def _may_have_border(mask: Mask, photo: bool) -> bool:
    """Return whether there is ink along most of an edge; in a drawing, of two that meet."""
    if photo:
        return _has_lined_edge(mask) or _has_lined_edge(mask.T)
    return _has_lined_edge(mask) and _has_lined_edge(mask.T)


def _has_lined_edge(mask: Mask) -> bool:
    """Return whether there is ink along most of the upper or the lower edge."""
    height, width = _band_height(mask), mask.shape[1]
    inked = (cv2.reduce(band, 0, cv2.REDUCE_MAX) for band in (mask[:height], mask[-height:]))
    return any(cv2.countNonZero(line) > MIN_COVERAGE * width for line in inked)


def _band_height(mask: Mask) -> int:
    return max(3, round(BAND_SHARE * len(mask)))


def _find_inside(mask: Mask, photo: bool) -> Region:
    """Return the region inside all borders; the whole picture if there are none."""
    inside = np.ones(mask.shape, dtype=np.bool_)
    window = np.s_[:, :]
    for _ in range(MAX_BORDERS):
        outside = _find_outside(np.where(inside, mask, 0).astype(np.uint8)[window], photo)
        if outside is None:
            break
        inside[window] &= ~outside
        window = _bounds(inside)
    return inside


def _bounds(region: Region) -> tuple[slice, slice]:
    left, top, width, height = cv2.boundingRect(region.astype(np.uint8))
    return np.s_[top : top + height, left : left + width]


def _find_outside(mask: Mask, photo: bool) -> Region | None:
    """Return the outermost border with all that is outside it; None if there is no border."""
    if min(mask.shape) < MIN_BORDERED_PX:
        return None
    sides = [_find_side(np.rot90(mask, turns)) for turns in range(4)]
    lined = [turns for turns in range(4) if sides[turns].coverage > MIN_COVERAGE]
    if len(lined) >= MIN_SIDES:
        return _outside(mask, sides, lined)
    full = [turns for turns in lined if sides[turns].coverage > MIN_FULL_COVERAGE]
    if not (full if photo else _meet(full)):
        return None
    outside = _outside(mask, sides, full)
    return outside if _is_detached(mask, outside) else None


def _meet(sides: Sequence[int]) -> bool:
    """Return whether two of the sides meet. In a drawing, opposite ones may be written ones."""
    return len({turns % 2 for turns in sides}) == 2


def _outside(mask: Mask, sides: Sequence[_Side], chosen: Sequence[int]) -> Region:
    """Return what is outside any of the chosen sides, their lines included."""
    outside = np.zeros(mask.shape, dtype=np.bool_)
    for turns in chosen:
        turned = np.rot90(outside, turns)
        turned |= np.arange(len(turned))[:, None] <= sides[turns].end + MARGIN_PX
    return outside


def _is_detached(mask: Mask, outside: Region) -> bool:
    """Return whether the lines outside are not part of a digit, cut out without a margin."""
    _, component_ids = cv2.connectedComponents(mask)
    cut = np.isin(component_ids, np.unique(component_ids[outside & (mask > 0)]))
    inside = ~outside & (mask > 0)
    return bool((cut & inside).sum() <= MAX_ATTACHED * inside.sum())


def _find_side(mask: Mask) -> _Side:
    """Return the line near the upper edge that covers most of it."""
    band = mask[: _band_height(mask)]
    height, width = band.shape
    steps = round(MAX_SLOPE * width / 2)
    slopes = [step * 2 / width for step in range(-steps, steps + 1)]
    leveled = ((slope, shear(band, slope)) for slope in slopes)
    slope, level = max(leveled, key=lambda pair: float(_coverage(pair[1]).max()))
    coverage = _coverage(level)
    row = int(np.flatnonzero(coverage >= NEAR_BEST * coverage.max())[-1])
    thickness = (level > 0).mean(axis=1)
    while row + 1 < height and thickness[row + 1] > MIN_COVERAGE / 2:
        row += 1
    columns = np.arange(width) - width / 2
    return _Side(float(coverage.max()), np.round(row - slope * columns).astype(np.intp))


def _coverage(level: Mask) -> npt.NDArray[np.float64]:
    """Return the share of each row that is ink, or has ink in the row above or below."""
    return np.asarray((cv2.dilate(level, np.ones((3, 1), np.uint8)) > 0).mean(axis=1))
