"""The card's accuracy is what the server's reading path gives, measured again."""

from __future__ import annotations

import pytest

from model.accuracy import measure
from tests.model.test_served_model import CARD, MODEL

ROUNDING = 0.002  # between processors, which round the last bits of a sum otherwise


def test_accuracy_when_measured_again_then_as_on_the_card() -> None:
    measured = {result["set"]: result for result in measure(MODEL)}
    assert [*measured] == [result["set"] for result in CARD["accuracy"]]
    for result in CARD["accuracy"]:
        again = measured[result["set"]]
        assert again["count"] == result["count"]
        assert again["accuracy"] == pytest.approx(result["accuracy"], abs=ROUNDING), result["set"]
