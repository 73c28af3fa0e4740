"""Removal of the lines of ruled paper, and of what is cut off at a photo's edges.

Ruled lines are told from ink by how far they run straight.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Ink, Mask
from server.recognition.ink.masks import shear, shrink, to_mask

MASK_SIDE_PX = 512  # the longer side of the picture in which lines are searched
MIN_RULED_LEVEL = 80  # of 255, at full size: thin lines fade where the picture is shrunk
MIN_LENGTH = 0.85  # of the picture's side: no stroke of a digit is straight for so long
SLOPES = (-0.06, -0.03, 0.0, 0.03, 0.06)  # of the lines searched, as rise over run
EDGE_SHARE = 0.06  # of the picture's side: a piece wholly so near to an edge was cut off there
MIN_PIECE_SHARE = 0.25  # of the largest piece: smaller ones are remains of an erased line


def erase_ruled_lines(ink: Ink) -> Ink:
    """Return the ink [H, W] of a photo without lines from edge to edge."""
    mask = _to_small_mask(ink)
    level, upright = _find_lines(mask), _find_lines(mask.T).T
    lines = cv2.bitwise_or(_keep_spanning(level), _keep_spanning(upright.T).T)
    return _erase(ink, mask, lines) if lines.any() else ink


def erase_edge_pieces(ink: Ink) -> Ink:
    """Return the ink [H, W] of a photo without the pieces that lie wholly at an edge."""
    mask = _to_small_mask(ink)
    pieces = _find_edge_pieces(mask)
    return _erase(ink, mask, pieces) if pieces.any() else ink


def _to_small_mask(ink: Ink) -> Mask:
    small, scale = shrink(ink, MASK_SIDE_PX)
    return to_mask(small, MIN_RULED_LEVEL * scale)


def _find_lines(mask: Mask) -> Mask:
    """Return the pixels on nearly level lines of at least MIN_LENGTH.

    The picture is sheared by each slope and opened with a long level element.
    """
    if mask.any(axis=0).mean() < MIN_LENGTH:
        return np.zeros_like(mask)
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    element = np.ones((1, max(3, round(MIN_LENGTH * mask.shape[1]))), np.uint8)
    found: Mask = np.zeros_like(mask)
    for slope in SLOPES:
        lines = cv2.morphologyEx(shear(thick, slope), cv2.MORPH_OPEN, element)
        found = cv2.bitwise_or(found, shear(lines, slope, back=True))
    return found


def _keep_spanning(lines: Mask) -> Mask:
    """Return the level lines that reach both the left and the right edge."""
    _, component_ids = cv2.connectedComponents(lines)
    reach = 1 + round(EDGE_SHARE * lines.shape[1])
    spanning = np.intersect1d(component_ids[:, :reach], component_ids[:, -reach:])
    return _mask_of(component_ids, spanning[spanning > 0])


def _find_edge_pieces(mask: Mask) -> Mask:
    """Return the pieces that lie wholly within EDGE_SHARE of an edge of the picture."""
    height, width = mask.shape
    _, component_ids, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, across, down = stats[:, :4].T
    edge_x, edge_y = EDGE_SHARE * width, EDGE_SHARE * height
    at_side = (left + across <= edge_x) | (left >= width - edge_x)
    at_end = (top + down <= edge_y) | (top >= height - edge_y)
    pieces = np.flatnonzero(at_side | at_end)
    return _mask_of(component_ids, pieces[pieces > 0])


def _mask_of(component_ids: cv2.typing.MatLike, chosen: npt.NDArray[np.integer]) -> Mask:
    return np.where(np.isin(component_ids, chosen), 255, 0).astype(np.uint8)


def _erase(ink: Ink, mask: Mask, erased: Mask) -> Ink:
    """Return ink without what is erased; unchanged if nothing else is left.

    Strokes that crossed it are closed again.
    """
    kernel = np.ones((3, 3), np.uint8)
    rest = cv2.bitwise_and(mask, cv2.bitwise_not(cv2.dilate(erased, kernel)))
    rest = _drop_small_pieces(rest)
    if not rest.any():
        return ink
    closed = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    kept = cv2.dilate(cv2.bitwise_or(rest, cv2.bitwise_and(closed, mask)), kernel)
    height, width = ink.shape
    kept = cv2.resize(kept, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(ink, kept), dtype=np.uint8)


def _drop_small_pieces(mask: Mask) -> Mask:
    """Return the mask without pieces shorter than MIN_PIECE_SHARE of the longest."""
    _, component_ids, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sizes = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    sizes[0] = 0
    kept = np.flatnonzero(sizes >= max(MIN_PIECE_SHARE * sizes.max(), 1))
    return np.where(np.isin(component_ids, kept), mask, 0).astype(np.uint8)
