"""Composition of the contract's digits and texts from the symbols that were read."""

from __future__ import annotations

from collections.abc import Sequence

from server.contract import Digit
from server.recognition.ink.page import InkPage
from server.recognition.labels import DIGITS, NO_DIGIT, NO_DIGIT_LABEL
from server.recognition.reading.symbols import Symbol


def compose_digit(symbol: Symbol, page: InkPage) -> Digit:
    """Return a symbol of a page as the contract has it."""
    box, label = symbol.box, symbol.label
    probabilities = [round(p, 4) for p in symbol.probabilities.tolist()]
    return Digit(
        digit=None if label == NO_DIGIT_LABEL else label,
        confidence=probabilities[label],
        probabilities=tuple(probabilities[: len(DIGITS)]),
        box=(
            round(page.left + box.left * page.scale),
            round(page.top + box.top * page.scale),
            round(box.width * page.scale),
            round(box.height * page.scale),
        ),
    )


def compose_text(digits: Sequence[Digit]) -> str:
    """Return digits as text, with "?" for ink that is not a digit."""
    return "".join(NO_DIGIT if d.digit is None else DIGITS[d.digit] for d in digits)
