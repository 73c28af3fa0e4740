"""Extraction of ink from a grayscale picture, whatever the paper, the light or the pen."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Gray, Ink
from server.recognition.ink.border import erase_border
from server.recognition.ink.masks import shrink
from server.recognition.ink.ruled_lines import erase_edge_pieces, erase_ruled_lines

MIN_SIDE_PX = 8  # a smaller picture is too small to write on
MIN_EVEN_SHARE = 0.6  # of the outermost pixels, for their most frequent level to be the paper's
EVEN_LEVELS = 6  # levels so near to that are the same: the paper is evenly lit
DRAWN_LEVELS = 1  # on a photo no paper is so even: the picture was drawn on a screen
MIN_CONTRAST = 20  # levels between paper and ink; a picture with less is blank
FAINT_PX = 2  # around pixels of contrast: the soft edge of a stroke

LIGHT_SIDE_PX = 256  # the longer side of the picture in which uneven light is estimated
MAX_STROKE_SHARE = 1 / 3  # of the longer side: no stroke on a photo is wider
NEIGHBORHOOD_SHARE = 1 / 4  # of the longer side: full ink is as strong as the strongest so near
MIN_STRENGTH = 0.4  # of the strongest ink on the picture, for full ink elsewhere
MAX_PAPER_SHARE, MIN_FULL_SHARE = 0.35, 0.75  # of full ink's strength: below is paper, above full


def extract_ink(gray: Gray) -> Ink:
    """Return the ink [H, W], 0 to 255, of a grayscale picture [H, W]; all 0 if it is blank.

    A border, and on a photo ruled lines and what is cut off at the edges, do not count as ink.
    """
    if min(gray.shape) < MIN_SIDE_PX:
        return np.zeros_like(gray)
    outermost = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    counts = np.bincount(outermost, minlength=256)
    level, wanted = int(counts.argmax()), MIN_EVEN_SHARE * outermost.size
    is_even = _count_near(counts, level, EVEN_LEVELS) >= wanted
    ink = _from_even_paper(gray, level) if is_even else _from_photo(gray)
    if _count_near(counts, level, DRAWN_LEVELS) >= wanted:
        return erase_border(ink, photo=False)
    ink = erase_border(ink, photo=True)
    return erase_edge_pieces(ink if is_even else erase_ruled_lines(ink))


def _count_near(counts: npt.NDArray[np.intp], level: int, reach: int) -> int:
    """Return the sum of the counts of the levels within `reach` of a level."""
    return int(counts[max(level - reach, 0) : level + reach + 1].sum())


def _from_even_paper(gray: Gray, paper: int) -> Ink:
    """Return ink by its distance to the level of the paper, on the side that has more of it."""
    is_darker = cv2.sumElems(gray)[0] <= paper * gray.size
    ink = cv2.subtract(paper, gray) if is_darker else cv2.subtract(gray, paper)  # type: ignore[call-overload]
    return _stretch(np.asarray(ink, dtype=np.uint8))


def _stretch(ink: Ink) -> Ink:
    """Stretch the ink of an evenly lit picture so that its strongest is 255."""
    stretched = np.zeros_like(ink)
    x, y, width, height = cv2.boundingRect(cv2.compare(ink, MIN_CONTRAST, cv2.CMP_GE))  # type: ignore[call-overload]
    if width:
        top, left = max(y - FAINT_PX, 0), max(x - FAINT_PX, 0)
        window = np.s_[top : y + height + FAINT_PX, left : x + width + FAINT_PX]
        stretched[window] = cv2.convertScaleAbs(ink[window], alpha=255 / _strength(ink[window]))
    return stretched


def _from_photo(gray: Gray) -> Ink:
    """Return ink by its contrast to the paper around it, relative to that of the ink around it."""
    if np.median(gray) < cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]:
        gray = cv2.bitwise_not(gray)  # type: ignore[assignment]
    contrast = _contrast_to_paper(gray)
    strongest = _strength(contrast)
    if strongest < MIN_CONTRAST:
        return np.zeros_like(contrast)
    strength = _smooth(contrast, NEIGHBORHOOD_SHARE, cv2.MORPH_DILATE)
    strength = np.clip(strength, MIN_STRENGTH * strongest, strongest).astype(np.float32)
    share = contrast / strength
    full = (share - MAX_PAPER_SHARE) / (MIN_FULL_SHARE - MAX_PAPER_SHARE)
    return (np.clip(full, 0, 1) * 255).astype(np.uint8)


def _contrast_to_paper(gray: Gray) -> Ink:
    """Return how much darker than its paper each pixel is: 0 as the paper, 255 black."""
    paper = _smooth(gray, MAX_STROKE_SHARE, cv2.MORPH_CLOSE)
    return np.asarray(cv2.divide(cv2.subtract(paper, gray), paper, scale=255), dtype=np.uint8)


def _smooth(levels: Gray, reach: float, operation: int) -> Gray:
    """Return levels after a morphological operation over `reach` of the longer side, blurred.

    It is done at a small size, and the result is enlarged.
    """
    height, width = levels.shape
    small, _ = shrink(levels, LIGHT_SIDE_PX)
    diameter = max(3, round(max(small.shape) * reach)) | 1
    kernel = np.ones((diameter, diameter), np.uint8)
    padded = np.pad(small, diameter, mode="edge")
    changed = cv2.GaussianBlur(cv2.morphologyEx(padded, operation, kernel), (0, 0), diameter / 6)
    inner = changed[diameter:-diameter, diameter:-diameter]
    return np.asarray(cv2.resize(inner, (width, height)), dtype=np.uint8)


def _strength(ink: Ink) -> float:
    """Return the level that a tenth of the inked pixels reach: full ink without outliers."""
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
