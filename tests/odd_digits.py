"""Digits as some people write them, which the networks take for others."""

from __future__ import annotations

import numpy as np

# A 4 in one stroke: the network takes it for a 9.
FOUR = [(55, 10), (30, 0), (5, 20), (10, 45), (40, 50), (55, 30), (55, 10), (52, 100)]
FOUR_SIZE = (160, 160)


def write_four(seed: int) -> list[list[float]]:
    """Return the strokes of such a 4; each seed gives another one."""
    rng = np.random.default_rng(seed)
    bent = np.array(FOUR) @ (np.eye(2) + rng.normal(0, 0.05, (2, 2)))
    return [(bent - bent.min(axis=0) + 20).ravel().round(1).tolist()]
