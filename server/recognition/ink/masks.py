"""Masks of ink at a small size, for steps that need no detail."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from server.recognition.arrays import Mask


def shrink(levels: MatLike, max_side_px: int) -> tuple[MatLike, float]:
    """Return levels [H, W] whose longer side is at most `max_side_px`, and the scale, 0 to 1."""
    scale = min(1.0, max_side_px / max(levels.shape))
    if scale == 1:
        return levels, scale
    return cv2.resize(levels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), scale


def to_mask(levels: MatLike, min_level: float) -> Mask:
    """Return the mask of the pixels above `min_level`."""
    _, mask = cv2.threshold(levels, min_level, 255, cv2.THRESH_BINARY)
    return mask


def shear(mask: Mask, slope: float, *, back: bool = False) -> Mask:
    """Return the mask sheared so that lines of this slope, rise over run, become level; or back."""
    height, width = mask.shape
    matrix = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    flags = cv2.INTER_NEAREST | (cv2.WARP_INVERSE_MAP if back else 0)
    return cv2.warpAffine(mask, matrix, (width, height), flags=flags)
