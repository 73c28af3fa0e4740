"""Texts and their likelihoods from columns of probabilities (CTC)."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.labels import BLANK_LABEL, TOUCHING_LABEL_COUNT
from server.recognition.reading.touching import MARGIN_PX, TouchingReading, normalize_touching


def columns_of(*labels: int, sure: float = 0.9) -> Probabilities:
    """Return a column for each label, in which it has the probability `sure`."""
    columns = np.full((len(labels), TOUCHING_LABEL_COUNT), (1 - sure) / (TOUCHING_LABEL_COUNT - 1))
    columns[np.arange(len(labels)), labels] = sure
    return columns


def any_columns(count: int) -> Probabilities:
    return np.random.default_rng(0).dirichlet(np.full(TOUCHING_LABEL_COUNT, 0.4), size=count)


def collapse(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in groupby(path) if label != BLANK_LABEL)


def likelihood_by_all_paths(labels: tuple[int, ...], columns: Probabilities) -> float:
    ways = (
        way
        for way in product(range(TOUCHING_LABEL_COUNT), repeat=len(columns))
        if collapse(way) == labels
    )
    return sum(float(np.prod([columns[k, label] for k, label in enumerate(way)])) for way in ways)


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ((BLANK_LABEL, 4, 4, BLANK_LABEL, 2, BLANK_LABEL), (4, 2)),
        ((1, 1, BLANK_LABEL, 1), (1, 1)),
        ((BLANK_LABEL, BLANK_LABEL), ()),
        ((3, 5), (3, 5)),
    ],
)
def test_labels_are_runs_of_columns(path: tuple[int, ...], labels: tuple[int, ...]) -> None:
    assert TouchingReading(columns_of(*path)).labels == labels


def test_each_label_has_its_row_and_place() -> None:
    reading = TouchingReading(columns_of(BLANK_LABEL, 4, BLANK_LABEL, 2))
    assert reading.places == [1.5 / 4, 3.5 / 4]
    assert reading.rows.argmax(axis=1).tolist() == [4, 2]
    assert reading.rows.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("labels", [(), (3,), (3, 3), (0, 7), (10, 2, 10)])
def test_likelihood_is_sum_over_all_paths(
    labels: tuple[int, ...],
) -> None:
    columns = any_columns(4)
    wanted = likelihood_by_all_paths(labels, columns)
    assert TouchingReading(columns).likelihood(labels) == pytest.approx(wanted)


def test_single_likelihoods_are_those_of_each_label() -> None:
    reading = TouchingReading(any_columns(4))
    wanted = [reading.likelihood([label]) for label in range(BLANK_LABEL)]
    assert reading.single_likelihoods().tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("shape", [(1, 1), (9, 300), (300, 9), (40, 4000)])
def test_normalize_touching_fits_any_size(shape: tuple[int, int]) -> None:
    field = normalize_touching(np.full(shape, 255, np.uint8))
    assert field.shape[1] % 8 == 0
    assert field.max() == 1
    assert field[:MARGIN_PX].max() == field[-MARGIN_PX:].max() == 0
