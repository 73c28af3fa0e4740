"""A grey picture → its ink: white on black, whatever the paper, the light or the pen."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Ink = npt.NDArray[np.uint8]

FLAT_SHARE = 0.6  # of the border within FLAT_LEVELS of one grey: the paper is evenly lit
FLAT_LEVELS = 6
MIN_CONTRAST = 20  # grey levels between paper and ink, under which a picture counts as blank
NOISE_FLOOR = 0.3  # on a photo, what is fainter than this share of the ink is paper
PAPER_SIDE_PX = 256  # the size at which uneven light is estimated


def extract_ink(grey: Grey) -> Ink:
    """Grey [H, W] → ink [H, W], 0 (paper) to 255 (full ink); all zeros for a blank picture."""
    paper = flat_paper(grey)
    if paper is None:
        return _stretch(_from_uneven_paper(grey), NOISE_FLOOR)
    darker, lighter = cv2.subtract(paper, grey), cv2.subtract(grey, paper)
    ink = darker if cv2.sumElems(darker)[0] >= cv2.sumElems(lighter)[0] else lighter
    return _stretch(np.asarray(ink, dtype=np.uint8), 0)


def flat_paper(grey: Grey) -> Grey | None:
    """The one grey that most of the border has, [H, W]; None where the light is uneven."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    counts = np.bincount(border, minlength=256)
    level = int(counts.argmax())
    near = counts[max(level - FLAT_LEVELS, 0) : level + FLAT_LEVELS + 1].sum()
    return np.full_like(grey, level) if near >= FLAT_SHARE * border.size else None


def _from_uneven_paper(grey: Grey) -> Ink:
    """Subtract the paper's own shade, estimated by a closing wider than any stroke."""
    if np.median(grey) < _otsu(grey):
        grey = cv2.bitwise_not(grey)  # type: ignore[assignment]
    height, width = grey.shape
    shrink = min(1.0, PAPER_SIDE_PX / max(height, width))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    reach = max(3, max(small.shape) // 12) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), reach / 3)
    return np.asarray(cv2.subtract(cv2.resize(paper, (width, height)), grey), dtype=np.uint8)


def _otsu(grey: Grey) -> float:
    return cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]


def _stretch(ink: Ink, noise_floor: float) -> Ink:
    """Bring the strongest ink to 255 and what is below the noise floor to 0."""
    contrast = _full_ink(ink)
    if contrast < MIN_CONTRAST:
        return np.zeros_like(ink)
    floor = noise_floor * contrast
    levels = (np.arange(256) - floor) * (255 / (contrast - floor))
    return np.asarray(cv2.LUT(ink, np.clip(levels, 0, 255).astype(np.uint8)), dtype=np.uint8)


def _full_ink(ink: Ink) -> float:
    """The level that a tenth of the inked pixels reach: full ink, without the odd spike."""
    counts = np.bincount(ink.ravel(), minlength=256)
    counts[:MIN_CONTRAST] = 0
    reached = counts[::-1].cumsum()
    return 0 if reached[-1] == 0 else 255 - int(np.searchsorted(reached, 0.1 * reached[-1]))
