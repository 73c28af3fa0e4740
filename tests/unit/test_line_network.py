"""Pictures of lines, and texts and their likelihoods from columns of probabilities (CTC)."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.labels import BLANK_LABEL, LINE_LABELS
from server.recognition.reading.line_network import (
    MARGIN_PX,
    MAX_BLANK,
    LineReading,
    normalize_line,
)

LABELS = len(LINE_LABELS)


def reading(columns: Probabilities) -> LineReading:
    return LineReading(columns, np.arange(len(columns)))


def columns_of(*labels: int, sure: float = 0.9) -> Probabilities:
    """Return a column for each label, in which it has the probability `sure`."""
    columns = np.full((len(labels), LABELS), (1 - sure) / (LABELS - 1))
    columns[np.arange(len(labels)), labels] = sure
    return columns


def any_columns(count: int) -> Probabilities:
    return np.random.default_rng(0).dirichlet(np.full(LABELS, 0.4), size=count)


def collapse(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in groupby(path) if label != BLANK_LABEL)


def likelihood_by_all_paths(labels: tuple[int, ...], columns: Probabilities) -> float:
    paths = product(range(LABELS), repeat=len(columns))
    ways = (way for way in paths if collapse(way) == labels)
    return sum(float(np.prod([columns[k, label] for k, label in enumerate(way)])) for way in ways)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((BLANK_LABEL, 4, 4, BLANK_LABEL, 2, BLANK_LABEL), (4, 2)),
        ((1, 1, BLANK_LABEL, 1), (1, 1)),
        ((BLANK_LABEL, BLANK_LABEL), ()),
        ((3, 5), (3, 5)),
    ],
)
def test_text_has_a_label_for_each_run(path: tuple[int, ...], text: tuple[int, ...]) -> None:
    assert reading(columns_of(*path)).text == text


def test_likelihoods_are_sums_over_all_paths() -> None:
    texts: list[tuple[int, ...]] = [(3,), (3, 3), (0, 7), (10, 2, 10), (1, 2, 3, 4)]
    columns = any_columns(4)
    expected = [likelihood_by_all_paths(text, columns) for text in texts]
    assert reading(columns).likelihoods(texts) == pytest.approx(expected)


def test_find_returns_the_best_vector_of_each_label() -> None:
    found = reading(columns_of(BLANK_LABEL, 4, 4, BLANK_LABEL, 2))
    assert found.find((4, 2)) in ([1, 4], [2, 4])
    assert found.rows([1, 4]).argmax(axis=1).tolist() == [4, 2]
    assert found.rows([1, 4]).sum(axis=1) == pytest.approx(1)


def test_find_spreads_a_text_that_does_not_fit() -> None:
    assert reading(columns_of(1, 1)).find((1, 1, 1, 1)) == [0, 0, 1, 1]


def test_signs_come_with_their_columns() -> None:
    minus, point = map(LINE_LABELS.index, "-.")
    assert reading(columns_of(minus, BLANK_LABEL, 4, point)).signs == [(minus, 0), (point, 3)]


@pytest.mark.parametrize("shape", [(1, 1), (9, 300), (300, 9), (40, 4000)])
def test_normalize_line_fits_any_size(shape: tuple[int, int]) -> None:
    picture = normalize_line(np.full(shape, 255, np.uint8))
    assert picture.field.shape[1] % 8 == 0
    assert picture.field.max() == 1
    assert picture.field[:MARGIN_PX].max() == picture.field[-MARGIN_PX:].max() == 0
    assert len(picture.places) == picture.field.shape[1] // 2
    assert picture.places.min() >= 0
    assert picture.places.max() < shape[1]


def test_normalize_line_narrows_wide_blanks() -> None:
    ink = np.zeros((40, 1000), np.uint8)
    ink[:, :20] = ink[:, -20:] = 255
    picture = normalize_line(ink)
    assert picture.field.shape[1] < 40 + MAX_BLANK * 40 + 20
    assert picture.places[-1] == 999
