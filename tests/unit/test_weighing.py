"""Readings of a part of a line, weighed between its candidates and the line network."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.ink.pieces import Box
from server.recognition.labels import (
    BLANK_LABEL,
    LABEL_COUNT,
    LINE_LABELS,
    NO_DIGIT_LABEL,
    SLASH_LABEL,
)
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.lattice import Lattice, Option
from server.recognition.reading.line_network import LineReading
from server.recognition.reading.weighing import weigh

PIECE_PX = 10


def vector(count: int, *likely: tuple[int, float]) -> Probabilities:
    """Return probabilities of so many labels; those that are not given share the rest."""
    given = dict(likely)
    row = np.full(count, (1 - sum(given.values())) / (count - len(given)))
    row[[*given]] = [*given.values()]
    return row


def lattice(*rows: Probabilities) -> Lattice:
    """Return the lattice of pieces in a row, none of which are one digit together."""
    boxes = [Box(k * PIECE_PX, 0, (k + 1) * PIECE_PX, PIECE_PX) for k in range(len(rows))]
    ink = np.zeros((PIECE_PX, PIECE_PX), np.uint8)
    candidates = [Candidate(k, k, box, ink, 0.6, 1.0) for k, box in enumerate(boxes)]
    return Lattice([Option(each, row) for each, row in zip(candidates, rows, strict=True)])


def line(pieces: int, *vectors: Probabilities) -> LineReading:
    """Return the line network's reading of pieces, a blank between its vectors."""
    blank = vector(len(LINE_LABELS), (BLANK_LABEL, 0.99))
    columns = np.stack([each for own in vectors for each in (own, blank)])
    places = np.linspace(0, pieces * PIECE_PX - 1, len(columns)).astype(np.intp)
    return LineReading(columns, places)


def read(lattice: Lattice, line: LineReading) -> str:
    return "".join(LINE_LABELS[each.label] for each in weigh(lattice, [line], 0).symbols)


def test_ink_in_two_pieces_is_no_digit_if_the_line_network_sees_one_character() -> None:
    rows = vector(LABEL_COUNT, (1, 0.7)), vector(LABEL_COUNT, (NO_DIGIT_LABEL, 0.9))
    none = vector(len(LINE_LABELS), (NO_DIGIT_LABEL, 0.999))
    assert {*read(lattice(*rows), line(2, none))} == {"?"}


@pytest.mark.parametrize(("digits", "text"), [((7, 8), "7/8"), ((7, 8, 3, 5), "71835")])
def test_likely_slash_stands_between_short_numbers(digits: tuple[int, ...], text: str) -> None:
    labels = [digits[0], 1, *digits[1:]]
    seen = [vector(len(LINE_LABELS), (label, 0.9)) for label in labels]
    seen[1] = vector(len(LINE_LABELS), (1, 0.08), (SLASH_LABEL, 0.9))
    rows = [vector(LABEL_COUNT, (label, 0.97)) for label in labels]
    assert read(lattice(*rows), line(len(labels), *seen)) == text


def test_confidence_in_no_digit_is_not_shared_by_its_lengths() -> None:
    none = vector(len(LINE_LABELS), (NO_DIGIT_LABEL, 0.99))
    alone = lattice(vector(LABEL_COUNT, (NO_DIGIT_LABEL, 0.97)))
    assert weigh(alone, [line(1, none)], 0).confidence > 0.9
