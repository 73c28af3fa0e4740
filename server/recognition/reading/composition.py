"""Composition of the contract's digits and lines from the symbols that were read."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from server.contract import Digit, Line
from server.recognition.ink.page import InkPage
from server.recognition.labels import DIGITS, NO_DIGIT, NO_DIGIT_LABEL
from server.recognition.reading.spacing import find_separators
from server.recognition.reading.symbols import InkReading, Symbol


def compose_digit(symbol: Symbol, page: InkPage) -> Digit:
    """Return a symbol of a page as the contract has it."""
    probabilities = [round(p, 4) for p in symbol.probabilities.tolist()]
    return Digit(
        digit=None if symbol.label == NO_DIGIT_LABEL else symbol.label,
        confidence=probabilities[symbol.label],
        probabilities=tuple(probabilities[: len(DIGITS)]),
        box=page.place(symbol.box),
    )


def compose_lines(lines: Sequence[InkReading], page: InkPage) -> tuple[Line, ...]:
    """Return the lines of a page as the contract has them, with "?" for what is not a digit.

    All share alike in the doubt whether the page's ink is all and only ink.
    """
    share = page.certainty ** (1 / max(len(lines), 1))
    separators = find_separators([[symbol.box for symbol in line.symbols] for line in lines])
    return tuple(
        Line(
            _compose_text(line.symbols, between),
            round(page.calibration.apply(line.confidence, share), 4),
        )
        for line, between in zip(lines, separators, strict=True)
    )


def _compose_text(symbols: Sequence[Symbol], separators: Sequence[str]) -> str:
    signs = [NO_DIGIT if s.label == NO_DIGIT_LABEL else DIGITS[s.label] for s in symbols]
    return "".join(part for pair in zip_longest(separators, signs, fillvalue="") for part in pair)
