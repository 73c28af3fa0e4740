"""Drawings that are not digits."""

from __future__ import annotations

import numpy as np

from model.rendering import crop
from model.shapes import blot


def test_blot_leaves_ink() -> None:
    rng = np.random.default_rng(1)
    assert min(crop(blot(rng)).size for _ in range(3_000)) > 0
