"""Reading of a part of a line by two networks, weighed against each other.

The classifier reads candidates one by one: the lattice of their paths gives each text a weight. The
line network reads the part as a whole, and so sees what the candidates do not: digits that touch,
and how the writer's other digits look. For a text s

    P(s)  its weight in the lattice
    Q(s)  its probability by the line network, the geometric mean of several pictures of the part;
          that of no digit at all has all texts of such ink, into however many it is cut
    R(s)  how usual its numbers beside slashes are: of 1, 2 or 4 digits
    w(s)  P(s)^LATTICE_EXPONENT · Q(s)^LINE_EXPONENT · R(s)

The heaviest of the texts that either finds probable is the reading. Its confidence is its share of
their weights; it is no surer than its least sure label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from server.recognition.arrays import Probabilities
from server.recognition.ink.pieces import Box
from server.recognition.labels import LABEL_COUNT, NO_DIGIT_LABEL, SLASH_LABEL, is_digit, is_sign
from server.recognition.reading.lattice import Labels, Lattice, Option, Step
from server.recognition.reading.line_network import LineReading
from server.recognition.reading.symbols import InkReading, Symbol, rank

LATTICE_EXPONENT, LINE_EXPONENT = 1.0, 0.6
MIN_LIKELIHOOD = 1e-6
UNUSUAL, USUAL_LENGTHS = 0.1, (1, 2, 4)  # for each number beside a slash of another length
NONE_TEXTS = [(NO_DIGIT_LABEL,) * count for count in range(1, 6)]  # of ink without any digit


def weigh(lattice: Lattice, lines: Sequence[LineReading], left: int) -> InkReading:
    """Return the reading of a part of a line whose ink begins at `left`.

    `lines` are readings of pictures of the part; the places in the last one are used.
    """
    lines = [_teach(line, lattice.options, left) for line in lines]
    signs = [(sign, left + column) for line in lines for sign, column in line.signs]
    found_texts = [line.text for line in lines if line.text]
    considered = sorted({*found_texts, *lattice.texts(signs), *NONE_TEXTS})
    weighed = {text: lattice.weight(text) for text in considered}
    shares = {text: weight for text, weight in weighed.items() if weight}
    texts = [*shares]
    found = np.maximum([_likelihoods(line, texts) for line in lines], MIN_LIKELIHOOD)
    likelihoods = np.exp(np.log(found).mean(axis=0))
    weights = np.array([*shares.values()]) ** LATTICE_EXPONENT * likelihoods**LINE_EXPONENT
    weights *= [_usualness(text) for text in texts]
    merged = _merge_none(dict(zip(texts, weights.tolist(), strict=True)))
    total = sum(merged.values())
    ranked = rank({text: weight / total for text, weight in merged.items()})
    best, confidence = ranked[0]
    symbols = _to_symbols(lattice.trace(best), lines[-1], best, left)
    least = min(symbol.confidence for symbol in symbols)
    others = [InkReading(_guess_symbols(lattice.trace(text)), share) for text, share in ranked[1:]]
    return InkReading(symbols, min(confidence, least), tuple(others))


def _teach(line: LineReading, options: Sequence[Option], left: int) -> LineReading:
    """Return a reading that gains from a person's examples where the candidates do."""
    taught = [(each.candidate.box, each.gains) for each in options if each.gains is not None]
    if not taught:
        return line
    places, gains = line.places + left, np.ones((len(line.places), LABEL_COUNT))
    for box, gained in taught:
        inside = (places >= box.left) & (places < box.right)
        gains[inside] = np.maximum(gains[inside], gained)
    return line.multiply(gains)


def _likelihoods(line: LineReading, texts: Sequence[Labels]) -> list[float]:
    """Return the probability of each text; all texts without any digit or sign share theirs."""
    likelihoods = line.likelihoods([*texts, *NONE_TEXTS])
    none = sum(likelihoods[len(texts) :])
    return [
        none if {*text} == {NO_DIGIT_LABEL} else likelihood
        for text, likelihood in zip(texts, likelihoods, strict=False)
    ]


def _usualness(text: Labels) -> float:
    """Return a factor for the weight of a text: dates and shares have short numbers."""
    if SLASH_LABEL not in text:
        return 1.0
    runs = "".join("/" if label == SLASH_LABEL else "0" for label in text).split("/")
    return float(UNUSUAL ** sum(len(run) not in USUAL_LENGTHS for run in runs))


def _merge_none(weights: Mapping[Labels, float]) -> dict[Labels, float]:
    """Return the weights of texts; all without any digit, even a sign alone, become one of "?".

    Since those of no digit share their likelihood, only the heaviest of them counts.
    """
    merged = {text: w for text, w in weights.items() if any(map(is_digit, text))}
    nones = {text: w for text, w in weights.items() if {*text} == {NO_DIGIT_LABEL}}
    others = [text for text in weights if text not in merged and text not in nones]
    if nones or others:
        best = max(nones or others, key=weights.__getitem__)
        weight = nones.get(best, 0.0) + sum(weights[text] for text in others)
        merged[(NO_DIGIT_LABEL,) * len(best)] = weight
    return merged


def _to_symbols(steps: Sequence[Step], line: LineReading, text: Labels, left: int) -> list[Symbol]:
    vectors = line.find(text)
    rows = line.rows(vectors)
    places = [left + int(line.places[vector]) for vector in vectors]
    symbols: list[Symbol] = []
    for step in steps:
        span = slice(len(symbols), len(symbols) + len(step.labels))
        symbols += _split(step, rows[span], places[span])
    return symbols


def _guess_symbols(steps: Sequence[Step]) -> list[Symbol]:
    """Return symbols in boxes of equal width: where exactly another reading lies nobody sees."""
    symbols: list[Symbol] = []
    for step in steps:
        box, count = step.option.candidate.box, len(step.labels)
        places = [round(box.left + (k + 0.5) * box.width / count) for k in range(count)]
        symbols += _split(step, np.tile(step.option.with_signs, (count, 1)), places)
    return symbols


def _split(step: Step, rows: Probabilities, places: list[int]) -> list[Symbol]:
    """Return a symbol for each label of a step; its part of the box reaches halfway to the next."""
    box, ink = step.option.candidate.box, step.option.candidate.ink
    if len(step.labels) == 1:
        [label] = step.labels
        row = step.option.with_signs**LATTICE_EXPONENT * rows[0] ** LINE_EXPONENT
        row = row if is_sign(label) else row[:LABEL_COUNT]
        return [Symbol(box, ink, row / row.sum(), label, step.option.learned(label))]
    inner = [round((a + b) / 2) for a, b in pairwise(places)]
    bounds = [min(max(x, box.left + k), box.right - len(inner) + k) for k, x in enumerate(inner, 1)]
    return [
        Symbol(Box(a, box.top, b, box.bottom), ink[:, a - box.left : b - box.left], row, label)
        for (a, b), row, label in zip(
            pairwise([box.left, *bounds, box.right]), rows, step.labels, strict=True
        )
    ]
