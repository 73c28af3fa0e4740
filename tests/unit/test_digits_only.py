"""Readings of signs with and without `digits_only`, by every way into the reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from server.contract import Explanation, Reading, Shown
from server.recognition import reader as reader_module
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reader import Reader, Unfinished
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.symbols import InkReading
from tests.conftest import PROJECT
from tests.pictures import png
from tests.unit.symbols import make_symbols

TEXT, HIDDEN = "4-7", "4?7"
MODELS = PROJECT / "model"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Return a reader that finds the text on every picture."""

    def find_text(pages: Sequence[Any], _classifier: Classifier) -> list[list[InkReading]]:
        return [[InkReading(make_symbols(TEXT), 0.9)] for _ in pages]

    monkeypatch.setattr(reader_module, "read_lines", find_text)
    classifier = Classifier(MODELS / "handwritten.onnx")
    return Reader(classifier, InkFinder(MODELS / "ink.onnx"), 40_000_000)


def summary(reading: Reading) -> tuple[str, list[str | None]]:
    return reading.text, [digit.sign for digit in reading.digits]


WHOLE, DIGITS_ONLY = (TEXT, [None, "-", None]), (HIDDEN, [None, None, None])


@pytest.mark.parametrize(("digits_only", "expected"), [(False, WHOLE), (True, DIGITS_ONLY)])
def test_read_picture_hides_signs_if_asked(
    reader: Reader, digits_only: bool, expected: object
) -> None:
    picture = reader.decode(png("7"))
    assert summary(reader.read_picture(picture, digits_only=digits_only)) == expected


@pytest.mark.parametrize(("digits_only", "expected"), [(False, WHOLE), (True, DIGITS_ONLY)])
def test_explain_reads_as_the_page_does(
    reader: Reader, digits_only: bool, expected: object
) -> None:
    explanation = reader.explain(Shown(image=png("7"), digits_only=digits_only), 1)
    assert isinstance(explanation, Explanation)
    assert explanation.position == 1
    assert summary(explanation.reading) == expected


@pytest.mark.parametrize("image", [png("7"), png("7", digit_px=1200)], ids=["small", "unfinished"])
def test_batch_hides_signs_where_asked(reader: Reader, image: bytes) -> None:
    drawings = [Shown(image=image, digits_only=only) for only in (True, False, True)]
    read = [
        each.finish() if isinstance(each, Unfinished) else each
        for each in reader.read_batch(drawings)
    ]
    assert [summary(each) for each in read if isinstance(each, Reading)] == [
        DIGITS_ONLY, WHOLE, DIGITS_ONLY,
    ]  # fmt: skip


def test_batch_keeps_errors(reader: Reader) -> None:
    damaged = Shown(image=b"damaged", digits_only=True)
    error, reading = reader.read_batch([damaged, Shown(image=png("7"))])
    assert isinstance(error, Exception)
    assert isinstance(reading, Reading)
