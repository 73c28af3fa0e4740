"""The strokes of a drawing, each on a layer of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from server.recognition.arrays import ComponentIds, Ink
from server.recognition.ink.pieces import Box, Piece


@dataclass(frozen=True)
class StrokeLayers:
    """The ink of each stroke alone, cut to its box."""

    overlap: ClassVar[bool] = True

    boxes: list[Box]
    inks: list[Ink]

    def cut_out(self, piece: Piece) -> Ink:
        """Return the ink of a piece's strokes in its box."""
        left, top = piece.box.left, piece.box.top
        cut = np.zeros((piece.box.height, piece.box.width), np.uint8)
        for id in piece.ids:
            box = self.boxes[id]
            window = cut[box.top - top : box.bottom - top, box.left - left : box.right - left]
            np.maximum(window, self.inks[id], out=window)
        return cut

    def pieces_on(self, ids: ComponentIds, component_ids: Sequence[int]) -> list[Piece]:
        """Return the strokes that lie on connected components [H, W], from left to right."""
        pieces = [
            Piece(box, (index,))
            for index, (box, ink) in enumerate(zip(self.boxes, self.inks, strict=True))
            if int(ids[box.window].flat[ink.argmax()]) in component_ids
        ]
        return sorted(pieces, key=lambda piece: piece.box.left + piece.box.right)
