"""Ink of a drawing whose strokes are known.

They are drawn anew, so that any size of writing and any pen gives the ink that the networks read
best; and each on a layer of its own, so that digits that touch or overlap come apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from server.contract import Strokes
from server.errors import InvalidPayload
from server.recognition.ink.page import InkPage
from server.recognition.ink.stroke_layers import draw_layers
from server.recognition.ink.traces import Path

HEIGHT_PX = 80  # of the writing, as it is drawn
PEN = 0.07  # width of the pen, in heights of the writing
MAX_AREA_PX = 1_000_000  # of all layers together
MIN_ASPECT = 0.3  # height over width of a stroke: a flatter one counts as so high
MIN_HEIGHT_PX = 4.0  # of writing on the picture: smaller is a dot
MAX_OUTSIDE_PX = 2.0  # of the picture: its sides are rounded


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
    height = max(writing_height(paths), MIN_HEIGHT_PX)
    sizes = [*(np.ptp(path, axis=0) for path in paths), high - low]
    area = float(np.prod(np.array(sizes) + height, axis=1).sum())
    scale = min(HEIGHT_PX / height, math.sqrt(MAX_AREA_PX / area))
    pen_px = max(1, round(PEN * height * scale))
    margin = pen_px // 2 + 2
    width, rows = np.ceil((high - low) * scale + 2 * margin + 1).astype(int).tolist()
    layers = draw_layers([(path - low) * scale + margin for path in paths], pen_px)
    left, top = (low - margin / scale).tolist()
    ink, moved = layers.ink(width, rows), height > MIN_HEIGHT_PX  # a dot has no direction
    return InkPage(ink, size, 1 / scale, left, top, layers=layers if moved else None)


def writing_height(paths: Sequence[Path]) -> float:
    """Return the height of strokes of which half of the ink is no higher."""
    sizes = np.array([np.ptp(path, axis=0) for path in paths])
    heights = np.maximum(sizes[:, 1], MIN_ASPECT * sizes[:, 0])
    lengths = np.array([float(np.abs(np.diff(path, axis=0)).sum()) + 1 for path in paths])
    order = heights.argsort()
    inked = lengths[order].cumsum()
    middle = int(np.searchsorted(inked, inked[-1] / 2))
    return float(heights[order[middle]])
