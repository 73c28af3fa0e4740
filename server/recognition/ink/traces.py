"""Traces: strokes drawn as ink together with the direction in which the pen moved.

Ink tells where the pen was, a trace also which way it went: a 9 begins with its ring, an r with its
stem. After Z. Bai and Q. Huo 2005, A Study on the
Use of 8-Directional Features for Online Handwritten Chinese Character Recognition.
"""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Trace

Path = npt.NDArray[np.float32]  # [P, 2], x and y in pixels

Number = TypeVar("Number", bound=np.generic)

CHANNELS = 4  # ink and three directions
SUBPIXEL_BITS = 4
TOLERANCE_PX = 0.5  # by which a path is straightened: the hand's tremor is no direction
_ANGLES = np.radians([0, 120, 240])
_DIRECTIONS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])


def draw_trace(trace: Trace, path: Path, pen_px: int) -> None:
    """Draw a path into a trace [H, W, 4], over what is there."""
    corners = cv2.approxPolyDP(path[:, None], TOLERANCE_PX, closed=False)[:, 0]
    steps = corners[1:] - corners[:-1]
    lengths = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-6)
    along = np.maximum(steps @ _DIRECTIONS, 0) / lengths[:, None] * 255
    points = np.rint(corners * 2**SUBPIXEL_BITS).astype(int).tolist()
    if len(points) == 1:
        _draw_line(trace, points[0], points[0], (255, 0, 0, 0), pen_px)
    for start, end, color in zip(points, points[1:], along.tolist(), strict=False):
        _draw_line(trace, start, end, (255, *color), pen_px)


def _draw_line(
    trace: Trace, start: list[int], end: list[int], color: tuple[float, ...], pen_px: int
) -> None:
    cv2.line(trace, start, end, color, pen_px, cv2.LINE_AA, SUBPIXEL_BITS)


def ink_of(drawn: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Return the ink [H, W] of a trace [H, W, 4]; ink alone is returned as it is."""
    return drawn if drawn.ndim == 2 else drawn[..., 0]
