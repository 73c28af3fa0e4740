"""Ink of a drawing whose strokes are known.

They are drawn anew, so that any size of writing and any pen gives the ink that the networks read
best; and each on a layer of its own, so that digits that touch or overlap come apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from server.contract import Strokes
from server.errors import InvalidPayload
from server.recognition.arrays import Ink
from server.recognition.ink.masks import to_mask
from server.recognition.ink.page import InkPage
from server.recognition.ink.pieces import MIN_STROKE_LEVEL, Box
from server.recognition.ink.stroke_layers import StrokeLayers

Path = npt.NDArray[np.float32]  # [P, 2], x and y

HEIGHT_PX = 80  # of the writing, as it is drawn
PEN = 0.07  # width of the pen, in heights of the writing
MAX_AREA_PX = 1_000_000  # of all layers together
MIN_ASPECT = 0.3  # height over width of a stroke: a flatter one counts as so high
MIN_HEIGHT_PX = 4.0  # of writing on the picture: smaller is a dot
MAX_OUTSIDE_PX = 2.0  # of the picture: its sides are rounded
SUBPIXEL_BITS = 4


def draw_strokes(strokes: Strokes, size: tuple[int, int]) -> InkPage:
    """Draw strokes on a picture of this width and height, with a pen that fits the writing.

    Raise InvalidPayload if they leave the picture.
    """
    paths = [np.reshape(np.array(stroke, np.float32), (-1, 2)) for stroke in strokes]
    points = np.concatenate(paths)
    low, high = points.min(axis=0), points.max(axis=0)
    if low.min() < -MAX_OUTSIDE_PX or (high > np.array(size) + MAX_OUTSIDE_PX).any():
        raise InvalidPayload(
            f"`strokes` leave the picture, which has {size[0]} × {size[1]} pixels. Give x and y of "
            "each point in its pixels."
        )
    sizes = np.array([np.ptp(path, axis=0) for path in paths])
    height = _writing_height(paths, sizes)
    area = float(np.prod(np.vstack([sizes, high - low]) + height, axis=1).sum())
    scale = min(HEIGHT_PX / height, math.sqrt(MAX_AREA_PX / area))
    pen_px = max(1, round(PEN * height * scale))
    margin = pen_px // 2 + 2
    width, rows = np.ceil((high - low) * scale + 2 * margin + 1).astype(int).tolist()
    ink = np.zeros((rows, width), np.uint8)
    drawn = [_draw((path - low) * scale + margin, pen_px, margin) for path in paths]
    for box, layer in drawn:
        np.maximum(ink[box.window], layer, out=ink[box.window])
    layers = StrokeLayers([box for box, _ in drawn], [layer for _, layer in drawn])
    left, top = (low - margin / scale).tolist()
    return InkPage(ink, size, 1 / scale, left, top, layers=layers)


def _draw(path: Path, pen_px: int, margin: int) -> tuple[Box, Ink]:
    """Return the box of a stroke, and its ink; it is drawn with a margin."""
    corner = np.floor(path.min(axis=0)) - margin
    width, height = (np.ceil(path.max(axis=0)) + margin + 1 - corner).astype(int).tolist()
    layer = np.zeros((height, width), np.uint8)
    line = path if len(path) > 1 else np.repeat(path, 2, axis=0)
    points = np.round((line - corner) * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.polylines(layer, [points], False, 255, pen_px, cv2.LINE_AA, SUBPIXEL_BITS)
    x, y, width, height = cv2.boundingRect(to_mask(layer, MIN_STROKE_LEVEL))
    left, top = corner.astype(int).tolist()
    box = Box(left + x, top + y, left + x + width, top + y + height)
    return box, layer[y : y + height, x : x + width]


def _writing_height(paths: Sequence[Path], sizes: npt.NDArray[np.float32]) -> float:
    """Return the height of strokes of which half of the ink is no higher; `sizes` are theirs."""
    heights = np.maximum(sizes[:, 1], MIN_ASPECT * sizes[:, 0])
    lengths = np.array([float(np.abs(np.diff(path, axis=0)).sum()) + 1 for path in paths])
    order = heights.argsort()
    inked = lengths[order].cumsum()
    middle = int(np.searchsorted(inked, inked[-1] / 2))
    return max(float(heights[order[middle]]), MIN_HEIGHT_PX)
