"""Reading of a part of a line by two networks, weighed against each other.

The classifier reads candidates one by one: the lattice of their paths gives each text a weight. The
line network reads the part as a whole, and so sees what the candidates do not: digits that touch,
and how the writer's other digits look. For a text s

    P(s)  its weight in the lattice
    Q(s)  its probability by the line network, the geometric mean of several pictures of the part
    w(s)  P(s)^LATTICE_EXPONENT · Q(s)^LINE_EXPONENT

The heaviest of the texts that either finds probable is the reading. Its confidence is its share of
their weights; it is no surer than its least sure label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from server.recognition.arrays import Probabilities
from server.recognition.ink.pieces import Box
from server.recognition.labels import LABEL_COUNT, NO_DIGIT_LABEL, is_sign
from server.recognition.reading.lattice import Labels, Lattice, Step
from server.recognition.reading.line_network import LineReading
from server.recognition.reading.symbols import InkReading, Symbol, rank

LATTICE_EXPONENT, LINE_EXPONENT = 1.0, 0.5
MIN_LIKELIHOOD = 1e-6


def weigh(lattice: Lattice, lines: Sequence[LineReading], left: int) -> InkReading:
    """Return the reading of a part of a line whose ink begins at `left`.

    `lines` are readings of pictures of the part; the places in the last one are used.
    """
    signs = [(sign, left + column) for line in lines for sign, column in line.signs]
    found_texts = [line.text for line in lines if line.text]
    considered = sorted({*found_texts, *lattice.texts(signs)})
    weighed = {text: lattice.weight(text) for text in considered}
    shares = {text: weight for text, weight in weighed.items() if weight}
    texts = [*shares]
    found = np.maximum([line.likelihoods(texts) for line in lines], MIN_LIKELIHOOD)
    likelihoods = np.exp(np.log(found).mean(axis=0))
    weights = np.array([*shares.values()]) ** LATTICE_EXPONENT * likelihoods**LINE_EXPONENT
    shares = dict(zip(texts, (weights / weights.sum()).tolist(), strict=True))
    ranked = rank(_merge_lone_signs(shares))
    best, confidence = ranked[0]
    symbols = _to_symbols(lattice.trace(best), lines[-1], best, left)
    least = min(symbol.confidence for symbol in symbols)
    others = [InkReading(_guess_symbols(lattice.trace(text)), share) for text, share in ranked[1:]]
    return InkReading(symbols, min(confidence, least), tuple(others))


def _merge_lone_signs(shares: Mapping[Labels, float]) -> dict[Labels, float]:
    """Return the shares of texts; a sign without any digit beside it is no digit."""
    merged: dict[Labels, float] = defaultdict(float)
    for text, share in shares.items():
        has_digits = any(label < NO_DIGIT_LABEL for label in text)
        merged[text if has_digits else (NO_DIGIT_LABEL,) * len(text)] += share
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
        row = step.option.with_signs**LATTICE_EXPONENT * rows[0] ** LINE_EXPONENT
        row = row if is_sign(step.labels[0]) else row[:LABEL_COUNT]
        return [Symbol(box, ink, row / row.sum(), step.labels[0])]
    inner = [round((a + b) / 2) for a, b in pairwise(places)]
    bounds = [min(max(x, box.left + k), box.right - len(inner) + k) for k, x in enumerate(inner, 1)]
    return [
        Symbol(Box(a, box.top, b, box.bottom), ink[:, a - box.left : b - box.left], row, label)
        for (a, b), row, label in zip(
            pairwise([box.left, *bounds, box.right]), rows, step.labels, strict=True
        )
    ]
