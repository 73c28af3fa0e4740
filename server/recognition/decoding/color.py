"""Conversion of a picture of any mode to red, green and blue on opaque paper."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from server.recognition.arrays import Color
from server.recognition.decoding.grayscale import find_paper_level, to_gray


def to_color(image: Image.Image) -> Color:
    """Return a picture of any of Pillow's modes as color [H, W, 3], 0 to 255."""
    if image.mode.startswith(("I", "F")):
        return np.asarray(cv2.cvtColor(to_gray(image), cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    if not image.has_transparency_data:
        return np.asarray(image.convert("RGB"))
    rgba = np.asarray(image.convert("RGBA"))
    alpha = rgba[..., 3:].astype(np.float32) / 255
    laid = rgba[..., :3] * alpha + find_paper_level(rgba) * (1 - alpha)
    return np.asarray(laid, dtype=np.uint8)
