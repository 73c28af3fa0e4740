"""Symbols made for the tests, as if they had been read."""

from __future__ import annotations

import numpy as np

from server.recognition.ink.pieces import Box
from server.recognition.labels import LINE_LABELS
from server.recognition.reading.symbols import Symbol

SIDE_PX, PITCH_PX = 20, 24


def make_symbols(text: str) -> list[Symbol]:
    """Return the symbols of a text side by side."""
    return [make_symbol(character, left=k * PITCH_PX) for k, character in enumerate(text)]


def make_symbol(
    character: str, confidence: float = 0.9, left: int = 0, count: int = len(LINE_LABELS)
) -> Symbol:
    """Return a digit, a sign or "?" with the probabilities of the first `count` labels."""
    label = LINE_LABELS.index(character)
    probabilities = np.full(count, (1 - confidence) / (count - 1))
    probabilities[label] = confidence
    ink = np.full((SIDE_PX, SIDE_PX), 255, np.uint8)
    return Symbol(Box(left, 0, left + SIDE_PX, SIDE_PX), ink, probabilities, label)
