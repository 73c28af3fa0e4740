"""The recogniser's own scores decide which pieces belong together."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.classifier import Probabilities
from server.recognition.path import best_path
from server.recognition.segmentation import Box, Candidate, Line

INK = np.zeros((1, 1), np.uint8)
NOTHING = 10


def candidate(first: int, last: int, gap: float = 0.0, height: float = 1.0) -> Candidate:
    return Candidate(first, last, Box(0, 0, 1, 1), INK, gap, height)


def row(label: int, probability: float) -> Probabilities:
    others = (1 - probability) / 10
    probabilities = np.full(11, others, np.float32)
    probabilities[label] = probability
    return probabilities


LINE: Line = [candidate(0, 0), candidate(0, 1), candidate(1, 1)]


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([row(1, 0.99), row(NOTHING, 0.95), row(1, 0.99)], [0, 2]),
        ([row(NOTHING, 0.9), row(4, 0.97), row(1, 0.99)], [1]),
        ([row(NOTHING, 0.9), row(NOTHING, 0.9), row(NOTHING, 0.9)], [1]),
    ],
    ids=["two ones", "an open four", "nothing"],
)
def test_line_when_read_then_the_likelier_reading_wins(
    rows: list[Probabilities], path: list[int]
) -> None:
    assert best_path(LINE, rows) == path


def test_pieces_when_far_apart_then_rather_two_digits() -> None:
    wide = [candidate(0, 0), candidate(0, 1, gap=0.4), candidate(1, 1)]
    assert best_path(wide, [row(1, 0.8), row(4, 0.8), row(1, 0.8)]) == [0, 2]


def test_piece_when_much_smaller_than_its_line_then_rather_part_of_a_digit() -> None:
    barred = [candidate(0, 0), candidate(0, 1), candidate(1, 1, height=0.2)]
    assert best_path(barred, [row(5, 0.95), row(5, 0.9), row(2, 0.9)]) == [1]
