"""Accuracy on the card, measured again through the server's reading path."""

from __future__ import annotations

import pytest

from model.accuracy import measure
from tests.model.test_served_model import CARD, MODEL

TOLERANCE = 0.002  # between CPUs, which round sums differently


def test_measure_matches_the_card() -> None:
    measured = measure(MODEL, quickly=True)
    assert [again["set"] for again in measured] == [result["set"] for result in CARD["accuracy"]]
    for again, result in zip(measured, CARD["accuracy"], strict=True):
        name = result["set"]
        assert again["correct_of_first"] == pytest.approx(result["correct_of_first"], abs=1), name
        if again["count"] == result["count"]:
            assert again["accuracy"] == pytest.approx(result["accuracy"], abs=TOLERANCE), name
