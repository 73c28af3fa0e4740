"""Numbers composed of single digits, and the candidates that the server finds in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.datasets import Drawing
from model.rendering import render_each
from server.recognition.arrays import Ink
from server.recognition.ink.pieces import MIN_STROKE_LEVEL
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.segmentation import segment

SEVERAL_DIGITS = -1

# Shares of a digit's ink.
MIN_OWN_SHARE = 0.78  # a candidate with less of a digit is only a part of it
MAX_OTHER_SHARE = 0.2  # a candidate with no more of the other digits is one digit
MIN_SEVERAL_SHARE = 0.35  # a candidate with more of the other digits is several digits

MIN_WIDTH = 0.25  # in heights, as which a plain 1 counts


def compose(
    digits: Sequence[Drawing], gaps: Sequence[float], rng: np.random.Generator, pen: float = 0.0
) -> list[Drawing]:
    """Place digits side by side, about equally high and on about one line.

    `pen` is the pen's width in heights. `gaps` lie between the ink of neighbors, in widths of the
    narrower one; negative gaps overlap.
    """
    placed: list[Drawing] = []
    right = previous = 0.0
    for digit, gap in zip(digits, [0.0, *gaps], strict=True):
        scaled = scale_to_height(digit, float(rng.uniform(0.85, 1.15)))
        width, height = np.ptp(np.concatenate(scaled), axis=0).tolist()
        left = right + pen + gap * max(min(width, previous) + pen, MIN_WIDTH)
        shift = np.array([left, rng.normal(0, 0.04) - height / 2], dtype=np.float32)
        placed.append([stroke + shift for stroke in scaled])
        right, previous = left + width, width
    return placed


def scale_to_height(drawing: Drawing, height: float) -> Drawing:
    """Scale a drawing to this height, with its top left corner at the origin."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = height / max(float(size[1]), 0.3 * float(size[0]), 1e-6)
    return [((stroke - low) * scale).astype(np.float32) for stroke in drawing]


@dataclass(frozen=True)
class FoundCandidate:
    """A candidate that the server finds in a number, with its share of each digit's ink."""

    candidate: Candidate
    shares: list[float]

    def digit_index(self) -> int | None:
        """Return the index of its digit, SEVERAL_DIGITS, or None if it is ambiguous."""
        own = max(range(len(self.shares)), key=self.shares.__getitem__)
        others = sum(self.shares) - self.shares[own]
        if self.shares[own] < MIN_OWN_SHARE:
            return None
        if others <= MAX_OTHER_SHARE:
            return own
        return SEVERAL_DIGITS if others > MIN_SEVERAL_SHARE else None


def find_candidates(digits: Sequence[Drawing], scale: float, pen_px: float) -> list[FoundCandidate]:
    """Render digits on one sheet, and find the candidates as the server does."""
    inks = render_each(digits, scale, pen_px)
    return [
        FoundCandidate(candidate, _ink_shares(candidate, inks))
        for line in segment(np.maximum.reduce(inks))
        for candidate in line.candidates
    ]


def _ink_shares(candidate: Candidate, inks: Sequence[Ink]) -> list[float]:
    """Return the share of each digit's ink that is in a candidate."""
    window, mask = candidate.box.window, candidate.ink > MIN_STROKE_LEVEL
    return [float(ink[window][mask].sum(dtype=np.int64) / ink.sum(dtype=np.int64)) for ink in inks]
