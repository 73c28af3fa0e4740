"""Drawings that are not digits."""

from __future__ import annotations

import numpy as np

from model.rendering import crop
from model.shapes import blot, compound


def test_blot_leaves_ink() -> None:
    rng = np.random.default_rng(1)
    assert min(crop(blot(rng)).size for _ in range(3_000)) > 0


def test_compound_keeps_the_strokes_of_both_characters_beside_each_other() -> None:
    rng = np.random.default_rng(1)
    bar = [np.array([[0, 0], [0, 50]], np.float32)]
    for _ in range(50):
        strokes = compound(bar, [stroke[::-1] * 3 for stroke in bar], rng)
        assert len(strokes) == 2
        low, high = strokes[0].min(axis=0), strokes[1].max(axis=0)
        assert (high - low).max() > 0.5
        assert np.abs(np.concatenate(strokes)).max() < 2
