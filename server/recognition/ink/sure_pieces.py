"""Pieces of ink that a network found: which of them are surely ink, and what may have been lost."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Ink
from server.recognition.ink.masks import to_mask
from server.recognition.ink.page import InkPage
from server.recognition.ink.pieces import MIN_STROKE_LEVEL

MIN_INK_LEVEL = 128  # of 255: rather ink than paper
SURE_LEVEL = 200  # of 255: surely ink
MIN_SURE_SHARE = 0.3  # of all that may be ink: less is mostly print
MIN_SURE_PIECE_SHARE = 0.4  # of each piece there
USUAL_LEVEL = 0.8  # of 1: the mean of ink that is clearly visible is seldom lower
MIN_LEFT_OUT_HEIGHT = 0.5  # of the median height: lower pieces are specks


def keep_sure(ink: Ink) -> tuple[Ink, float]:
    """Return the pieces of ink of which some pixel is sure, and how certain that choice is.

    This is the hysteresis of J. Canny 1986, A Computational Approach to Edge Detection. Where most
    of it is unsure, as on print, only pieces count that are mostly sure themselves. The certainty
    is lower for each piece that is left out although it may be ink, and for each that is kept
    although it is fainter than ink usually is.
    """
    count, ids, stats, _ = cv2.connectedComponentsWithStats(
        to_mask(ink, MIN_STROKE_LEVEL), connectivity=8
    )
    sure = np.bincount(ids[ink >= SURE_LEVEL], minlength=count)
    areas = stats[:, cv2.CC_STAT_AREA]
    is_sure = sure > 0
    is_sure[0] = False
    if sure[is_sure].sum() < MIN_SURE_SHARE * areas[is_sure].sum():
        is_sure &= sure >= MIN_SURE_PIECE_SHARE * areas
    kept = np.asarray(ink * is_sure[ids], dtype=np.uint8)
    if not is_sure.any():
        return kept, 1.0
    heights = stats[:, cv2.CC_STAT_HEIGHT]
    may_be_ink = ~is_sure & (heights >= MIN_LEFT_OUT_HEIGHT * np.median(heights[is_sure]))
    may_be_ink[0] = False
    left_out = 1 - _mean_level(ink, ids, count, MIN_STROKE_LEVEL)[may_be_ink]
    faint = _mean_level(ink, ids, count, MIN_INK_LEVEL)[is_sure] / USUAL_LEVEL
    return kept, float(left_out.prod() * np.minimum(faint, 1).prod())


def chance_of_no_loss(page: InkPage, closer: InkPage) -> float:
    """Return how likely a closer look at a page lost no piece of its ink, 0 to 1."""
    count, ids, stats, _ = cv2.connectedComponentsWithStats(
        to_mask(page.ink, MIN_INK_LEVEL), connectivity=8
    )
    scale = page.scale / closer.scale
    shift = np.array([page.left - closer.left, page.top - closer.top]) / closer.scale
    frame = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    height, width = closer.ink.shape
    moved = cv2.warpAffine(ids.astype(np.float32), frame, (width, height), flags=cv2.INTER_NEAREST)
    is_lost = np.ones(count, np.bool_)
    is_lost[np.unique(moved[closer.ink >= MIN_STROKE_LEVEL].astype(np.intp))] = False
    heights = stats[:, cv2.CC_STAT_HEIGHT]
    is_lost &= heights >= MIN_LEFT_OUT_HEIGHT * np.median(heights[1:])
    is_lost[0] = False
    return float((1 - _mean_level(page.ink, ids, count, MIN_INK_LEVEL)[is_lost]).prod())


def _mean_level(
    ink: Ink, ids: cv2.typing.MatLike, count: int, min_level: int
) -> npt.NDArray[np.float64]:
    """Return the mean level, 0 to 1, of the pixels of each piece that have at least `min_level`."""
    chosen = ink >= min_level
    areas = np.bincount(ids[chosen], minlength=count)
    masses = np.bincount(ids[chosen], weights=ink[chosen], minlength=count)
    return np.asarray(masses / np.maximum(areas, 1) / 255)
