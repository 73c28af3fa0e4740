"""The recognizer's own scores decide which pieces belong together."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.ink.pieces import Box, Piece
from server.recognition.reading.best_path import BestPath, Option, find_best_path
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.segmentation import Line

INK = np.zeros((1, 1), np.uint8)
LABELS = np.zeros((1, 1), np.int32)
NOTHING = 10


def candidate(first: int, last: int, gap: float = 0.0, height: float = 1.0) -> Candidate:
    return Candidate(first, last, Box(0, 0, 1 + last, 1), INK, 0.6, height, gap)


def line(*candidates: Candidate) -> Line:
    pieces = [Piece(Box(0, 0, 1, 1), ()) for _ in range(1 + max(c.last for c in candidates))]
    return Line(INK, LABELS, pieces, list(candidates))


def row(label: int, probability: float) -> Probabilities:
    others = (1 - probability) / 10
    probabilities = np.full(11, others, np.float32)
    probabilities[label] = probability
    return probabilities


def find(line: Line, rows: list[Probabilities]) -> BestPath:
    """The best path where each candidate may be one digit."""
    pairs = zip(line.candidates, rows, strict=True)
    return find_best_path(line, [Option(candidate, row) for candidate, row in pairs])


def chosen(line: Line, rows: list[Probabilities]) -> list[int]:
    return [line.candidates.index(option.candidate) for option in find(line, rows).options]


LINE = line(candidate(0, 0), candidate(0, 1), candidate(1, 1))


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
    assert chosen(LINE, rows) == path


def test_pieces_when_far_apart_then_rather_two_digits() -> None:
    wide = line(candidate(0, 0), candidate(0, 1, gap=0.4), candidate(1, 1))
    assert chosen(wide, [row(1, 0.8), row(4, 0.8), row(1, 0.8)]) == [0, 2]


def test_piece_when_much_smaller_than_its_line_then_rather_part_of_a_digit() -> None:
    barred = line(candidate(0, 0), candidate(0, 1), candidate(1, 1, height=0.2))
    assert chosen(barred, [row(5, 0.95), row(5, 0.9), row(2, 0.9)]) == [1]


def test_share_when_there_is_one_way_then_certain() -> None:
    assert find(line(candidate(0, 0)), [row(3, 0.6)]).share == 1


def test_share_when_another_text_is_as_likely_then_about_a_half() -> None:
    path = find(LINE, [row(1, 0.9), row(4, 0.81), row(1, 0.9)])
    assert path.share == pytest.approx(0.5, abs=0.01)


def test_share_when_another_way_has_the_same_text_then_they_count_together() -> None:
    three = line(candidate(0, 0), candidate(1, 2), candidate(0, 1), candidate(2, 2))
    path = find(three, [row(1, 0.9), row(4, 0.9), row(1, 0.9), row(4, 0.9)])
    assert path.share == pytest.approx(1)
