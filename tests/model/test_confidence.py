"""The calibration of the confidence on photos, fitted to readings."""

from __future__ import annotations

import numpy as np
import pytest

from model.confidence import fit


def test_fit_finds_how_often_readings_are_right() -> None:
    rng = np.random.default_rng(0)
    features = np.stack([np.ones(20_000), rng.normal(3, 2, 20_000), -rng.exponential(1, 20_000)], 1)
    chances = 1 / (1 + np.exp(-features @ [-0.5, 0.7, 1.2]))
    found = fit(features, (rng.uniform(size=20_000) < chances).astype(np.float64))
    assert [*found.values()] == pytest.approx([-0.5, 0.7, 1.2], abs=0.1)


def test_fit_of_few_readings_changes_little() -> None:
    found = fit(np.array([[1.0, 2.0, 0.0]]), np.array([1.0]))
    assert found["slope"] == pytest.approx(1, abs=0.2)
