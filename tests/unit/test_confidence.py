"""Calibration of the confidence on photos."""

from __future__ import annotations

import pytest

from server.recognition.confidence import Calibration


@pytest.mark.parametrize("confidence", [0.0, 0.2, 0.9, 1.0])
def test_default_calibration_changes_nothing(confidence: float) -> None:
    assert Calibration().apply(confidence, 1.0) == pytest.approx(confidence, abs=1e-5)


def test_calibration_lowers_the_confidence_in_uncertain_ink() -> None:
    calibration = Calibration(intercept=-0.5, slope=0.8, certainty_slope=1.5)
    sure, unsure = (calibration.apply(0.97, certainty) for certainty in (1.0, 0.5))
    assert unsure < sure < 0.97


def test_calibration_keeps_the_order() -> None:
    calibration = Calibration(intercept=-1, slope=0.6)
    confidences = [calibration.apply(c, 1.0) for c in (0.1, 0.5, 0.9, 0.99, 1.0)]
    assert confidences == sorted(confidences)
    assert confidences[-1] < 1
