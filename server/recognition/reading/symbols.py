"""Symbols: the digits, and the ink that is not a digit, found on a picture."""

from __future__ import annotations

from dataclasses import dataclass

from server.recognition.arrays import Ink, Probabilities
from server.recognition.ink.pieces import Box


@dataclass(frozen=True)
class Symbol:
    """A digit, or ink [h, w] that is not a digit, with its probabilities [11] and its label."""

    box: Box
    ink: Ink
    probabilities: Probabilities
    label: int

    @property
    def confidence(self) -> float:
        return float(self.probabilities[self.label])


@dataclass(frozen=True)
class InkReading:
    """The symbols of some ink from left to right; `confidence`, 0 to 1, is that all are right."""

    symbols: list[Symbol]
    confidence: float
