"""Composition of the contract's readings from the symbols that were read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from msgspec.structs import replace

from server.contract import SIGNS, Alternative, Digit, Line, Reading
from server.recognition.ink.page import InkPage
from server.recognition.labels import BLANK_LABEL, DIGITS, LINE_LABELS, NO_DIGIT
from server.recognition.reading.spacing import find_separators
from server.recognition.reading.symbols import MAX_OTHERS, MIN_OTHER, InkReading, Symbol

SIGN_TO_NO_DIGIT = str.maketrans(dict.fromkeys(SIGNS, NO_DIGIT))


def compose_digit(symbol: Symbol, page: InkPage) -> Digit:
    """Return a symbol of a page as the contract has it."""
    probabilities = [round(p, 6) for p in symbol.probabilities.tolist()]
    return Digit(
        digit=symbol.label if symbol.label < len(DIGITS) else None,
        confidence=round(probabilities[symbol.label], 4),
        probabilities=tuple(probabilities[: len(DIGITS)]),
        box=page.place(symbol.box),
        sign=LINE_LABELS[symbol.label] if symbol.label > BLANK_LABEL else None,
        learned=symbol.is_learned,
    )


def compose_lines(lines: Sequence[InkReading], page: InkPage) -> tuple[Line, ...]:
    """Return the lines of a page as the contract has them, with "?" for what is no digit or sign.

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
    return _others(confidences, text)


def hide_signs(reading: Reading) -> Reading:
    """Return a reading with "?" for its signs, as for any ink that is not a digit."""
    text = reading.text.translate(SIGN_TO_NO_DIGIT)
    confidences = {text: 1.0}
    for other in reading.alternatives:
        confidences.setdefault(other.text.translate(SIGN_TO_NO_DIGIT), other.confidence)
    return replace(
        reading,
        text=text,
        digits=tuple(replace(digit, sign=None) for digit in reading.digits),
        lines=tuple(
            replace(line, text=line.text.translate(SIGN_TO_NO_DIGIT)) for line in reading.lines
        ),
        alternatives=_others(confidences, text),
    )


def _others(confidences: Mapping[str, float], text: str) -> tuple[Alternative, ...]:
    return tuple(Alternative(other, confidences[other]) for other in confidences if other != text)


def _compose_text(symbols: Sequence[Symbol], separators: Sequence[str]) -> str:
    written = [LINE_LABELS[symbol.label] for symbol in symbols]
    return "".join(part for pair in zip_longest(separators, written, fillvalue="") for part in pair)
