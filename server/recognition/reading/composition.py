"""Composition of the contract's digits and lines from the symbols that were read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest

from server.contract import Alternative, Digit, Line
from server.recognition.ink.page import InkPage
from server.recognition.labels import DIGITS, NO_DIGIT, NO_DIGIT_LABEL
from server.recognition.reading.spacing import find_separators
from server.recognition.reading.symbols import MAX_OTHERS, MIN_OTHER, InkReading, Symbol


def compose_digit(symbol: Symbol, page: InkPage) -> Digit:
    """Return a symbol of a page as the contract has it."""
    probabilities = [round(p, 6) for p in symbol.probabilities.tolist()]
    return Digit(
        digit=None if symbol.label == NO_DIGIT_LABEL else symbol.label,
        confidence=round(probabilities[symbol.label], 4),
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


def compose_alternatives(
    lines: Sequence[InkReading], page: InkPage, text: str
) -> tuple[Alternative, ...]:
    """Return the likeliest texts of a page other than `text`; each differs in one line."""
    others = [(place, other) for place, line in enumerate(lines) for other in line.others]
    others.sort(key=lambda item: -item[1].confidence / max(lines[item[0]].confidence, MIN_OTHER))
    confidences = {text: 1.0}
    for place, other in others[:MAX_OTHERS]:
        composed = compose_lines([*lines[:place], other, *lines[place + 1 :]], page)
        confidence = math.prod(line.confidence for line in composed)
        confidences.setdefault("\n".join(line.text for line in composed), round(confidence, 4))
    return tuple(Alternative(other, confidences[other]) for other in confidences if other != text)


def _compose_text(symbols: Sequence[Symbol], separators: Sequence[str]) -> str:
    signs = [NO_DIGIT if s.label == NO_DIGIT_LABEL else DIGITS[s.label] for s in symbols]
    return "".join(part for pair in zip_longest(separators, signs, fillvalue="") for part in pair)
