"""The strokes of a drawing, each on a layer of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from server.recognition.arrays import ComponentIds, Ink, Trace
from server.recognition.ink.masks import to_mask
from server.recognition.ink.pieces import MIN_STROKE_LEVEL, Box, Piece
from server.recognition.ink.traces import CHANNELS, Path, draw_trace


@dataclass(frozen=True)
class StrokeLayers:
    """The trace of each stroke alone, cut to its box."""

    overlap: ClassVar[bool] = True

    boxes: list[Box]
    traces: list[Trace]

    def ink(self, width: int, height: int) -> Ink:
        """Return the ink [height, width] of all strokes."""
        ink = np.zeros((height, width), np.uint8)
        for box, trace in zip(self.boxes, self.traces, strict=True):
            np.maximum(ink[box.window], trace[..., 0], out=ink[box.window])
        return ink

    def cut_out(self, piece: Piece) -> Trace:
        """Return the trace of a piece's strokes in its box."""
        left, top = piece.box.left, piece.box.top
        cut = np.zeros((piece.box.height, piece.box.width, CHANNELS), np.uint8)
        for id in piece.ids:
            box = self.boxes[id]
            window = cut[box.top - top : box.bottom - top, box.left - left : box.right - left]
            np.maximum(window, self.traces[id], out=window)
        return cut

    def pieces_on(self, ids: ComponentIds, component_ids: Sequence[int]) -> list[Piece]:
        """Return the strokes that lie on connected components [H, W], from left to right."""
        pieces = [
            Piece(box, (index,))
            for index, (box, trace) in enumerate(zip(self.boxes, self.traces, strict=True))
            if int(ids[box.window].flat[trace[..., 0].argmax()]) in component_ids
        ]
        return sorted(pieces, key=lambda piece: piece.box.left + piece.box.right)


def draw_layers(paths: Sequence[Path], pen_px: int) -> StrokeLayers:
    """Draw each path on a layer of its own."""
    drawn = [_draw(path, pen_px) for path in paths]
    return StrokeLayers([box for box, _ in drawn], [trace for _, trace in drawn])


def _draw(path: Path, pen_px: int) -> tuple[Box, Trace]:
    margin = pen_px // 2 + 2
    left, top = (math.floor(side) - margin for side in path.min(axis=0).tolist())
    right, bottom = (math.ceil(side) + margin + 1 for side in path.max(axis=0).tolist())
    trace = np.zeros((bottom - top, right - left, CHANNELS), np.uint8)
    draw_trace(trace, path - np.array([left, top], np.float32), pen_px)
    x, y, width, height = cv2.boundingRect(to_mask(trace[..., 0], MIN_STROKE_LEVEL))
    box = Box(left + x, top + y, left + x + width, top + y + height)
    return box, trace[y : y + height, x : x + width]
