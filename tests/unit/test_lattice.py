"""Texts of the lattice of a line, their weights and their paths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.ink.pieces import Box
from server.recognition.labels import LABEL_COUNT, NO_DIGIT_LABEL
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.lattice import MAX_TEXTS, Labels, Lattice, Option

INK = np.zeros((1, 1), np.uint8)


def candidate(
    first: int, last: int, gap: float = 0.0, height: float = 1.0, cover: float = 0.0
) -> Candidate:
    return Candidate(first, last, Box(0, 0, 1 + last, 1), INK, 0.6, height, gap, cover)


def row(label: int, probability: float) -> Probabilities:
    others = (1 - probability) / NO_DIGIT_LABEL
    probabilities = np.full(LABEL_COUNT, others, np.float32)
    probabilities[label] = probability
    return probabilities


def lattice(*options: tuple[Candidate, Probabilities]) -> Lattice:
    return Lattice([Option(*option) for option in options])


def two_pieces(first: Probabilities, both: Probabilities, second: Probabilities) -> Lattice:
    pieces = (candidate(0, 0), candidate(0, 1), candidate(1, 1))
    return lattice(*zip(pieces, (first, both, second), strict=True))


def best(lattice: Lattice) -> Labels:
    texts = lattice.texts()
    return max(texts, key=texts.__getitem__)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([row(1, 0.99), row(NO_DIGIT_LABEL, 0.95), row(1, 0.99)], (1, 1)),
        ([row(NO_DIGIT_LABEL, 0.9), row(4, 0.97), row(1, 0.99)], (4,)),
        ([row(NO_DIGIT_LABEL, 0.99)] * 3, (NO_DIGIT_LABEL,)),
    ],
    ids=["two ones", "an open four", "nothing"],
)
def test_heaviest_text_is_the_most_probable(rows: list[Probabilities], text: Labels) -> None:
    assert best(two_pieces(*rows)) == text


@pytest.mark.parametrize("place", [0, 1], ids=["before", "behind"])
def test_speck_may_be_left_out(place: int) -> None:
    speck = replace(candidate(place, place), width=0.1, height=0.1)
    digit = candidate(1 - place, 1 - place)
    found = lattice((speck, row(NO_DIGIT_LABEL, 0.5)), (digit, row(7, 0.99)))
    assert best(found) == (7,)
    [step] = found.trace((7,))
    assert step.option.candidate is digit
    assert found.weight((7,)) > 0


def test_gap_makes_two_digits_more_probable() -> None:
    apart = (candidate(0, 0), candidate(0, 1, gap=0.4), candidate(1, 1))
    rows = (row(1, 0.8), row(4, 0.8), row(1, 0.8))
    assert best(lattice(*zip(apart, rows, strict=True))) == (1, 1)


def test_small_piece_is_rather_a_part() -> None:
    barred = (candidate(0, 0), candidate(0, 1), candidate(1, 1, height=0.2))
    rows = (row(5, 0.95), row(5, 0.9), row(2, 0.9))
    assert best(lattice(*zip(barred, rows, strict=True))) == (5,)


def test_texts_have_the_weight_of_all_their_paths() -> None:
    found = two_pieces(row(1, 0.9), row(4, 0.8), row(1, 0.7))
    texts = found.texts()
    assert texts[1, 1] / texts[4,] == pytest.approx(0.9 * 0.7 / 0.8)
    assert len(texts) == MAX_TEXTS
    assert sum(texts.values()) < found.total()


def test_weight_adds_ways_through_several_digits() -> None:
    alone = lattice((candidate(0, 0), row(NO_DIGIT_LABEL, 0.9)))
    assert 0 < alone.weight((1, 2)) < alone.weight((NO_DIGIT_LABEL,))
    assert 0 < alone.weight((1, 2, 3)) < alone.weight((1, 2))
    assert alone.weight((1,) * 9) == 0


def test_trace_follows_the_best_path() -> None:
    found = two_pieces(row(1, 0.9), row(4, 0.3), row(NO_DIGIT_LABEL, 0.9))
    steps = [(step.option.candidate.first, step.labels) for step in found.trace((1, 2, 3))]
    assert steps == [(0, (1,)), (1, (2, 3))]
    alone = [step.labels for step in found.trace((1, 2), several=False)]
    assert alone == [(1,), (2,)]


def test_places_count_from_the_first_candidate() -> None:
    later = lattice((candidate(5, 5), row(3, 0.9)), (candidate(6, 6), row(8, 0.9)))
    assert best(later) == (3, 8)


def test_long_lines_do_not_underflow() -> None:
    pieces = [(candidate(k, k, height=0.1), row(NO_DIGIT_LABEL, 0.2)) for k in range(200)]
    found = lattice(*pieces)
    text = best(found)
    assert len(text) == len(found.trace(text, several=False)) == 200
    assert 0 < found.texts()[text] <= found.total()


@pytest.mark.parametrize(("cover", "text"), [(0.4, (1, 0)), (1.0, (NO_DIGIT_LABEL,))])
def test_strokes_above_each_other_are_rather_one(cover: float, text: Labels) -> None:
    pieces = (candidate(0, 0, cover=cover), candidate(0, 1), candidate(1, 1))
    rows = (row(1, 0.9), row(NO_DIGIT_LABEL, 0.9), row(0, 0.9))
    assert best(lattice(*zip(pieces, rows, strict=True))) == text
