"""Figures of merit: intervals, calibration, refusal."""

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
    """Readings of about the same confidence."""

    middle: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Curve:
    """For one threshold after the other, the shares of pictures refused."""

    digits_refused: npt.NDArray[np.float64]
    others_refused: npt.NDArray[np.float64]


def interval(correct: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson 1927)."""
    share, spread = correct / count, Z_95**2 / count
    middle = share + spread / 2
    half = Z_95 * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def bin_by_confidence(outcomes: Sequence[Outcome]) -> list[Bin]:
    """BINS bins of equal width over 0 to 1."""
    confidences = np.array([outcome.reading.confidence for outcome in outcomes])
    right = np.array([outcome.right for outcome in outcomes], dtype=float)
    indices = np.minimum((confidences * BINS).astype(int), BINS - 1)
    bins = []
    for index in range(BINS):
        own = indices == index
        count = int(own.sum())
        confidence = float(confidences[own].mean()) if count else 0.0
        accuracy = float(right[own].mean()) if count else 0.0
        bins.append(Bin((index + 0.5) / BINS, count, confidence, accuracy))
    return bins


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """The expected calibration error (M. P. Naeini et al. 2015), 0 to 1."""
    gaps = (b.count * abs(b.confidence - b.accuracy) for b in bin_by_confidence(outcomes))
    return sum(gaps) / len(outcomes)


def refusal_score(outcome: Outcome) -> float:
    """How surely there is no digit in a picture: the least "no digit" of its signs."""
    return min((1 - sum(d.probabilities) for d in outcome.reading.digits), default=1.0)


def refusal_curve(digits: Sequence[Outcome], others: Sequence[Outcome]) -> Curve:
    digit_scores = np.array([refusal_score(outcome) for outcome in digits])
    other_scores = np.array([refusal_score(outcome) for outcome in others])
    thresholds = np.unique(np.concatenate([digit_scores, other_scores]))
    return Curve(
        np.array([(digit_scores >= t).mean() for t in thresholds]),
        np.array([(other_scores >= t).mean() for t in thresholds]),
    )
