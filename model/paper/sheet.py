"""A sheet of paper while it is made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.paper.writing import Floats


@dataclass(frozen=True)
class Cells:
    """Rows of printed cells for one digit each; lengths are in pixels."""

    left: float
    top: float
    width: float
    height: float
    count: int
    rows: int = 1


@dataclass(frozen=True)
class Sheet:
    """The reflectance [H, W, 3] of a sheet, 0 to 1, and the coverage of its ink [H, W].

    `height_px` is the height of the digits on it.
    """

    reflectance: Floats
    ink: Floats
    height_px: float
    rng: np.random.Generator

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self.ink.shape
        return height, width

    def blank_layer(self) -> Floats:
        return np.zeros(self.shape, np.float32)

    def lay(self, coverage: Floats, color: Floats, strength: float | Floats) -> None:
        """Lay a color on the sheet where there is coverage [H, W]."""
        alpha = (coverage * np.float32(1) * strength)[..., None]
        self.reflectance[...] += alpha * (color - self.reflectance)

    def log_uniform(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))
