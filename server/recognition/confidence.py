"""Calibration of the confidence in what is read on photos."""

from __future__ import annotations

import math

import msgspec

MIN_CHANCE = 1e-6


class Calibration(msgspec.Struct, frozen=True):
    """A map from the confidence in a line to the share of such lines that are right.

    Its log odds are intercept + slope · log odds + certainty_slope · log certainty, after J. Platt
    1999, Probabilistic Outputs for Support Vector Machines. The default changes nothing.
    """

    intercept: float = 0.0
    slope: float = 1.0
    certainty_slope: float = 0.0

    def apply(self, confidence: float, certainty: float) -> float:
        """Return the calibrated confidence in a line; `certainty` is that its ink is ink."""
        odds = self.intercept + self.slope * log_odds(confidence)
        odds += self.certainty_slope * math.log(max(certainty, MIN_CHANCE))
        return 1 / (1 + math.exp(-odds))


def log_odds(chance: float) -> float:
    bounded = min(max(chance, MIN_CHANCE), 1 - MIN_CHANCE)
    return math.log(bounded / (1 - bounded))
