"""The committed model, through the whole reading path."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ExifTags, Image

from server.contract import Reading
from server.errors import NoInk
from server.recognition.ink.extraction import extract_ink
from server.recognition.labels import LABEL_COUNT, NO_DIGIT_LABEL
from server.recognition.reader import Reader, Unfinished
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.normalization import normalize
from tests.conftest import PROJECT
from tests.pictures import BLANK, draw, encode, png


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


@pytest.mark.parametrize(
    "picture", [draw("72"), draw("7", digit_px=3000, pen_px=200)], ids=["small", "reduced"]
)
def test_size_when_read_then_that_of_the_picture_that_was_sent(
    reader: Reader, picture: Image.Image
) -> None:
    assert reader.read(encode(picture)).size == picture.size


def test_size_when_a_photo_lies_on_its_side_then_that_of_the_upright_picture(
    reader: Reader,
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    turned = encode(draw("72").rotate(90, expand=True), "JPEG", exif=exif)
    assert reader.read(turned).size == draw("72").size


@pytest.mark.parametrize("position", [0, 1, 3])
def test_digit_when_its_position_is_given_then_it_is_explained(
    reader: Reader, position: int
) -> None:
    explanation = reader.explain(png("2048"), position)
    assert explanation.position == position
    alone = reader.explain(png("2048"[position]), 0)
    assert np.array(explanation.evidence) == pytest.approx(np.array(alone.evidence), abs=0.5)


@pytest.mark.parametrize("position", [None, 2, 10**30])
def test_digit_when_no_such_position_is_given_then_the_least_sure_is_explained(
    reader: Reader, position: int | None
) -> None:
    explanation = reader.explain(png("7A"), position)
    assert explanation.reading.digits[1].confidence < explanation.reading.digits[0].confidence
    assert explanation.position == 1


def test_explanation_when_made_then_its_reading_is_as_without(reader: Reader) -> None:
    explanation = reader.explain(png("10\n23"), None)
    assert explanation.reading.digits == reader.read(png("10\n23")).digits


def test_seen_when_explained_then_the_ink_as_it_was_classified(reader: Reader) -> None:
    seen = np.array(reader.explain(png("4"), 0).seen)
    left, top, width, height = reader.read(png("4")).digits[0].box
    ink = extract_ink(np.asarray(draw("4").convert("L")))[top : top + height, left : left + width]
    assert (seen == np.rint(normalize(ink) * 255)).all()


@pytest.mark.parametrize("text", ["4", "A"])
def test_evidence_when_explained_then_the_ink_speaks_for_the_answer(
    reader: Reader, text: str
) -> None:
    explanation = reader.explain(png(text), None)
    answer = explanation.reading.digits[0].digit
    evidence = np.array(explanation.evidence)
    assert evidence.shape == (LABEL_COUNT, 7, 7)
    assert evidence[NO_DIGIT_LABEL if answer is None else answer].sum() > 0


def test_evidence_when_explained_then_relative_to_the_mean_of_the_labels(reader: Reader) -> None:
    assert np.mean(reader.explain(png("4"), 0).evidence, axis=0) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("position", [0, 1])
def test_digits_when_they_touch_then_each_is_explained_by_its_part_of_the_ink(
    reader: Reader, position: int
) -> None:
    explanation = reader.explain(png("38", pitch=0.46), position)
    assert explanation.reading.text == "38"
    assert np.sum(explanation.evidence[int("38"[position])]) > 0


def test_blank_picture_when_explained_then_no_ink(reader: Reader) -> None:
    with pytest.raises(NoInk):
        reader.explain(BLANK, None)
