"""Accuracy on the card, measured again through the server's reading path."""

from __future__ import annotations

import pytest

from model.accuracy import measure
from tests.model.test_served_model import CARD, MODEL

TOLERANCE = 0.002  # between CPUs, which round sums differently


def test_measure_matches_the_card() -> None:
    measured = {result["set"]: result for result in measure(MODEL)}
    assert [*measured] == [result["set"] for result in CARD["accuracy"]]
    for result in CARD["accuracy"]:
        again = measured[result["set"]]
        assert again["count"] == result["count"]
        assert again["accuracy"] == pytest.approx(result["accuracy"], abs=TOLERANCE), result["set"]
