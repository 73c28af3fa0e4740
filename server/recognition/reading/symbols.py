"""Symbols: the digits, and the ink that is not a digit, found on a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from server.recognition.arrays import Ink, Probabilities, Trace
from server.recognition.ink.pieces import Box

Key = TypeVar("Key")

MAX_OTHERS = 3
MIN_OTHER = 0.01  # confidence of another reading that is worth a look
MIN_CONFIDENCE = 1e-9


@dataclass(frozen=True)
class Symbol:
    """A digit, a sign, or ink that is neither, with its probabilities and its label.

    There are 11 probabilities or, of a sign, the 19 of LINE_LABELS. It `is_learned` if it has its
    label from examples of the person who wrote it.
    """

    box: Box
    ink: Ink | Trace
    probabilities: Probabilities
    label: int
    is_learned: bool = False

    @property
    def confidence(self) -> float:
        return float(self.probabilities[self.label])


@dataclass(frozen=True)
class InkReading:
    """The symbols of some ink from left to right; `confidence`, 0 to 1, is that all are right.

    `others` are other readings of the same ink, the likeliest first.
    """

    symbols: list[Symbol]
    confidence: float
    others: tuple[InkReading, ...] = ()


def rank(shares: Mapping[Key, float]) -> list[tuple[Key, float]]:
    """Return the greatest share and, behind it, those of other readings that are worth a look."""
    best, *others = sorted(shares.items(), key=lambda item: -item[1])[: 1 + MAX_OTHERS]
    return [best, *(item for item in others if item[1] >= MIN_OTHER)]


def join_readings(parts: Sequence[InkReading]) -> InkReading:
    """Return the parts of a line as one; each of the others differs in one part."""
    confidence = math.prod(part.confidence for part in parts)
    others = [
        InkReading(
            _join_symbols([*parts[:place], other, *parts[place + 1 :]]),
            confidence * other.confidence / max(part.confidence, MIN_CONFIDENCE),
        )
        for place, part in enumerate(parts)
        for other in part.others
    ]
    others.sort(key=lambda other: -other.confidence)
    return InkReading(_join_symbols(parts), confidence, tuple(others[:MAX_OTHERS]))


def _join_symbols(parts: Sequence[InkReading]) -> list[Symbol]:
    return [symbol for part in parts for symbol in part.symbols]
