"""A picture of any mode → grey, with the ink set off from the paper as far as can be."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

CLEARER = 2  # times the contrast of luminance: so much clearer is a channel that is used instead

Grey = npt.NDArray[np.uint8]


def to_grey(image: Image.Image) -> Grey:
    """Any mode of Pillow → grey [H, W], 0 (black) to 255 (white)."""
    if image.mode.startswith(("I", "F")):
        return _stretch(np.asarray(image.convert(image.mode[0])))  # I;16 and its like become I
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.has_transparency_data:
        return _lay_on_paper(np.asarray(image.convert("RGBA")))
    return _clearest_grey(image)


def is_clear(grey: cv2.typing.MatLike) -> bool:
    """Whether the luminance has so much contrast that no colour channel is far clearer."""
    return CLEARER * _contrast(grey) >= 255


def _stretch(levels: npt.NDArray[np.generic]) -> Grey:
    """Levels of any depth (16 bit, 32 bit, float) → 0 to 255."""
    if levels.dtype == np.float32:
        levels = np.nan_to_num(levels, posinf=0, neginf=0)
    stretched = cv2.normalize(levels, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]
    return np.asarray(stretched, dtype=np.uint8)


def _lay_on_paper(rgba: npt.NDArray[np.uint8]) -> Grey:
    """Lay a transparent picture on the paper, white or black, that its ink stands out from."""
    grey = cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY)
    alpha = rgba[..., 3].astype(np.float32) / 255
    if alpha.min() > 0.99:
        return _clearest_grey(Image.fromarray(rgba))
    mean = float((grey * alpha).sum() / max(alpha.sum(), 1e-6))
    paper = 255.0 if mean < 128 else 0.0
    return (grey * alpha + paper * (1 - alpha)).astype(np.uint8)


def _clearest_grey(image: Image.Image) -> Grey:
    """Luminance, or the one colour channel in which the picture has far more contrast.

    Yellow on white, or red on a green as bright, is seen in one channel only.
    """
    grey = np.asarray(image.convert("L"))
    if is_clear(grey):
        return grey  # as most pictures are
    channels = image.convert("RGB").split()
    clearest = max(channels, key=lambda channel: _contrast(np.asarray(channel)))
    grey_of_clearest = np.asarray(clearest)
    return grey_of_clearest if _contrast(grey_of_clearest) > CLEARER * _contrast(grey) else grey


def _contrast(channel: cv2.typing.MatLike) -> float:
    low, high, _, _ = cv2.minMaxLoc(channel)
    return high - low
