"""The rules of ruled paper, told from ink by how far they run straight."""

from __future__ import annotations

import cv2
import numpy as np

from server.recognition.arrays import Ink, Mask

MIN_MASK_LEVEL = 80  # of 255
RULE_LENGTH = 0.85  # of the picture's side: no stroke of a digit runs straight so far
SLOPES = (-0.06, -0.03, 0.0, 0.03, 0.06)  # of the lines looked for, as rise over run
MASK_SIDE_PX = 512  # the size at which lines are looked for
RIM = 0.06  # of the picture's side: what lies wholly so near to an edge was cut off there
SCRAP = 0.25  # of the largest piece: smaller ones are what is left of an erased line


def erase_ruled_lines(ink: Ink) -> Ink:
    """Ink [H, W] of a photo without lines from edge to edge."""
    mask = _shrink(ink)
    level, upright = _straight(mask), _straight(mask.T).T
    lines = cv2.bitwise_or(_from_side_to_side(level), _from_side_to_side(upright.T).T)
    return _erase(ink, mask, lines) if lines.any() else ink


def erase_edge_pieces(ink: Ink) -> Ink:
    """Ink [H, W] of a photo without the pieces that lie wholly on its rim."""
    mask = _shrink(ink)
    cut_off = _cut_off(mask)
    return _erase(ink, mask, cut_off) if cut_off.any() else ink


def _shrink(ink: Ink) -> Mask:
    height, width = ink.shape
    scale = min(1.0, MASK_SIDE_PX / max(height, width))
    small = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, mask = cv2.threshold(small, MIN_MASK_LEVEL * scale, 255, cv2.THRESH_BINARY)
    return mask


def _straight(mask: Mask) -> Mask:
    """The pixels of `mask` on nearly level lines that are long enough for rules.

    An opening with a long level element, of the picture sheared by each slope.
    """
    height, width = mask.shape
    if mask.any(axis=0).mean() < RULE_LENGTH:
        return np.zeros_like(mask)
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    element = np.ones((1, max(3, round(RULE_LENGTH * width))), np.uint8)
    found: Mask = np.zeros_like(mask)
    for slope in SLOPES:
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
        sheared = cv2.warpAffine(thick, shear, (width, height), flags=cv2.INTER_NEAREST)
        lines = cv2.morphologyEx(sheared, cv2.MORPH_OPEN, element)
        back = cv2.warpAffine(
            lines, shear, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        )
        found = cv2.bitwise_or(found, back)
    return found


def _from_side_to_side(lines: Mask) -> Mask:
    """The level lines that reach both the left and the right edge."""
    _, labels = cv2.connectedComponents(lines)
    reach = 1 + round(RIM * lines.shape[1])
    through = np.intersect1d(labels[:, :reach], labels[:, -reach:])
    return np.where(np.isin(labels, through[through > 0]), 255, 0).astype(np.uint8)


def _cut_off(mask: Mask) -> Mask:
    """The pieces that lie wholly on the rim of the picture."""
    height, width = mask.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, wide, high = stats[:, :4].T
    rim_x, rim_y = RIM * width, RIM * height
    beside = (left + wide <= rim_x) | (left >= width - rim_x)
    above = (top + high <= rim_y) | (top >= height - rim_y)
    scraps = np.flatnonzero(beside | above)
    return np.where(np.isin(labels, scraps[scraps > 0]), 255, 0).astype(np.uint8)


def _erase(ink: Ink, mask: Mask, lines: Mask) -> Ink:
    """Ink without lines, the strokes that cross them mended; all of it if nothing else is left."""
    kernel = np.ones((3, 3), np.uint8)
    erased = cv2.bitwise_and(mask, cv2.bitwise_not(cv2.dilate(lines, kernel)))
    erased = _without_scraps(erased)
    if not erased.any():
        return ink
    mended = cv2.morphologyEx(erased, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    kept = cv2.dilate(cv2.bitwise_or(erased, cv2.bitwise_and(mended, mask)), kernel)
    height, width = ink.shape
    kept = cv2.resize(kept, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(ink, kept), dtype=np.uint8)


def _without_scraps(mask: Mask) -> Mask:
    """Only what is as large as a stroke of the largest piece."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    sizes[0] = 0
    kept = np.flatnonzero(sizes >= max(SCRAP * sizes.max(), 1))
    return np.where(np.isin(labels, kept), mask, 0).astype(np.uint8)
