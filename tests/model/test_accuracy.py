"""The card's accuracy is what the server's reading path gives, measured again."""

from __future__ import annotations

import json

from model.measure import measure
from tests.model.test_served_model import CARD, MODEL


def test_accuracy_when_measured_again_then_as_on_the_card() -> None:
    assert json.loads(json.dumps(measure(MODEL))) == CARD["accuracy"]
