"""Normalization of a candidate's ink to 28×28, as in MNIST.

Y. LeCun, C. Cortes and C. Burges, The MNIST database: the digit is scaled into a 20×20 box without
changing its aspect ratio, and its center of mass is moved to the center of a 28×28 field.
"""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from server.recognition.arrays import Ink, Normalized

BOX_PX = 20
FIELD_PX = 28


def normalize(ink: Ink) -> Normalized:
    """Return ink [h, w] cut to its bounding box as a field [28, 28], 0 to 1.

    The strongest pixel becomes 1.
    """
    height, width = ink.shape
    scale = BOX_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrinks = scale < 1
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    left, top = _corner(small)
    field = np.zeros((FIELD_PX, FIELD_PX), dtype=np.float32)
    field[top : top + size[1], left : left + size[0]] = small
    return field / max(float(field.max()), 1.0)


def _corner(small: MatLike) -> tuple[int, int]:
    """Return left and top of the small picture for which its center of mass is in the center."""
    moments = cv2.moments(small)
    mass = max(moments["m00"], 1.0)
    height, width = small.shape
    left = round((FIELD_PX - 1) / 2 - moments["m10"] / mass)
    top = round((FIELD_PX - 1) / 2 - moments["m01"] / mass)
    return min(max(left, 0), FIELD_PX - width), min(max(top, 0), FIELD_PX - height)
