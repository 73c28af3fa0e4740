"""Metrics of the model card: confidence intervals, calibration and rejection."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.accuracy import Outcome

BINS = 15
Z_95 = 1.959964


@dataclass(frozen=True)
class Bin:
    """Readings of similar confidence."""

    center: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class RejectionCurve:
    """Shares of the pictures that are rejected as "no digit", for increasing thresholds."""

    digits_rejected: npt.NDArray[np.float64]
    others_rejected: npt.NDArray[np.float64]


def wilson_interval(correct: int, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share (E. B. Wilson 1927)."""
    share, spread = correct / count, Z_95**2 / count
    center = share + spread / 2
    half_width = Z_95 * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    return (center - half_width) / (1 + spread), (center + half_width) / (1 + spread)


def bin_by_confidence(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Sort readings into BINS bins of equal width over 0 to 1."""
    confidences = np.array([outcome.reading.confidence for outcome in outcomes])
    correct = np.array([outcome.correct for outcome in outcomes], dtype=float)
    indices = np.minimum((confidences * BINS).astype(int), BINS - 1)
    bins = []
    for index in range(BINS):
        mask = indices == index
        count = int(mask.sum())
        confidence = float(confidences[mask].mean()) if count else 0.0
        accuracy = float(correct[mask].mean()) if count else 0.0
        bins.append(Bin((index + 0.5) / BINS, count, confidence, accuracy))
    return bins


def expected_calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Return the expected calibration error (M. P. Naeini et al. 2015), 0 to 1."""
    gaps = (b.count * abs(b.confidence - b.accuracy) for b in bin_by_confidence(outcomes))
    return sum(gaps) / len(outcomes)


def rejection_score(outcome: Outcome) -> float:
    """Return the lowest probability of "no digit" among the signs of a picture."""
    return min((1 - sum(d.probabilities) for d in outcome.reading.digits), default=1.0)


def rejection_curve(digits: Sequence[Outcome], others: Sequence[Outcome]) -> RejectionCurve:
    digit_scores = np.array([rejection_score(outcome) for outcome in digits])
    other_scores = np.array([rejection_score(outcome) for outcome in others])
    thresholds = np.unique(np.concatenate([digit_scores, other_scores]))
    return RejectionCurve(
        np.array([(digit_scores >= t).mean() for t in thresholds]),
        np.array([(other_scores >= t).mean() for t in thresholds]),
    )
