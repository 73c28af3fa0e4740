"""A picture of any mode → gray, with the ink set off from the paper as far as can be."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from server.recognition.arrays import Gray

CLEARER = 2  # times the contrast of luminance: so much clearer is a channel that is used instead


def to_gray(image: Image.Image) -> Gray:
    """Any mode of Pillow → gray [H, W], 0 (black) to 255 (white)."""
    if image.mode.startswith(("I", "F")):
        return _stretch(np.asarray(image.convert(image.mode[0])))  # I;16 and its like become I
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.has_transparency_data:
        return _lay_on_paper(np.asarray(image.convert("RGBA")))
    return _clearest_gray(image)


def is_clear(gray: cv2.typing.MatLike) -> bool:
    """Whether the luminance has so much contrast that no color channel is far clearer."""
    return CLEARER * _contrast(gray) >= 255


def _stretch(levels: npt.NDArray[np.generic]) -> Gray:
    """Levels of any depth (16 bit, 32 bit, float) → 0 to 255."""
    if levels.dtype == np.float32:
        levels = np.nan_to_num(levels, posinf=0, neginf=0)
    stretched = cv2.normalize(levels, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]
    return np.asarray(stretched, dtype=np.uint8)


def _lay_on_paper(rgba: npt.NDArray[np.uint8]) -> Gray:
    """Lay a transparent picture on the paper, white or black, that its ink stands out from."""
    gray = cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY)
    alpha = rgba[..., 3].astype(np.float32) / 255
    if alpha.min() > 0.99:
        return _clearest_gray(Image.fromarray(rgba))
    mean = float((gray * alpha).sum() / max(alpha.sum(), 1e-6))
    paper = 255.0 if mean < 128 else 0.0
    return (gray * alpha + paper * (1 - alpha)).astype(np.uint8)


def _clearest_gray(image: Image.Image) -> Gray:
    """Luminance, or the one color channel in which the picture has far more contrast.

    Yellow on white, or red on a green as bright, is seen in one channel only.
    """
    gray = np.asarray(image.convert("L"))
    if is_clear(gray):
        return gray  # as most pictures are
    channels = image.convert("RGB").split()
    clearest = max(channels, key=lambda channel: _contrast(np.asarray(channel)))
    gray_of_clearest = np.asarray(clearest)
    return gray_of_clearest if _contrast(gray_of_clearest) > CLEARER * _contrast(gray) else gray


def _contrast(channel: cv2.typing.MatLike) -> float:
    low, high, _, _ = cv2.minMaxLoc(channel)
    return high - low
