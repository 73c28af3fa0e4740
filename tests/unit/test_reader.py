"""The reader with the committed model, from file to Reading."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import ExifTags, Image

from server.contract import Reading, Shown
from server.errors import NoInk
from server.recognition.ink.drawing import extract_drawn_ink
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.labels import LABEL_COUNT, NO_DIGIT_LABEL
from server.recognition.reader import Reader, Unfinished
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.normalization import normalize
from tests.conftest import PROJECT
from tests.pictures import BLANK, draw, draw_along, encode, png


@pytest.fixture(scope="module")
def reader() -> Reader:
    models = PROJECT / "model"
    return Reader(
        Classifier(models / "handwritten.onnx"), InkFinder(models / "ink.onnx"), 40_000_000
    )


def read(reader: Reader, text: str, **options: float) -> Reading:
    return reader.read(png(text, **options))


@pytest.mark.parametrize("text", ["7", "2048", "123478012347", "10\n23", "1\n2\n3"])
def test_read_spaced_number(reader: Reader, text: str) -> None:
    assert read(reader, text).text == text


@pytest.mark.parametrize("slope", [-0.35, -0.15, 0.15, 0.35])
def test_read_rising_and_falling_line(reader: Reader, slope: float) -> None:
    path = [(k * 0.9, 3 + slope * (k - 4) * 0.9) for k in range(8)]
    assert reader.read(encode(draw_along(path, "48721037"))).text == "48721037"


def test_read_curved_lines(reader: Reader) -> None:
    paths = [[(k * 0.9, top + 0.04 * (k - 4) ** 2) for k in range(8)] for top in (0, 1.2)]
    picture = draw_along(paths[0] + paths[1], "4872103773012784")
    assert reader.read(encode(picture)).text == "48721037\n73012784"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("47  23  108", "47 23 108"),
        ("1  0  7  4", "1074"),
        ("4 7", "47"),
        ("47   8\n2   30", "47 8\n2 30"),
        ("47  8  1\n2      30\n20  3  7", "47\t8\t1\n2\t\t30\n20\t3\t7"),
    ],
)
def test_read_numbers_and_cells_apart(reader: Reader, written: str, text: str) -> None:
    assert read(reader, written, pitch=0.75).text == text


def test_reading_is_as_sure_as_all_its_lines(reader: Reader) -> None:
    reading = read(reader, "10\n2A\n73")
    assert [line.text for line in reading.lines] == ["10", "2?", "73"]
    product = math.prod(line.confidence for line in reading.lines)
    assert reading.confidence == pytest.approx(product, abs=1e-3)


@pytest.mark.parametrize("text", ["20", "38", "80", "83", "208", "3023"])
def test_read_touching_digits(reader: Reader, text: str) -> None:
    reading = read(reader, text, pitch=0.48)
    assert reading.text == text
    lefts = [digit.box[0] for digit in reading.digits]
    assert lefts == sorted(lefts)


@pytest.mark.parametrize("text", ["A", "K", "W", "□", "△"])
def test_read_other_symbol_as_no_digit(reader: Reader, text: str) -> None:
    reading = read(reader, text)
    assert reading.text == "?"
    assert reading.digits[0].digit is None


@pytest.mark.parametrize("angle", [-6, 6])
def test_read_slightly_turned_page(reader: Reader, angle: int) -> None:
    page = draw("4872").rotate(angle, expand=True, fillcolor="white")
    assert reader.read(encode(page)).text == "4872"


def photographed(text: str) -> Image.Image:
    """Return a photo of a text on gray paper, lit from one side."""
    page = np.asarray(draw(text, digit_px=60, pen_px=5).convert("L"))
    light = np.linspace(0.8, 0.5, page.shape[1])
    noise = np.random.default_rng(0).normal(0, 2, page.shape)
    return Image.fromarray(((50 + page * 0.8) * light + noise).clip(0, 255).astype(np.uint8))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_read_photo_turned_by_right_angles(reader: Reader, turns: int) -> None:
    photo = photographed("2473")
    turned = photo.transpose([*Image.Transpose][1 + turns])
    reading = reader.read(encode(turned))
    assert reading.text == "2473"
    assert reading.size == turned.size
    upright = [digit.box for digit in reader.read(encode(photo)).digits]
    for (left, top, width, height), (x, y, w, h) in zip(
        upright, (digit.box for digit in reading.digits), strict=True
    ):
        corners = {
            1: (top, photo.width - left - width, height, width),
            2: (photo.width - left - width, photo.height - top - height, width, height),
            3: (photo.height - top - height, left, height, width),
        }[turns]
        assert (x, y, w, h) == pytest.approx(corners, abs=4)


def test_text_is_no_surer_than_its_least_sure_digit(
    reader: Reader,
) -> None:
    reading = read(reader, "2048")
    assert 0 < reading.confidence <= min(digit.confidence for digit in reading.digits)


def test_read_blank_picture_is_empty_and_certain(reader: Reader) -> None:
    reading = reader.read(encode(Image.new("L", (100, 100), "white")))
    assert (reading.text, reading.digits, reading.lines) == ("", (), ())
    assert not reading.uncertain


def test_alternatives_are_other_texts_by_confidence(reader: Reader) -> None:
    reading = reader.read(png("40i\n3i"))
    texts = [other.text for other in reading.alternatives]
    confidences = [other.confidence for other in reading.alternatives]
    assert 1 <= len(texts) <= 3
    assert reading.text not in texts
    assert {*texts} <= {f"40{a}\n3{b}" for a in "17" for b in "17"}
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) + reading.confidence <= 1


def test_sure_reading_has_no_alternatives(reader: Reader) -> None:
    assert reader.read(png("4028")).alternatives == ()


def test_read_batch_equals_read(reader: Reader) -> None:
    images = [png("7"), png("38", pitch=0.46), png("A"), png("10\n23")]
    together = [
        reading.finish() if isinstance(reading, Unfinished) else reading
        for reading in reader.read_batch([Shown(image=image) for image in images])
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
def test_read_batch_leaves_long_picture_unfinished(image: bytes, reader: Reader) -> None:
    drawings = [Shown(image=each) for each in (png("7"), image, png("2048"))]
    first, second, last = reader.read_batch(drawings)
    assert isinstance(first, Reading)
    assert first.text == "7"
    assert isinstance(second, Unfinished)
    assert second.finish().text == reader.read(image).text
    assert isinstance(last, Reading)
    assert last.text == "2048"


def test_read_of_blurred_noise_is_uncertain(reader: Reader) -> None:
    rng = np.random.default_rng(0)
    small = rng.uniform(0, 255, (12, 16, 3)).astype(np.uint8)
    scene = Image.fromarray(small).resize((1600, 1200), Image.Resampling.BICUBIC)
    reading = reader.read(encode(scene, "JPEG"))
    assert reading.uncertain or all(digit.digit is None for digit in reading.digits)


@pytest.mark.parametrize(
    "picture", [draw("72"), draw("7", digit_px=3000, pen_px=200)], ids=["small", "reduced"]
)
def test_size_is_that_of_sent_picture(reader: Reader, picture: Image.Image) -> None:
    assert reader.read(encode(picture)).size == picture.size


def test_size_is_that_of_upright_photo(
    reader: Reader,
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    turned = encode(draw("72").rotate(90, expand=True), "JPEG", exif=exif)
    assert reader.read(turned).size == draw("72").size


@pytest.mark.parametrize("position", [0, 1, 3])
def test_explain_digit_at_position(reader: Reader, position: int) -> None:
    explanation = reader.explain(Shown(image=png("2048")), position)
    assert explanation.position == position
    alone = reader.explain(Shown(image=png("2048"[position])), 0)
    assert np.array(explanation.evidence) == pytest.approx(np.array(alone.evidence), abs=0.5)


@pytest.mark.parametrize("position", [None, 2, 10**30])
def test_explain_least_sure_digit_by_default(reader: Reader, position: int | None) -> None:
    explanation = reader.explain(Shown(image=png("7A")), position)
    assert explanation.reading.digits[1].confidence < explanation.reading.digits[0].confidence
    assert explanation.position == 1


def test_explain_returns_same_reading(reader: Reader) -> None:
    explanation = reader.explain(Shown(image=png("10\n23")), None)
    assert explanation.reading.digits == reader.read(png("10\n23")).digits


def test_explain_shows_classified_ink(reader: Reader) -> None:
    seen = np.array(reader.explain(Shown(image=png("4")), 0).seen)
    left, top, width, height = reader.read(png("4")).digits[0].box
    ink = extract_drawn_ink(np.asarray(draw("4").convert("L")))
    ink = ink[top : top + height, left : left + width]
    assert (seen == np.rint(normalize(ink) * 255)).all()


@pytest.mark.parametrize("text", ["4", "A"])
def test_evidence_supports_the_answer(reader: Reader, text: str) -> None:
    explanation = reader.explain(Shown(image=png(text)), None)
    answer = explanation.reading.digits[0].digit
    evidence = np.array(explanation.evidence)
    assert evidence.shape == (LABEL_COUNT, 7, 7)
    assert evidence[NO_DIGIT_LABEL if answer is None else answer].sum() > 0


def test_evidence_is_relative_to_mean_of_labels(reader: Reader) -> None:
    assert np.mean(reader.explain(Shown(image=png("4")), 0).evidence, axis=0) == pytest.approx(
        0, abs=0.01
    )


@pytest.mark.parametrize("position", [0, 1])
def test_explain_touching_digit_by_its_part(reader: Reader, position: int) -> None:
    explanation = reader.explain(Shown(image=png("38", pitch=0.46)), position)
    assert explanation.reading.text == "38"
    assert np.sum(explanation.evidence[int("38"[position])]) > 0


def test_explain_blank_picture_raises_no_ink(reader: Reader) -> None:
    with pytest.raises(NoInk):
        reader.explain(Shown(image=BLANK), None)
