"""What speaks for a label is found by blanking it."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.arrays import Normalized, Probabilities
from server.recognition.occlusion import CELLS, find_evidence

BAR = np.s_[..., 4:8, 12:16]  # the patch in the second row, the fourth column


def classify(pictures: Normalized) -> Probabilities:
    """A network to which ink on the bar is one label, and none of it the other."""
    likely = 0.1 + 0.8 * pictures[BAR].mean(axis=(1, 2))
    return np.stack([likely, 1 - likely], axis=1)


def test_ink_when_it_speaks_for_a_label_then_its_place_does_and_against_the_other() -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[BAR] = 1
    [label, other] = find_evidence(picture, classify)
    assert label[1, 3] == pytest.approx(np.log(0.9 / 0.1))
    assert other[1, 3] == pytest.approx(-np.log(0.9 / 0.1))


def test_place_when_it_changes_nothing_then_it_speaks_for_nothing() -> None:
    evidence = find_evidence(np.ones((28, 28), np.float32), classify)
    assert evidence.shape == (2, CELLS, CELLS)
    evidence[:, 1, 3] = 0
    assert evidence == pytest.approx(0, abs=1e-6)


def test_blank_picture_when_explained_then_nothing_speaks_for_anything() -> None:
    assert not find_evidence(np.zeros((28, 28), np.float32), classify).any()


def test_picture_when_explained_then_it_is_left_as_it_was() -> None:
    picture = np.ones((28, 28), np.float32)
    find_evidence(picture, classify)
    assert picture.all()
