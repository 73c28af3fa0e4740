"""The choice of the best path among the candidates of a line."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.ink.pieces import Box, Piece
from server.recognition.labels import LABEL_COUNT, NO_DIGIT_LABEL
from server.recognition.reading.best_path import BestPath, Option, find_best_path
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.segmentation import Line

INK = np.zeros((1, 1), np.uint8)
COMPONENT_IDS = np.zeros((1, 1), np.int32)


def candidate(first: int, last: int, gap: float = 0.0, height: float = 1.0) -> Candidate:
    return Candidate(first, last, Box(0, 0, 1 + last, 1), INK, 0.6, height, gap)


def line(*candidates: Candidate) -> Line:
    pieces = [Piece(Box(0, 0, 1, 1), ()) for _ in range(1 + max(c.last for c in candidates))]
    return Line(INK, COMPONENT_IDS, pieces, list(candidates))


def row(label: int, probability: float) -> Probabilities:
    others = (1 - probability) / NO_DIGIT_LABEL
    probabilities = np.full(LABEL_COUNT, others, np.float32)
    probabilities[label] = probability
    return probabilities


def find(line: Line, rows: list[Probabilities]) -> BestPath:
    """Return the best path for candidates of these probabilities."""
    pairs = zip(line.candidates, rows, strict=True)
    return find_best_path(line, [Option(candidate, row) for candidate, row in pairs])


def chosen(line: Line, rows: list[Probabilities]) -> list[int]:
    return [line.candidates.index(option.candidate) for option in find(line, rows).options]


LINE = line(candidate(0, 0), candidate(0, 1), candidate(1, 1))


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([row(1, 0.99), row(NO_DIGIT_LABEL, 0.95), row(1, 0.99)], [0, 2]),
        ([row(NO_DIGIT_LABEL, 0.9), row(4, 0.97), row(1, 0.99)], [1]),
        ([row(NO_DIGIT_LABEL, 0.9), row(NO_DIGIT_LABEL, 0.9), row(NO_DIGIT_LABEL, 0.9)], [1]),
    ],
    ids=["two ones", "an open four", "nothing"],
)
def test_best_path_is_the_most_probable(rows: list[Probabilities], path: list[int]) -> None:
    assert chosen(LINE, rows) == path


def test_best_path_prefers_two_digits_across_a_gap() -> None:
    wide = line(candidate(0, 0), candidate(0, 1, gap=0.4), candidate(1, 1))
    assert chosen(wide, [row(1, 0.8), row(4, 0.8), row(1, 0.8)]) == [0, 2]


def test_best_path_prefers_small_piece_as_part() -> None:
    barred = line(candidate(0, 0), candidate(0, 1), candidate(1, 1, height=0.2))
    assert chosen(barred, [row(5, 0.95), row(5, 0.9), row(2, 0.9)]) == [1]


def test_share_of_only_path_is_one() -> None:
    assert find(line(candidate(0, 0)), [row(3, 0.6)]).share == 1


def test_share_of_equal_texts_is_a_half() -> None:
    path = find(LINE, [row(1, 0.9), row(4, 0.81), row(1, 0.9)])
    assert path.share == pytest.approx(0.5, abs=0.01)


def test_share_adds_paths_of_same_text() -> None:
    three = line(candidate(0, 0), candidate(1, 2), candidate(0, 1), candidate(2, 2))
    path = find(three, [row(1, 0.9), row(4, 0.9), row(1, 0.9), row(4, 0.9)])
    assert path.share == pytest.approx(1)
