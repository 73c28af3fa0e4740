"""Ink of a drawing: its paper has exactly one level, as only a screen can show."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Gray, Ink

MIN_SIDE_PX = 8  # a smaller picture is too small to write on
MIN_PAPER_SHARE = 0.6  # of the outermost pixels
PAPER_LEVELS = 2  # so near to the paper's: the compression of a drawing changes levels so much
INK_LEVELS = 4  # levels so near to that of most of the ink are the same
MAX_OTHER_SHARE = 0.5  # of all pixels; a photo with a margin of one level has more others
MIN_CONTRAST = 20  # levels between paper and ink; a picture with less is blank
FAINT_PX = 2  # around pixels of contrast: the soft edge of a stroke
MIN_LINE_SHARE = 0.8  # of a side: a stroke so long and straight may be a printed line
BAND_SHARE = 0.2  # of the other side, from the edge, in which such lines are searched


def is_drawing(gray: Gray) -> bool:
    """Return whether a picture [H, W] was drawn on a screen, and no line frames it."""
    paper = _paper_level(gray)
    if paper is None or _count_others(gray, paper) > MAX_OTHER_SHARE * gray.size:
        return False
    ink = cv2.absdiff(gray, np.full_like(gray, paper)) >= MIN_CONTRAST
    return not (_is_lined(ink) and _is_lined(ink.T))


def extract_drawn_ink(gray: Gray) -> Ink:
    """Return the ink [H, W], 0 to 255, of a drawing [H, W]; all 0 if it is blank."""
    paper = _paper_level(gray)
    if min(gray.shape) < MIN_SIDE_PX or paper is None:
        return np.zeros_like(gray)
    is_darker = cv2.sumElems(gray)[0] <= paper * gray.size
    ink = cv2.subtract(paper, gray) if is_darker else cv2.subtract(gray, paper)  # type: ignore[call-overload]
    return _stretch(np.asarray(ink, dtype=np.uint8))


def _paper_level(gray: Gray) -> int | None:
    """Return the level of most of the outermost pixels, or None if there is none."""
    outermost = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    counts = np.bincount(outermost, minlength=256)
    level = int(counts.argmax())
    return (
        level
        if counts[_near(level, PAPER_LEVELS)].sum() >= MIN_PAPER_SHARE * outermost.size
        else None
    )


def _count_others(gray: Gray, paper: int) -> int:
    """Return the number of pixels that have neither the paper's level nor that of most ink."""
    counts = cv2.calcHist([gray], [0], None, [256], [0, 256]).ravel()
    counts[_near(paper, PAPER_LEVELS)] = 0
    counts[_near(int(counts.argmax()), INK_LEVELS)] = 0
    return int(counts.sum())


def _near(level: int, reach: int) -> slice:
    return np.s_[max(level - reach, 0) : level + reach + 1]


def _is_lined(ink: npt.NDArray[np.bool_]) -> bool:
    """Return whether a straight line runs along most of the upper or the lower edge."""
    height = max(3, round(BAND_SHARE * len(ink)))
    bands = (ink[:height], ink[-height:])
    return any(float(band.mean(axis=1).max()) > MIN_LINE_SHARE for band in bands)


def _stretch(ink: Ink) -> Ink:
    """Stretch the ink of an evenly lit picture so that its strongest is 255."""
    stretched = np.zeros_like(ink)
    x, y, width, height = cv2.boundingRect(cv2.compare(ink, MIN_CONTRAST, cv2.CMP_GE))  # type: ignore[call-overload]
    if width:
        top, left = max(y - FAINT_PX, 0), max(x - FAINT_PX, 0)
        window = np.s_[top : y + height + FAINT_PX, left : x + width + FAINT_PX]
        stretched[window] = cv2.convertScaleAbs(ink[window], alpha=255 / _strength(ink[window]))
    return stretched


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
