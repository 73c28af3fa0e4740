"""Conversion of a picture of any mode to grayscale, in which its ink stands out from the paper."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike
from PIL import Image

from server.recognition.arrays import Gray

MIN_CONTRAST_RATIO = 2  # a color channel replaces luminance if its contrast is this much larger
MIN_OPAQUE = 0.99  # alpha, 0 to 1: a picture with no lower one counts as opaque


def to_gray(image: Image.Image) -> Gray:
    """Return a picture of any of Pillow's modes as gray [H, W], 0 (black) to 255 (white)."""
    if image.mode.startswith(("I", "F")):
        return _stretch(np.asarray(image.convert(image.mode[0])))  # I;16 and the like become I
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.has_transparency_data:
        return _lay_on_paper(np.asarray(image.convert("RGBA")))
    return _clearest_gray(image)


def is_clear(luminance: MatLike) -> bool:
    """Return whether no color channel can have so much more contrast that it would replace this."""
    return MIN_CONTRAST_RATIO * _contrast(luminance) >= 255


def _stretch(levels: npt.NDArray[np.generic]) -> Gray:
    """Stretch levels of any depth (16 bit, 32 bit, float) to 0 to 255."""
    if levels.dtype == np.float32:
        levels = np.nan_to_num(levels, posinf=0, neginf=0)
    stretched = cv2.normalize(levels, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]
    return np.asarray(stretched, dtype=np.uint8)


def _lay_on_paper(rgba: npt.NDArray[np.uint8]) -> Gray:
    """Lay a transparent picture on paper, white or black, that contrasts with its ink."""
    alpha = rgba[..., 3].astype(np.float32) / 255
    if alpha.min() > MIN_OPAQUE:
        return _clearest_gray(Image.fromarray(rgba))
    gray = cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY)
    return (gray * alpha + find_paper_level(rgba) * (1 - alpha)).astype(np.uint8)


def find_paper_level(rgba: npt.NDArray[np.uint8]) -> float:
    """Return white or black, whichever contrasts with a transparent picture [H, W, 4]."""
    gray = cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY)
    alpha = rgba[..., 3].astype(np.float32) / 255
    mean = float((gray * alpha).sum() / max(alpha.sum(), 1e-6))
    return 255.0 if mean < 128 else 0.0


def _clearest_gray(image: Image.Image) -> Gray:
    """Return the luminance, or the one color channel that has far more contrast.

    Yellow on white, or red on an equally bright green, is visible in one channel only.
    """
    luminance = np.asarray(image.convert("L"))
    if is_clear(luminance):
        return luminance  # true of most pictures
    channels = [np.asarray(channel) for channel in image.convert("RGB").split()]
    clearest = max(channels, key=_contrast)
    is_clearer = _contrast(clearest) > MIN_CONTRAST_RATIO * _contrast(luminance)
    return clearest if is_clearer else luminance


def _contrast(channel: MatLike) -> float:
    low, high, _, _ = cv2.minMaxLoc(channel)
    return high - low
