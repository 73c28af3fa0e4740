"""A candidate's ink → the picture in which two touching digits are read at once.

Digits that overlap cannot be parted by any seam; they are read without parting them (A. Hochuli
et al. 2018, Handwritten digit segmentation: is it still necessary?).
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.ink import Ink

FIELD_HEIGHT_PX, FIELD_WIDTH_PX = 28, 44
MARGIN_PX = 2
LABELS = 11  # of each of the two: the digits, and no pair

PairFields = npt.NDArray[np.float32]


def normalize_pair(ink: Ink) -> PairFields:
    """Ink [h, w] cut to its bounding box, 0 to 255 → [28, 44], 0 to 1, in its middle."""
    height, width = ink.shape
    most_high, most_wide = FIELD_HEIGHT_PX - 2 * MARGIN_PX, FIELD_WIDTH_PX - 2 * MARGIN_PX
    scale = min(most_high / height, most_wide / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (FIELD_WIDTH_PX - size[0]) // 2, (FIELD_HEIGHT_PX - size[1]) // 2
    field = np.zeros((FIELD_HEIGHT_PX, FIELD_WIDTH_PX), dtype=np.float32)
    field[top : top + size[1], left : left + size[0]] = small
    return field / max(float(field.max()), 1.0)
