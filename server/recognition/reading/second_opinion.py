"""A second opinion on doubtful ink, from the network for touching digits.

The first network has read each option of the best path as one symbol. Where that is doubtful, the
ink may be several digits that touch, so the second network reads it as a whole. Both opinions are
weighed:

    p_i(l)   probability of label l for option i by the first network; p_i(?) is "no digit"
    Q(s)     probability of text s by the second network (`TouchingReading.likelihood`)
    f        the text as found: the most probable label of each option by the first network
    t        the most probable text by the second network
    ρ        OTHERS_SHARE

    found    w(f) = √( Π p_i(f_i) · Q(f) )
    second   w(t) = √( Π p_i(?) · Q(t) )
    others   w(o) = √( Π p_i(?) ) · ρ · max(0, 1 - Q(f) - Q(t))

w(f) and w(t) are geometric means of the two opinions. To the first network, digits that touch are
"no digit": hence p_i(?) in w(t), and in the weight of all other texts, w(o). The heavier of f and t
is the reading; its confidence is its share of w(f) + w(t) + w(o).

If there is only one option, each of its labels l competes with w(l) = √( p(l) · Q(l) ). Then Σ w(l)
takes the place of w(f) in the sum, Σ Q(l) that of Q(f), and Q(t) counts only if t is longer than
one label.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.recognition.arrays import Ink
from server.recognition.ink.pieces import Box, cut_out
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.best_path import Option
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.segmentation import Line, join
from server.recognition.reading.symbols import InkReading, Symbol
from server.recognition.reading.touching import MAX_ASPECT, TouchingReading, normalize_touching

MIN_SURE = 0.95  # probability below which an option is doubtful
MAX_SURE_ASPECT = 1.6  # width over height above which an option is doubtful
MAX_GAP = 0.06  # in heights of the line, between doubtful options that are read together
EXPONENT = 0.5  # of each opinion: their geometric mean
OTHERS_SHARE = 0.3  # ρ
MIN_WEIGHT = 1e-12  # avoids division by zero, and leaves blank ink to the first network


@dataclass(frozen=True)
class Group:
    """Neighbors on the best path of a line: one option, or doubtful ones to be read together."""

    options: tuple[Option, ...]
    is_doubtful: bool


def group_options(line: Line, options: Sequence[Option]) -> list[Group]:
    """Return the options of a line's best path with doubtful neighbors grouped."""
    max_gap = MAX_GAP * max(piece.box.height for piece in line.pieces)
    groups: list[Group] = []
    for option in options:
        is_doubtful = _is_doubtful(option)
        last = groups[-1] if groups else None
        if last and last.is_doubtful and is_doubtful and _gap(last.options[-1], option) <= max_gap:
            groups[-1] = Group((*last.options, option), True)
        else:
            groups.append(Group((option,), is_doubtful))
    return groups


def _is_doubtful(option: Option) -> bool:
    box = option.candidate.box
    is_unsure = float(option.probabilities.max()) < MIN_SURE or option.label == NO_DIGIT_LABEL
    is_wide = box.width > MAX_SURE_ASPECT * box.height
    return (is_unsure or is_wide) and box.width < MAX_ASPECT * box.height


def _gap(left: Option, right: Option) -> int:
    return -left.candidate.box.shared_width(right.candidate.box)


def read_as_found(options: Sequence[Option]) -> InkReading:
    """Return each option as one symbol."""
    symbols = [Symbol(o.candidate.box, o.candidate.ink, o.probabilities) for o in options]
    return InkReading(symbols, math.prod(symbol.confidence for symbol in symbols))


def ask_second_opinion(line: Line, group: Group, classifier: Classifier) -> InkReading:
    """Return a group as it was found or as touching digits, whichever has more weight."""
    if len(group.options) == 1:
        [option] = group.options
        [touching] = classifier.read_touching([normalize_touching(option.candidate.ink)])
        return _weigh_one(option, touching)
    piece = join(line, group.options[0].candidate.first, group.options[-1].candidate.last)
    ink = cut_out(line.ink, line.component_ids, piece)
    [touching] = classifier.read_touching([normalize_touching(ink)])
    return _weigh_several(group.options, piece.box, ink, touching)


def _weigh_one(option: Option, touching: TouchingReading) -> InkReading:
    """Weigh the labels of one option against the touching digits."""
    row, box, ink = option.probabilities, option.candidate.box, option.candidate.ink
    singles = touching.single_likelihoods() + MIN_WEIGHT
    found = row**EXPONENT * singles**EXPONENT
    likelihood = touching.likelihood(touching.labels) if len(touching.labels) > 1 else 0.0
    second, others = _weigh_second(float(row[NO_DIGIT_LABEL]), float(singles.sum()), likelihood)
    total = max(float(found.sum()) + second + others, MIN_WEIGHT)
    if second > found.max():
        return InkReading(_split(box, ink, touching), second / total)
    return InkReading([Symbol(box, ink, found / total)], float(found.max()) / total)


def _weigh_several(
    options: Sequence[Option], box: Box, ink: Ink, touching: TouchingReading
) -> InkReading:
    """Weigh several options, read as they were found, against the touching digits."""
    reading = read_as_found(options)
    as_found = touching.likelihood([symbol.label for symbol in reading.symbols])
    likelihood = touching.likelihood(touching.labels) if touching.labels else 0.0
    no_digits = math.prod(float(option.probabilities[NO_DIGIT_LABEL]) for option in options)
    found = (reading.confidence * as_found) ** EXPONENT
    second, others = _weigh_second(no_digits, as_found, likelihood)
    total = max(found + second + others, MIN_WEIGHT)
    if second > found:
        return InkReading(_split(box, ink, touching), second / total)
    return InkReading(reading.symbols, found / total)


def _weigh_second(no_digits: float, as_found: float, likelihood: float) -> tuple[float, float]:
    """Return w(t) and w(o) from Π p_i(?), Q(f) and Q(t)."""
    weight = no_digits**EXPONENT
    others = weight * OTHERS_SHARE * max(0.0, 1 - as_found - likelihood)
    return weight * likelihood**EXPONENT, others


def _split(box: Box, ink: Ink, touching: TouchingReading) -> list[Symbol]:
    """Return a symbol for each label; its part of the box reaches halfway to its neighbors."""
    centers = [box.width * place for place in touching.places]
    inner = [round((a + b) / 2) for a, b in pairwise(centers)]
    parts = zip(pairwise([0, *inner, box.width]), touching.rows, strict=True)
    return [
        Symbol(Box(box.left + left, box.top, box.left + right, box.bottom), ink[:, left:right], row)
        for (left, right), row in parts
    ]
