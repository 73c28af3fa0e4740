"""The committed model, through the whole reading path."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from server.recognition.classifier import Classifier
from server.recognition.reader import Reader, Reading, Unfinished
from tests.conftest import PROJECT
from tests.pictures import draw, encode, png


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(Classifier(PROJECT / "model" / "handwritten.onnx"), max_pixels=40_000_000)


def read(reader: Reader, text: str, **options: float) -> Reading:
    return reader.read(png(text, **options))


@pytest.mark.parametrize("text", ["7", "2048", "123478012347", "10\n23", "1\n2\n3"])
def test_number_when_spaced_then_read(reader: Reader, text: str) -> None:
    assert read(reader, text).text == text


@pytest.mark.parametrize("text", ["20", "38", "80", "83", "208", "3023"])
def test_number_when_its_digits_touch_then_each_is_read(reader: Reader, text: str) -> None:
    reading = read(reader, text, pitch=0.48)
    assert reading.text == text
    lefts = [digit.box[0] for digit in reading.digits]
    assert lefts == sorted(lefts)


@pytest.mark.parametrize("text", ["A", "K", "W", "□", "△"])
def test_sign_when_no_digit_then_refused(reader: Reader, text: str) -> None:
    reading = read(reader, text)
    assert reading.text == "?"
    assert reading.digits[0].digit is None


@pytest.mark.parametrize("angle", [-6, 6])
def test_number_when_the_page_is_turned_a_little_then_read(reader: Reader, angle: int) -> None:
    page = draw("4872").rotate(angle, expand=True, fillcolor="white")
    assert reader.read(encode(page)).text == "4872"


def test_text_when_of_several_digits_then_no_surer_than_its_least_sure_digit(
    reader: Reader,
) -> None:
    reading = read(reader, "2048")
    assert 0 < reading.confidence <= min(digit.confidence for digit in reading.digits)


def test_blank_picture_when_read_then_empty_and_not_uncertain(reader: Reader) -> None:
    reading = reader.read(encode(Image.new("L", (100, 100), "white")))
    assert (reading.text, reading.digits, reading.uncertain) == ("", (), False)


def test_pictures_when_read_together_then_as_each_alone(reader: Reader) -> None:
    images = [png("7"), png("38", pitch=0.46), png("A"), png("10\n23")]
    together = [
        reading.finish() if isinstance(reading, Unfinished) else reading
        for reading in reader.read_batch(images)
    ]
    assert [r.text for r in together if isinstance(r, Reading)] == [
        reader.read(image).text for image in images
    ]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(png("7", digit_px=1200), id="large"),
        pytest.param(png("\n".join(["7" * 20] * 6), digit_px=24, pen_px=3), id="crowded"),
    ],
)
def test_picture_when_it_may_take_long_then_it_is_left_unfinished(
    image: bytes, reader: Reader
) -> None:
    first, second, last = reader.read_batch([png("7"), image, png("2048")])
    assert isinstance(first, Reading)
    assert first.text == "7"
    assert isinstance(second, Unfinished)
    assert second.finish().text == reader.read(image).text
    assert isinstance(last, Reading)
    assert last.text == "2048"


def test_photo_of_anything_when_read_then_no_digit_is_certain(reader: Reader) -> None:
    rng = np.random.default_rng(0)
    small = rng.uniform(0, 255, (12, 16, 3)).astype(np.uint8)
    scene = Image.fromarray(small).resize((1600, 1200), Image.Resampling.BICUBIC)
    reading = reader.read(encode(scene, "JPEG"))
    assert reading.uncertain or all(digit.digit is None for digit in reading.digits)
