"""A gray picture → its ink: white on black, whatever the paper, the light or the pen."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Gray, Ink
from server.recognition.ink.border import erase_border
from server.recognition.ink.ruled_lines import erase_edge_pieces, erase_ruled_lines

MIN_SIDE_PX = 8  # of a picture on which something can be written
FLAT_SHARE = 0.6  # of the border within FLAT_LEVELS of one gray: the paper is evenly lit
FLAT_LEVELS = 6
DRAWN_LEVELS = 1  # so even is no paper on a photo
MIN_CONTRAST = 20  # gray levels between paper and ink, under which a picture counts as blank
FAINT_PX = 2  # around what has contrast: the soft edge of its strokes
PAPER_SIDE_PX = 256  # the size at which uneven light is estimated
STROKE_SHARE = 1 / 3  # of the longer side: no stroke on a photo is wider
NEIGHBORHOOD = 1 / 4  # of the longer side: ink is as strong as the strongest so near to it
WEAKEST = 0.4  # of the strongest ink: how much weaker the ink elsewhere may be
NOISE, FULL = 0.35, 0.75  # of the ink's strength: below is paper, above is full ink


def extract_ink(gray: Gray) -> Ink:
    """Gray [H, W] → ink [H, W], 0 (paper) to 255 (full ink); all zeros for a blank picture.

    A printed frame, and the rules of ruled paper on a photo, are no ink.
    """
    if min(gray.shape) < MIN_SIDE_PX:
        return np.zeros_like(gray)
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    counts = np.bincount(border, minlength=256)
    level = int(counts.argmax())
    flat = _count_near(counts, level, FLAT_LEVELS) >= FLAT_SHARE * border.size
    ink = _from_paper(gray, level) if flat else _from_photo(gray)
    if _count_near(counts, level, DRAWN_LEVELS) >= FLAT_SHARE * border.size:
        return erase_border(ink, photo=False)
    framed = erase_border(ink, photo=True)
    return erase_edge_pieces(framed if flat else erase_ruled_lines(framed))


def _count_near(counts: npt.NDArray[np.intp], level: int, levels: int) -> int:
    """How many of what was counted are within so many gray levels of one."""
    return int(counts[max(level - levels, 0) : level + levels + 1].sum())


def _from_paper(gray: Gray, level: int) -> Ink:
    """Ink by its distance to the one gray of evenly lit paper, on the side that has more of it."""
    darker = cv2.sumElems(gray)[0] <= level * gray.size
    ink = cv2.subtract(level, gray) if darker else cv2.subtract(gray, level)  # type: ignore[call-overload]
    return _stretch(np.asarray(ink, dtype=np.uint8))


def _stretch(ink: Ink) -> Ink:
    """Bring the strongest ink of an evenly lit picture to 255."""
    stretched = np.zeros_like(ink)
    x, y, width, height = cv2.boundingRect(cv2.compare(ink, MIN_CONTRAST, cv2.CMP_GE))  # type: ignore[call-overload]
    if width:
        top, left = max(y - FAINT_PX, 0), max(x - FAINT_PX, 0)
        window = np.s_[top : y + height + FAINT_PX, left : x + width + FAINT_PX]
        stretched[window] = cv2.convertScaleAbs(ink[window], alpha=255 / _strength(ink[window]))
    return stretched


def _from_photo(gray: Gray) -> Ink:
    """Ink by its contrast to the paper around it, relative to the ink around it."""
    if np.median(gray) < cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]:
        gray = cv2.bitwise_not(gray)  # type: ignore[assignment]
    contrast = _contrast_to_paper(gray)
    strongest = _strength(contrast)
    if strongest < MIN_CONTRAST:
        return np.zeros_like(contrast)
    strength = _around(contrast, NEIGHBORHOOD, cv2.MORPH_DILATE)
    strength = np.clip(strength, WEAKEST * strongest, strongest).astype(np.float32)
    share = contrast / strength
    return (np.clip((share - NOISE) / (FULL - NOISE), 0, 1) * 255).astype(np.uint8)


def _contrast_to_paper(gray: Gray) -> Ink:
    """By how much ink is darker than its paper, 0 to 255 for paper to black, in any light."""
    paper = _around(gray, STROKE_SHARE, cv2.MORPH_CLOSE)
    return np.asarray(cv2.divide(cv2.subtract(paper, gray), paper, scale=255), dtype=np.uint8)


def _around(levels: Gray, reach: float, operation: int) -> Gray:
    """A morphological operation over a share of the longer side, smoothed, at a small size."""
    height, width = levels.shape
    shrink = min(1.0, PAPER_SIDE_PX / max(height, width))
    small = cv2.resize(levels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    diameter = max(3, round(max(small.shape) * reach)) | 1
    kernel = np.ones((diameter, diameter), np.uint8)
    padded = np.pad(small, diameter, mode="edge")
    changed = cv2.GaussianBlur(cv2.morphologyEx(padded, operation, kernel), (0, 0), diameter / 6)
    inner = changed[diameter:-diameter, diameter:-diameter]
    return np.asarray(cv2.resize(inner, (width, height)), dtype=np.uint8)


def _strength(ink: Ink) -> float:
    """The level that a tenth of the inked pixels reach: full ink, without the odd spike."""
    counts = cv2.calcHist([ink], [0], None, [256], [0, 256]).ravel()[MIN_CONTRAST:]
    left = 0.1 * float(counts.sum())
    if left == 0:
        return 0
    level = 255
    for count in counts[::-1]:
        left -= count
        if left <= 0:
            break
        level -= 1
    return level
