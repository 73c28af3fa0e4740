"""Composition of the contract's digits and lines from the symbols that were read."""

from __future__ import annotations

from collections.abc import Sequence

from server.contract import Digit, Line
from server.recognition.labels import DIGITS, NO_DIGIT, NO_DIGIT_LABEL
from server.recognition.reading.symbols import InkReading, Symbol


def compose_digit(symbol: Symbol, scale: float) -> Digit:
    """Return a symbol as the contract has it; `scale` is that of the picture (see `Picture`)."""
    box, label = symbol.box, symbol.label
    probabilities = [round(p, 4) for p in symbol.probabilities.tolist()]
    return Digit(
        digit=None if label == NO_DIGIT_LABEL else label,
        confidence=probabilities[label],
        probabilities=tuple(probabilities[: len(DIGITS)]),
        box=(
            round(box.left * scale),
            round(box.top * scale),
            round(box.width * scale),
            round(box.height * scale),
        ),
    )


def compose_lines(lines: Sequence[InkReading]) -> tuple[Line, ...]:
    """Return the lines of a page as the contract has them, with "?" for what is not a digit."""
    return tuple(Line(_compose_text(line.symbols), round(line.confidence, 4)) for line in lines)


def _compose_text(symbols: Sequence[Symbol]) -> str:
    return "".join(NO_DIGIT if s.label == NO_DIGIT_LABEL else DIGITS[s.label] for s in symbols)
