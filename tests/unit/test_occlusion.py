"""Evidence by occlusion."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.arrays import Normalized, Probabilities
from server.recognition.occlusion import CELLS, find_evidence

BAR = np.s_[..., 4:8, 12:16]  # the cell in the second row and fourth column


def classify(pictures: Normalized) -> Probabilities:
    """Classify ink on the bar as the first label, blank paper as the second."""
    likely = 0.1 + 0.8 * pictures[BAR].mean(axis=(1, 2))
    return np.stack([likely, 1 - likely], axis=1)


def test_evidence_is_for_one_label_and_against_the_other() -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[BAR] = 1
    [label, other] = find_evidence(picture, classify)
    assert label[1, 3] == pytest.approx(np.log(0.9 / 0.1))
    assert other[1, 3] == pytest.approx(-np.log(0.9 / 0.1))


def test_evidence_of_irrelevant_cells_is_zero() -> None:
    evidence = find_evidence(np.ones((28, 28), np.float32), classify)
    assert evidence.shape == (2, CELLS, CELLS)
    evidence[:, 1, 3] = 0
    assert evidence == pytest.approx(0, abs=1e-6)


def test_evidence_of_blank_picture_is_zero() -> None:
    assert not find_evidence(np.zeros((28, 28), np.float32), classify).any()


def test_find_evidence_leaves_picture_unchanged() -> None:
    picture = np.ones((28, 28), np.float32)
    find_evidence(picture, classify)
    assert picture.all()
