"""Numbers of several digits made of single ones, and what the server's seams make of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.datasets import Drawing
from model.drawing import draw_each
from server.recognition.ink import Ink
from server.recognition.segmentation import Candidate, Line, part, segment

WHOLE, INTRUDING = 0.78, 0.2  # of a digit's ink: so much of one and so little of others is a digit
BROKEN, CROWDED = 0.5, 0.35  # of a digit's ink: so little of one or so much of others is none
BARE = 0.3  # of its height: a more slender candidate may look like a 1, whatever it is part of
TALL = 0.6  # of the line's height: a smaller candidate is told by its height alone


def compose(
    digits: Sequence[Drawing], gaps: Sequence[float], rng: np.random.Generator
) -> list[Drawing]:
    """Digits beside each other, of about one height and on about one line.

    `gaps` are those between neighbours, in widths of the narrower; negative where they overlap.
    """
    placed: list[Drawing] = []
    reach = previous = 0.0
    for digit, gap in zip(digits, [0.0, *gaps], strict=True):
        fitted = fit(digit, float(rng.uniform(0.85, 1.15)))
        width, height = np.ptp(np.concatenate(fitted), axis=0).tolist()
        left = reach + gap * max(min(width, previous), 0.25)
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


def part_number(
    digits: Sequence[Drawing], scale: float, pen_px: float
) -> list[tuple[Ink, int | None]]:
    """Draw digits and part them as the server would → candidates' ink, and which digit each is.

    None is for what is no digit: a part of one, or more than one. Candidates between the two, and
    those that are told by their form alone, are left out.
    """
    inks = draw_each(digits, scale, pen_px)
    found: list[tuple[Ink, int | None]] = []
    for line in segment(np.maximum.reduce(inks)):
        parted = part(line, range(len(line.pieces)))
        for candidate in parted.candidates:
            shares = _shares(parted, candidate, inks)
            own = max(range(len(shares)), key=shares.__getitem__)
            others = sum(shares) - shares[own]
            if shares[own] >= WHOLE and others <= INTRUDING:
                found.append((candidate.ink, own))
            elif _judged_by_looks(candidate) and (shares[own] < BROKEN or others > CROWDED):
                found.append((candidate.ink, None))
    return found


def _shares(line: Line, candidate: Candidate, inks: Sequence[Ink]) -> list[float]:
    """How much of each digit's ink is in a candidate."""
    run = line.pieces[candidate.first : candidate.last + 1]
    box = candidate.box
    window = np.s_[box.top : box.bottom, box.left : box.right]
    own = np.isin(line.labels[window], [label for piece in run for label in piece.labels])
    return [float(ink[window][own].sum(dtype=np.int64) / ink.sum(dtype=np.int64)) for ink in inks]


def _judged_by_looks(candidate: Candidate) -> bool:
    height, width = candidate.ink.shape
    return candidate.height > TALL and width > BARE * height
