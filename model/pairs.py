"""Training examples of two digits that touch, and of what is no such pair."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from model.datasets import Drawing, Images
from model.drawing import crop, vary
from model.examples import NO_DIGIT, Sources, part_any_number
from model.numbers import NONE, compose
from model.shapes import doodle
from model.styles import restyle
from model.templates import write
from server.recognition.pairs import PairFields, normalize_pair

# How many an epoch has.
PAIRS = 30_000
GAPS = (-0.3, 0.06)  # between the digits of a pair, in widths of the narrower
WRITTEN = 0.25  # of the digits are made by template
NUMBERS = 4_000  # of two and three digits, parted
PARTS_OF_NUMBERS = 3  # of each, at most
OTHERS = 18_000  # single digits, shapes and other signs, which are no pair

DIGITS, DOODLES = 0.3, 0.1  # of the latter

PairLabels = npt.NDArray[np.uint8]  # [N, 2], 10 for what is no pair
Example = tuple[PairFields, tuple[int, int]]


def make_pairs_epoch(sources: Sources, seed: int) -> tuple[Images, PairLabels]:
    """Pictures [N, 28, 44], 0 to 255, and the two digits of each, in random order."""
    rng = np.random.default_rng(seed)
    examples = [
        *_make_pairs(sources, rng),
        *_part_numbers(sources, rng),
        *_make_others(sources, rng),
    ]
    order = rng.permutation(len(examples))
    pictures = (np.stack([picture for picture, _ in examples]) * 255).round().astype(np.uint8)
    return pictures[order], np.array([labels for _, labels in examples], dtype=np.uint8)[order]


def _make_pairs(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    for _ in range(PAIRS):
        (left, a), (right, b) = _choose(sources, rng), _choose(sources, rng)
        drawings = compose([left, right], [rng.uniform(*GAPS)], rng)
        strokes = [stroke for drawing in drawings for stroke in drawing]
        yield normalize_pair(crop(vary(strokes, rng))), (a, b)


def _part_numbers(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    """Pairs that were cut out of longer numbers, and what is more or less than a pair."""
    for _ in range(NUMBERS):
        parts, labels = part_any_number(sources, rng)
        known = [(parted.candidate.ink, pair) for parted in parts if (pair := parted.pair())]
        for index in rng.permutation(len(known))[:PARTS_OF_NUMBERS]:
            ink, (left, right) = known[index]
            own = (NO_DIGIT, NO_DIGIT) if left == NONE else (labels[left], labels[right])
            yield normalize_pair(crop(ink)), own


def _make_others(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    for _ in range(OTHERS):
        drawing = _make_other(sources, rng)
        yield normalize_pair(crop(vary(drawing, rng))), (NO_DIGIT, NO_DIGIT)


def _make_other(sources: Sources, rng: np.random.Generator) -> Drawing:
    kind = rng.uniform()
    if kind < DIGITS:
        return _choose(sources, rng)[0]
    if kind < DIGITS + DOODLES:
        return doodle(rng)
    return sources.others[int(rng.integers(len(sources.others)))]


def _choose(sources: Sources, rng: np.random.Generator) -> tuple[Drawing, int]:
    """A digit as somebody wrote it, or by template."""
    if rng.uniform() < WRITTEN:
        digit = int(rng.integers(10))
        return write(digit, rng), digit
    drawing, digit = sources.digits[int(rng.integers(len(sources.digits)))]
    return restyle(drawing, digit, rng), digit
