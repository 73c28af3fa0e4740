"""Ink on photos and scans, found by a network for every pixel.

The network reads writing of any size, best of about TARGET_HEIGHT_PX. Looks at the whole
picture, from far away and from near, find where the writing is and how large; a last look finds
its ink there at its best size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Color, Ink
from server.recognition.confidence import Calibration
from server.recognition.ink.page import InkPage
from server.recognition.ink.sure_pieces import MIN_INK_LEVEL, chance_of_no_loss, keep_sure
from server.recognition.onnx_model import ModelCard, open_model, read_card

STEP_PX = 32  # the network takes sides of a multiple of this
FAR_SIDE_PX = 128  # the longer side of a picture seen from far away
MIN_FAR_HEIGHT_PX = 16  # of the writing, to be seen well from there
MIN_SEEN_SHARE = 0.85  # of the ink that a nearer look finds
MIN_KEPT_SHARE = 0.5  # of the ink that a look from farther away finds
NEAR_PX = 300_000  # of a whole picture seen from near
NEAREST_PX = 900_000  # of one on which nothing was found from there
FINE_PX = 700_000  # at most, of the part with the writing
TARGET_HEIGHT_PX = 60  # of the writing in that part
MARGIN = 1.5  # around the writing, in its heights
MAX_GROWTH = 4  # looks at a wider window
MIN_GROWN = 1.05  # of its area, by what was found near its edges
MAX_ENLARGEMENT = 4.0
SAME_SCALE = 1.3  # another look so much larger or smaller would gain nothing


@dataclass(frozen=True)
class Window:
    """A part of a picture, in its pixels: left, top, right and bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    def union(self, other: Window) -> Window:
        return Window(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class InkCard(ModelCard, frozen=True, kw_only=True):
    """The card of a model that finds ink."""

    calibration: Calibration = Calibration()


class InkFinder:
    """The network that finds ink. Several threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open its ONNX file. Raise ConfigurationError if it does not fit."""
        self._card = read_card(path, InkCard)
        self._model = open_model(path, self._card, (None, None, 3), (None, None))

    def find(self, picture: Color) -> InkPage:
        """Return the ink of a picture [H, W, 3], 0 to 255, around what is written on it."""
        page = self._look_at_whole(picture)
        return self._look_closely(picture, page) if _is_inked(page) else page

    def _look_at_whole(self, picture: Color) -> InkPage:
        """Return the ink of a whole picture from as far away as all of it can be seen."""
        whole = _whole(picture)
        far = self._look(picture, whole, _side_scale(picture, FAR_SIDE_PX))
        near = self._look(picture, whole, _area_scale(picture, NEAR_PX))
        if not _is_inked(near) and not _is_inked(far) and whole.area > NEAR_PX:
            return self._look(picture, whole, _area_scale(picture, NEAREST_PX))
        return far if _sees_all(far, near) else near

    def _look_closely(self, picture: Color, page: InkPage) -> InkPage:
        """Return the ink at its best size, around the ink that was found from farther away.

        If most of that is not found again, it was better seen from there. Where more is found
        beside it, the window grows and the next look follows.
        """
        writing_px = _writing_height(page.ink) * page.scale
        margin = round(MARGIN * writing_px)
        window = _window_around(page, margin, _whole(picture))
        best = min(TARGET_HEIGHT_PX / writing_px, MAX_ENLARGEMENT)
        scale = min(best, math.sqrt(FINE_PX / window.area))
        if 1 / SAME_SCALE < scale * page.scale < SAME_SCALE:
            return page
        closer = self._look(picture, window, scale)
        for _ in range(MAX_GROWTH):
            wider = _window_around(closer, margin, _whole(picture)).union(window)
            if wider.area < MIN_GROWN * window.area:
                break
            window, scale = wider, min(scale, math.sqrt(FINE_PX / wider.area))
            closer = self._look(picture, window, scale)
        if _inked_area(closer) < MIN_KEPT_SHARE * _inked_area(page):
            return page
        return replace(closer, certainty=closer.certainty * chance_of_no_loss(page, closer))

    def _look(self, picture: Color, window: Window, scale: float) -> InkPage:
        """Return the ink of a window of the picture, enlarged or reduced by `scale`."""
        part = picture[window.top : window.bottom, window.left : window.right]
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        resized = cv2.resize(part, size, interpolation=method)
        right, bottom = -size[0] % STEP_PX, -size[1] % STEP_PX
        padded = cv2.copyMakeBorder(resized, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
        levels = self._model.run(padded[None].astype(np.float32) / np.float32(255))[0]
        ink, certainty = keep_sure((levels[: size[1], : size[0]] * 255).astype(np.uint8))
        sides = (picture.shape[1], picture.shape[0])
        calibration = self._card.calibration
        return InkPage(ink, sides, 1 / scale, window.left, window.top, certainty, calibration)


def _whole(picture: Color) -> Window:
    return Window(0, 0, picture.shape[1], picture.shape[0])


def _side_scale(picture: Color, side_px: int) -> float:
    return min(MAX_ENLARGEMENT, side_px / float(max(picture.shape[:2])))


def _area_scale(picture: Color, area_px: int) -> float:
    height, width = picture.shape[:2]
    return max(min(1.0, math.sqrt(area_px / (height * width))), _side_scale(picture, FAR_SIDE_PX))


def _sees_all(far: InkPage, near: InkPage) -> bool:
    """Return whether a look from far away finds large writing, and all that a nearer one finds."""
    if not _is_inked(far) or _writing_height(far.ink) < MIN_FAR_HEIGHT_PX:
        return False
    height, width = near.ink.shape
    found = cv2.resize(far.ink, (width, height), interpolation=cv2.INTER_LINEAR) >= MIN_INK_LEVEL
    inked = near.ink >= MIN_INK_LEVEL
    return bool((found & inked).sum() >= MIN_SEEN_SHARE * inked.sum())


def _inked_area(page: InkPage) -> float:
    """Return the area of the ink in pixels of the picture."""
    return float((page.ink >= MIN_INK_LEVEL).sum() * page.scale**2)


def _is_inked(page: InkPage) -> bool:
    return bool(page.ink.any())


def _pieces(ink: Ink) -> npt.NDArray[np.int32]:
    """Return OpenCV's statistics [N, 5] of the pieces of ink."""
    mask = (ink >= MIN_INK_LEVEL).astype(np.uint8)
    return np.asarray(cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:])


def _writing_height(ink: Ink) -> float:
    """Return the height of pieces of which half of the ink is no higher."""
    pieces = _pieces(ink)
    pieces = pieces[pieces[:, cv2.CC_STAT_HEIGHT].argsort()]
    inked = pieces[:, cv2.CC_STAT_AREA].cumsum()
    middle = int(np.searchsorted(inked, inked[-1] / 2))
    return float(pieces[middle, cv2.CC_STAT_HEIGHT])


def _window_around(page: InkPage, margin_px: int, whole: Window) -> Window:
    """Return the window of all ink of a page with a margin, in pixels of the picture."""
    x, y, width, height = cv2.boundingRect((page.ink >= MIN_INK_LEVEL).astype(np.uint8))
    left, top, scale = page.left, page.top, page.scale
    return Window(
        max(whole.left, math.floor(left + x * scale) - margin_px),
        max(whole.top, math.floor(top + y * scale) - margin_px),
        min(whole.right, math.ceil(left + (x + width) * scale) + margin_px),
        min(whole.bottom, math.ceil(top + (y + height) * scale) + margin_px),
    )
