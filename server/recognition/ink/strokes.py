"""Ink of a drawing whose strokes are known.

They are drawn anew, so that any size of writing and any pen gives the ink that the networks read
best; and each on a layer of its own, so that digits that touch or overlap come apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise

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
    points = np.array([*chain.from_iterable(strokes)], np.float32).reshape(-1, 2)
    bounds = [*accumulate((len(stroke) // 2 for stroke in strokes), initial=0)]
    lows = np.minimum.reduceat(points, bounds[:-1])
    highs = np.maximum.reduceat(points, bounds[:-1])
    low, high = lows.min(axis=0), highs.max(axis=0)
    _require_inside(low.tolist(), high.tolist(), size)
    paths = [points[first:end] for first, end in pairwise(bounds)]
    height = max(writing_height(paths), MIN_HEIGHT_PX)
    sizes = np.concatenate([highs - lows, [high - low]]) + height
    scale = min(HEIGHT_PX / height, math.sqrt(MAX_AREA_PX / float(sizes.prod(axis=1).sum())))
    pen_px = max(1, round(PEN * height * scale))
    margin = pen_px // 2 + 2
    width, rows = (math.ceil(side) for side in ((high - low) * scale + 2 * margin + 1).tolist())
    placed = (points - low) * scale + margin
    layers = draw_layers([placed[first:end] for first, end in pairwise(bounds)], pen_px)
    left, top = (low - margin / scale).tolist()
    ink, moved = layers.ink(width, rows), height > MIN_HEIGHT_PX  # a dot has no direction
    return InkPage(ink, size, 1 / scale, left, top, layers=layers if moved else None)


def _require_inside(low: list[float], high: list[float], size: tuple[int, int]) -> None:
    sides = zip(high, size, strict=True)
    if min(low) < -MAX_OUTSIDE_PX or any(place > side + MAX_OUTSIDE_PX for place, side in sides):
        raise InvalidPayload(
            f"`strokes` leave the picture, which has {size[0]} × {size[1]} pixels. Give x and y of "
            "each point in its pixels."
        )


def writing_height(paths: Sequence[Path]) -> float:
    """Return the height of strokes of which half of the ink is no higher."""
    sizes = np.array([np.ptp(path, axis=0) for path in paths])
    heights = np.maximum(sizes[:, 1], MIN_ASPECT * sizes[:, 0])
    if len(paths) == 1:
        return float(heights[0])
    lengths = np.array([float(np.abs(np.diff(path, axis=0)).sum()) + 1 for path in paths])
    order = heights.argsort()
    inked = lengths[order].cumsum()
    middle = int(np.searchsorted(inked, inked[-1] / 2))
    return float(heights[order[middle]])
