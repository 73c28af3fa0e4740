"""Frames around the ink, printed or of the paper's edge: erased with all that lies outside.

A side of a frame is a straight line near an edge of the picture and nearly parallel to it. Each
of the four is looked for as if it were the upper one, and then again in what is inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Ink, Mask

Region = npt.NDArray[np.bool_]

FAINT = 40  # of 255: printed lines are paler than the pen
SIDE_PX = 256  # the size at which lines are looked for
EDGE = 0.2  # of the picture's side: a frame runs so near to its edge
TILT = 0.08  # rise over run of the most tilted line
LINED = 0.8  # of a side: so much of it a line covers
FRAME_SIDES = 3  # so many lines are a frame; on a photo one is, if it runs from edge to edge
THROUGH = 0.85  # of a side, for a line from edge to edge
MOST_FRAMES = 4  # inside each other: a cell, its neighbors, the edge of the paper
LEAST_PX = 16  # a smaller picture has no frame
NEARLY = 0.9  # of the best coverage: of several lines the inner one is the frame
BESIDE_PX = 2  # what is left of a line beside it
ATTACHED = 0.3  # of the ink inside: a line with so much of it attached is a stroke of a digit


@dataclass(frozen=True)
class _Side:
    """A line: how much of the side it covers, and up to which row its ink goes, by column."""

    coverage: float
    end: npt.NDArray[np.intp]


def erase_border(ink: Ink, photo: bool) -> Ink:
    """Ink [H, W] without its frame and what is outside; as it is if nothing else is left."""
    mask = _shrink(ink)
    if not _may_be_framed(mask, photo):
        return ink  # most pictures, at little cost
    inside = np.ones(mask.shape, dtype=np.bool_)
    window = np.s_[:, :]
    for _ in range(MOST_FRAMES):
        outside = _find_outside(np.where(inside, mask, 0).astype(np.uint8)[window], photo)
        if outside is None:
            break
        inside[window] &= ~outside
        window = _bounds(inside)
    if inside.all() or not (mask > 0)[inside].any():
        return ink
    height, width = ink.shape
    large = cv2.resize(inside.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(ink * large, dtype=np.uint8)


def _find_outside(mask: Mask, photo: bool) -> Region | None:
    """The sides of a frame with what is beyond them; None if there are none."""
    if min(mask.shape) < LEAST_PX:
        return None
    sides = [_find_side(np.rot90(mask, turn)) for turn in range(4)]
    outsides = [_outside(side, turn, mask) for turn, side in enumerate(sides)]
    lined = [side.coverage > LINED for side in sides]
    if sum(lined) < FRAME_SIDES:
        lined = [side.coverage > THROUGH for side in sides]
        if not photo and not (any(lined[::2]) and any(lined[1::2])):
            return None  # written ones, perhaps, that fill the whole height
    chosen = [outside for outside, is_lined in zip(outsides, lined, strict=True) if is_lined]
    if not chosen:
        return None
    outside = np.any(chosen, axis=0)
    return outside if len(chosen) >= FRAME_SIDES or _is_alone(mask, outside) else None


def _outside(side: _Side, turn: int, mask: Mask) -> Region:
    """What is outside a side of the frame, the side's own line included, [h, w]."""
    outside = np.zeros(mask.shape, dtype=np.bool_)
    turned = np.rot90(outside, turn)
    turned[:] = np.arange(len(turned))[:, None] <= side.end + BESIDE_PX
    return outside


def _is_alone(mask: Mask, outside: Region) -> bool:
    """Whether what is outside is not the stem of a digit, cut out without a margin."""
    _, labels = cv2.connectedComponents(mask)
    cut = np.isin(labels, np.unique(labels[outside & (mask > 0)]))
    inside = ~outside & (mask > 0)
    return bool((cut & inside).sum() <= ATTACHED * inside.sum())


def _bounds(region: Region) -> tuple[slice, slice]:
    left, top, width, height = cv2.boundingRect(region.astype(np.uint8))
    return np.s_[top : top + height, left : left + width]


def _shrink(ink: Ink) -> Mask:
    height, width = ink.shape
    scale = SIDE_PX / max(height, width)
    if scale < 1:
        ink = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    _, mask = cv2.threshold(ink, FAINT, 255, cv2.THRESH_BINARY)
    return mask


def _band(mask: Mask) -> Mask:
    return mask[: max(3, round(EDGE * len(mask)))]


def _may_be_framed(mask: Mask, photo: bool) -> bool:
    """Whether there is ink along much of some edge; in a drawing, of two that meet."""
    if photo:
        return _is_lined(mask) or _is_lined(mask.T)
    return _is_lined(mask) and _is_lined(mask.T)


def _is_lined(mask: Mask) -> bool:
    """Whether there is ink along much of the upper or the lower edge."""
    high, width = max(3, round(EDGE * len(mask))), mask.shape[1]
    inked = (cv2.reduce(band, 0, cv2.REDUCE_MAX) for band in (mask[:high], mask[-high:]))
    return any(cv2.countNonZero(line) > LINED * width for line in inked)


def _find_side(mask: Mask) -> _Side:
    """The line near the upper edge that covers most of it."""
    band = _band(mask)
    height, width = band.shape
    steps = round(TILT * width / 2)
    tilted = (
        (step * 2 / width, _shear(band, step * 2 / width)) for step in range(-steps, steps + 1)
    )
    slope, level = max(tilted, key=lambda pair: float(_coverage(pair[1]).max()))
    covered = _coverage(level)
    row = int(np.flatnonzero(covered >= NEARLY * covered.max())[-1])
    thin = (level > 0).mean(axis=1)
    while row + 1 < height and thin[row + 1] > LINED / 2:
        row += 1
    columns = np.arange(width) - width / 2
    return _Side(float(covered.max()), np.round(row - slope * columns).astype(np.intp))


def _shear(band: Mask, slope: float) -> Mask:
    """The band with the lines of this slope brought level."""
    height, width = band.shape
    matrix = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    return cv2.warpAffine(band, matrix, (width, height), flags=cv2.INTER_NEAREST)


def _coverage(level: Mask) -> npt.NDArray[np.float64]:
    """How much of each row is ink, or has ink just above or below."""
    return np.asarray((cv2.dilate(level, np.ones((3, 1), np.uint8)) > 0).mean(axis=1))
