"""Composition of readings from symbols, among them signs."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from server import contract
from server.contract import Alternative, Line
from server.recognition import labels
from server.recognition.ink.page import InkPage
from server.recognition.labels import LABEL_COUNT, LINE_LABELS
from server.recognition.reading.composition import (
    compose_alternatives,
    compose_digit,
    compose_lines,
    hide_signs,
)
from server.recognition.reading.symbols import InkReading
from tests.unit.fakes import make_reading
from tests.unit.symbols import make_symbol, make_symbols

PAGE = InkPage(np.zeros((100, 1000), np.uint8), size=(1000, 100))


def test_signs_of_the_contract_are_those_of_the_labels() -> None:
    assert contract.SIGNS == labels.SIGNS


@pytest.mark.parametrize("sign", contract.SIGNS)
def test_sign_has_no_digit_and_its_own_confidence(sign: str) -> None:
    digit = compose_digit(make_symbol(sign, confidence=0.9), PAGE)
    assert (digit.digit, digit.sign, digit.confidence) == (None, sign, 0.9)
    assert len(digit.probabilities) == 10
    assert max(digit.probabilities) < 0.1


@pytest.mark.parametrize(("text", "digit"), [("4", 4), ("?", None)])
@pytest.mark.parametrize("count", [LABEL_COUNT, len(LINE_LABELS)])
def test_other_ink_has_no_sign(text: str, digit: int | None, count: int) -> None:
    composed = compose_digit(make_symbol(text, count=count), PAGE)
    assert (composed.digit, composed.sign) == (digit, None)


@pytest.mark.parametrize("text", ["-12.5", "19.160", "24/12", "7:45", "+4%", "3,?", "1-2\n.5"])
def test_text_holds_signs(text: str) -> None:
    lines = [InkReading(make_symbols(line), 0.9) for line in text.split("\n")]
    assert "\n".join(line.text for line in compose_lines(lines, PAGE)) == text


def test_alternatives_hold_signs() -> None:
    others = tuple(InkReading(make_symbols(text), 0.1) for text in ("12.5", "1275"))
    lines = [InkReading(make_symbols("12,5"), 0.7, others)]
    texts = [other.text for other in compose_alternatives(lines, PAGE, "12,5")]
    assert texts == ["12.5", "1275"]


def test_hide_signs_leaves_a_question_mark_for_each() -> None:
    digits = tuple(compose_digit(symbol, PAGE) for symbol in make_symbols("-1.5"))
    lines = (Line("-1.5", 0.8), Line("7:45", 0.7))
    hidden = hide_signs(replace(make_reading("-1.5\n7:45"), digits=digits, lines=lines))
    assert hidden.text == "?1?5\n7?45"
    assert hidden.lines == (Line("?1?5", 0.8), Line("7?45", 0.7))
    assert [digit.digit for digit in hidden.digits] == [None, 1, None, 5]
    assert [digit.sign for digit in hidden.digits] == [None] * 4


def test_hide_signs_keeps_every_confidence() -> None:
    digits = tuple(compose_digit(symbol, PAGE) for symbol in make_symbols("-1"))
    reading = replace(make_reading("-1"), digits=digits)
    hidden = hide_signs(reading)
    assert hidden.confidence == reading.confidence
    assert [each.confidence for each in hidden.digits] == [each.confidence for each in digits]


def test_hide_signs_leaves_out_equal_alternatives() -> None:
    others = [Alternative("1.5", 0.2), Alternative("175", 0.1), Alternative("1/5", 0.05)]
    reading = replace(make_reading("1,5"), alternatives=tuple(others))
    assert hide_signs(reading).alternatives == (Alternative("175", 0.1),)


def test_hide_signs_keeps_the_likelier_of_equal_alternatives() -> None:
    others = [Alternative("1.5", 0.2), Alternative("1,5", 0.1)]
    reading = replace(make_reading("175"), alternatives=tuple(others))
    assert hide_signs(reading).alternatives == (Alternative("1?5", 0.2),)


def test_reading_without_signs_is_not_changed() -> None:
    reading = make_reading("407 12\n3?")
    assert hide_signs(reading) == reading
