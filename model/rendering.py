"""Rendering of pen strokes as ink."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from model.datasets import Drawing
from server.recognition.arrays import Ink, Normalized
from server.recognition.ink.pieces import MIN_STROKE_LEVEL
from server.recognition.reading.normalization import normalize

SUBPIXEL_BITS = 4


def render(drawing: Drawing, size_px: float, pen_px: float) -> Ink:
    """Render strokes with a round pen and a margin; the longer side is `size_px` long."""
    size = float(np.ptp(np.concatenate(drawing), axis=0).max())
    [ink] = render_each([drawing], size_px / max(size, 1e-6), pen_px)
    return ink


def render_each(drawings: Sequence[Drawing], scale: float, pen_px: float) -> list[Ink]:
    """Render each drawing on a sheet of its own; all sheets share one coordinate system."""
    points = np.concatenate([stroke for drawing in drawings for stroke in drawing])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = pen_px + 2
    width, height = np.ceil((high - low) * scale + 2 * margin).astype(int)
    inks = [np.zeros((height, width), dtype=np.uint8) for _ in drawings]
    for ink, drawing in zip(inks, drawings, strict=True):
        for stroke in drawing:
            line = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
            path = ((line - low) * scale + margin) * 2**SUBPIXEL_BITS
            cv2.polylines(
                ink, [np.round(path).astype(np.int32)], False, 255,
                max(1, round(pen_px)), cv2.LINE_AA, SUBPIXEL_BITS,
            )  # fmt: skip
    return inks


def crop(ink: Ink) -> Ink:
    """Cut ink to its bounding box, as segmentation does."""
    left, top, width, height = cv2.boundingRect(
        cv2.threshold(ink, MIN_STROKE_LEVEL, 255, cv2.THRESH_BINARY)[1]
    )
    return ink[top : top + height, left : left + width]


def normalize_ink(ink: Ink) -> Normalized:
    """Return ink as the 28×28 picture that the server classifies."""
    return normalize(crop(ink))
