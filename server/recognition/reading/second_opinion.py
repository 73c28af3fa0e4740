"""A second opinion on ink that reads badly: as a string, since it may be digits that touch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.recognition.arrays import Ink, Probabilities
from server.recognition.ink.pieces import Box, cut_out
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.best_path import Option
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.segmentation import Line, join
from server.recognition.reading.touching import (
    MAX_WIDTH_HEIGHTS,
    TouchingReading,
    normalize_touching,
)

DOUBT = 0.95  # of probability: ink that reads worse is doubtful,
WIDE = 1.6  # of its height: and so is wider ink
CLOSE = 0.06  # of the line's height: doubtful ink so near to each other is one string
POWER = 0.5  # to which both opinions are raised: their geometric mean
REST = 0.3  # of the likelihood of all other strings counts against the likeliest
LEAST = 1e-12  # of weight


@dataclass(frozen=True)
class Symbol:
    """A digit, or ink [h, w] that is none, with its probabilities [11]."""

    box: Box
    ink: Ink
    probabilities: Probabilities

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())


@dataclass(frozen=True)
class InkReading:
    """What ink says, from left to right; `confidence` is that all of it is right."""

    symbols: list[Symbol]
    confidence: float


@dataclass(frozen=True)
class Group:
    """Neighbours on the best path of a line: one that reads well, or what may be a string."""

    options: tuple[Option, ...]
    doubtful: bool


def find_groups(line: Line, options: Sequence[Option]) -> list[Group]:
    close = CLOSE * max(piece.box.height for piece in line.pieces)
    groups: list[Group] = []
    for option in options:
        doubtful = _is_doubtful(option)
        last = groups[-1] if groups else None
        if last and last.doubtful and doubtful and _gap(last.options[-1], option) <= close:
            groups[-1] = Group((*last.options, option), True)
        else:
            groups.append(Group((option,), doubtful))
    return groups


def _is_doubtful(option: Option) -> bool:
    box = option.candidate.box
    unsure = float(option.probabilities.max()) < DOUBT
    wide = box.width > WIDE * box.height
    return (
        unsure or wide or option.label == NO_DIGIT_LABEL
    ) and box.width < MAX_WIDTH_HEIGHTS * box.height


def _gap(left: Option, right: Option) -> int:
    return -left.candidate.box.shared_width(right.candidate.box)


def read_as_found(options: Sequence[Option]) -> InkReading:
    """Each option as the one sign that it was taken for."""
    symbols = [Symbol(o.candidate.box, o.candidate.ink, o.probabilities) for o in options]
    return InkReading(symbols, math.prod(sign.confidence for sign in symbols))


def ask_second_opinion(line: Line, group: Group, classifier: Classifier) -> InkReading:
    """A doubtful group as what was found, or as a string, whichever both networks like better."""
    options = group.options
    if len(options) == 1:
        [option] = options
        [string] = classifier.read_touching([normalize_touching(option.candidate.ink)])
        return _weigh_sign(option, string)
    piece = join(line, options[0].candidate.first, options[-1].candidate.last)
    ink = cut_out(line.ink, line.component_ids, piece)
    [string] = classifier.read_touching([normalize_touching(ink)])
    return _weigh_signs(options, piece.box, ink, string)


def _weigh_sign(option: Option, string: TouchingReading) -> InkReading:
    """One sign, of which each label may be right, against the string."""
    row, box, ink = option.probabilities, option.candidate.box, option.candidate.ink
    singles = string.single_likelihoods() + LEAST  # of what is blank, as the first says
    alone = row**POWER * singles**POWER
    likely = string.likelihood(string.labels) if len(string.labels) > 1 else 0.0
    several = float(row[NO_DIGIT_LABEL]) ** POWER
    rest = several * REST * max(0.0, 1 - float(singles.sum()) - likely)
    several *= likely**POWER
    total = max(float(alone.sum()) + several + rest, LEAST)
    if several > alone.max():
        return InkReading(_split(box, ink, string), several / total)
    return InkReading([Symbol(box, ink, alone / total)], float(alone.max()) / total)


def _weigh_signs(
    options: Sequence[Option], box: Box, ink: Ink, string: TouchingReading
) -> InkReading:
    """Several symbols as they were found, against the string."""
    found = read_as_found(options)
    as_found = string.likelihood([sign.label for sign in found.symbols])
    likely = string.likelihood(string.labels) if string.labels else 0.0
    own = (found.confidence * as_found) ** POWER
    other = math.prod(float(option.probabilities[NO_DIGIT_LABEL]) for option in options) ** POWER
    rest = other * REST * max(0.0, 1 - as_found - likely)
    several = other * likely**POWER
    total = max(own + several + rest, LEAST)
    if several > own:
        return InkReading(_split(box, ink, string), several / total)
    return InkReading(found.symbols, own / total)


def _split(box: Box, ink: Ink, string: TouchingReading) -> list[Symbol]:
    """Each label's part of the box, and of its ink, reaches halfway to its neighbors'."""
    centers = [box.width * place for place in string.places]
    inner = [round((a + b) / 2) for a, b in pairwise(centers)]
    return [
        Symbol(Box(box.left + left, box.top, box.left + right, box.bottom), ink[:, left:right], row)
        for (left, right), row in zip(pairwise([0, *inner, box.width]), string.rows, strict=True)
    ]
