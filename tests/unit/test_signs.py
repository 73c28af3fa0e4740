"""Signs beside digits, read with and without strokes."""

from __future__ import annotations

from typing import Any

import pytest

from server.contract import Shown
from server.recognition.reader import Reader
from tests.pictures import draw, drawn, encode, png

READABLE = ["-12", "12.4", "3,70", "7:40", "2+4", "30%", "-40.7", "1.203"]


def drawing(text: str) -> dict[str, Any]:
    return drawn(text, digit_px=100, pitch=0.6, pen_px=8)


@pytest.mark.parametrize("text", [*READABLE, "24/12"])
def test_signs_are_read_from_strokes(text: str, reader: Reader) -> None:
    assert reader.read(**drawing(text)).text == text


@pytest.mark.parametrize("text", READABLE)
def test_signs_are_read_from_a_picture(text: str, reader: Reader) -> None:
    assert reader.read(png(text, pitch=0.6)).text == text


def test_sign_has_its_place_among_the_digits(reader: Reader) -> None:
    minus, four, seven = reader.read(**drawing("-47")).digits
    assert (minus.sign, minus.digit) == ("-", None)
    assert [digit.digit for digit in (four, seven)] == [4, 7]
    assert minus.confidence > 0.5
    assert minus.box[0] + minus.box[2] < four.box[0]


@pytest.mark.parametrize("text", READABLE)
def test_no_sign_vanishes_from_digits_only(text: str, reader: Reader) -> None:
    plain = Shown(**drawing(text), digits_only=True)
    [reading] = reader.read_batch([plain])
    assert reading.text == "".join(mark if mark.isdigit() else "?" for mark in text)  # type: ignore[union-attr]


@pytest.mark.parametrize("sign", "-.,/:+%")
def test_sign_without_digits_is_none(sign: str, reader: Reader) -> None:
    assert not any(digit.sign for digit in reader.read(**drawing(sign)).digits)


@pytest.mark.parametrize(("x", "y"), [(0.62, 0.1), (0.3, 0.02), (1.25, 0.4)])
def test_touch_of_the_pen_above_the_line_is_no_sign(x: float, y: float, reader: Reader) -> None:
    image, strokes = drawing("80").values()
    speck = (100 * x, 100 * y, 100 * x + 1, 100 * y)
    assert reader.read(image, (*strokes, speck)).text == "80"


def test_dust_on_a_picture_is_no_sign(reader: Reader) -> None:
    page = draw("407", digit_px=150)
    for spot in ((20, 20), (140, 12), (310, 40), (200, 140)):
        page.putpixel(spot, (0, 0, 0))
    assert reader.read(encode(page)).text == "407"
