"""Numbers made of single digits, and what the server takes for one digit in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.datasets import Drawing
from model.rendering import draw_each
from server.recognition.ink.extraction import Ink
from server.recognition.reading.segmentation import Candidate, Line, segment

NONE = -1

WHOLE, INTRUDING = 0.78, 0.2  # of a digit's ink: so much of one and so little of others is a digit
CROWDED = 0.35  # of a digit's ink: so much of others is no digit
NARROW = 0.25  # of its height: a bare 1 counts as so wide


def compose(
    digits: Sequence[Drawing], gaps: Sequence[float], rng: np.random.Generator, pen: float = 0.0
) -> list[Drawing]:
    """Digits beside each other, of about one height and on about one line.

    `gaps` are those between the ink of neighbours, drawn with a pen so many heights wide, in
    widths of the narrower; negative where they overlap.
    """
    placed: list[Drawing] = []
    reach = previous = 0.0
    for digit, gap in zip(digits, [0.0, *gaps], strict=True):
        fitted = fit(digit, float(rng.uniform(0.85, 1.15)))
        width, height = np.ptp(np.concatenate(fitted), axis=0).tolist()
        left = reach + pen + gap * max(min(width, previous) + pen, NARROW)
        shift = np.array([left, rng.normal(0, 0.04) - height / 2], dtype=np.float32)
        placed.append([stroke + shift for stroke in fitted])
        reach, previous = left + width, width
    return placed


def fit(drawing: Drawing, height: float) -> Drawing:
    """The drawing with its left top in the origin, and of this height."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = height / max(float(size[1]), 0.3 * float(size[0]), 1e-6)
    return [((stroke - low) * scale).astype(np.float32) for stroke in drawing]


@dataclass(frozen=True)
class Found:
    """A candidate that the server finds in a number, with its share of each digit's ink."""

    candidate: Candidate
    shares: list[float]

    def digit(self) -> int | None:
        """The index of the digit that it is; NONE for more than one digit.

        None for a part of a digit, which may look like another, and for what is between.
        """
        own = max(range(len(self.shares)), key=self.shares.__getitem__)
        others = sum(self.shares) - self.shares[own]
        if self.shares[own] < WHOLE:
            return None
        return own if others <= INTRUDING else NONE if others > CROWDED else None


def find_in_number(digits: Sequence[Drawing], scale: float, pen_px: float) -> list[Found]:
    """Draw digits, and find the candidates in them as the server would."""
    inks = draw_each(digits, scale, pen_px)
    return [
        Found(candidate, _shares(line, candidate, inks))
        for line in segment(np.maximum.reduce(inks))
        for candidate in line.candidates
    ]


def _shares(line: Line, candidate: Candidate, inks: Sequence[Ink]) -> list[float]:
    """How much of each digit's ink is in a candidate."""
    run = line.pieces[candidate.first : candidate.last + 1]
    box = candidate.box
    window = np.s_[box.top : box.bottom, box.left : box.right]
    own = np.isin(line.labels[window], [label for piece in run for label in piece.labels])
    return [float(ink[window][own].sum(dtype=np.int64) / ink.sum(dtype=np.int64)) for ink in inks]
