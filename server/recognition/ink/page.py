"""The ink of a picture, and where it is on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from server.recognition.arrays import Ink
from server.recognition.confidence import Calibration
from server.recognition.ink.pieces import Box
from server.recognition.ink.stroke_layers import StrokeLayers


@dataclass(frozen=True)
class InkPage:
    """Ink [H, W] of a whole picture, or of the part with the writing.

    `size` is the width and height of the picture in its own pixels, and so are `left` and `top`,
    where the ink begins, and `scale`, the length of one pixel of ink. `certainty`, 0 to 1, is that
    all of it is ink and that none was left out, and `calibration` that of what is read there. The
    ink is turned counterclockwise by `turns` right angles. `layers` are those of its strokes, if
    they are known.
    """

    ink: Ink
    size: tuple[int, int]
    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0
    certainty: float = 1.0
    calibration: Calibration = Calibration()
    turns: int = 0
    layers: StrokeLayers | None = None

    def enlarge(self, factor: float) -> InkPage:
        """Return the same ink on a picture that is larger by this factor."""
        width, height = self.size
        return replace(
            self,
            size=(round(width * factor), round(height * factor)),
            scale=self.scale * factor,
            left=self.left * factor,
            top=self.top * factor,
        )

    def turn(self, turns: int) -> InkPage:
        """Return the page with its ink turned counterclockwise by right angles."""
        ink = np.ascontiguousarray(np.rot90(self.ink, turns))
        return replace(self, ink=ink, turns=self.turns + turns)

    def place(self, box: Box) -> tuple[int, int, int, int]:
        """Return left, top, width and height on the picture of a box on the ink."""
        height, width = self.ink.shape
        for _ in range(self.turns):
            box = Box(height - box.bottom, box.left, height - box.top, box.right)
            height, width = width, height
        return (
            round(self.left + box.left * self.scale),
            round(self.top + box.top * self.scale),
            round(box.width * self.scale),
            round(box.height * self.scale),
        )
