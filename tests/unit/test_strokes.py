"""Readings of drawings whose strokes are known."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np
import psutil
import pytest

from server.contract import MAX_COORDINATES, MAX_STROKES, Frame, Reading, Shown, Strokes, parse
from server.errors import InvalidPayload
from server.recognition.ink.strokes import HEIGHT_PX, draw_strokes
from server.recognition.reader import Reader
from tests.pictures import BLANK, drawn, png


@pytest.mark.parametrize("pitch", [0.24, 0.3, 0.36])
def test_digits_that_overlap_come_apart(pitch: float, reader: Reader) -> None:
    assert reader.read(**drawn("380273", pitch=pitch)).text == "380273"


def test_picture_alone_cannot_tell_digits_apart_that_overlap_much(reader: Reader) -> None:
    drawing = drawn("380273", pitch=0.24)
    assert reader.read(drawing["image"]).text != "380273"


@pytest.mark.parametrize("pen_px", [2, 16])
@pytest.mark.parametrize("digit_px", [12, 24, 60, 300])
def test_writing_of_any_size_is_read(digit_px: float, pen_px: int, reader: Reader) -> None:
    assert reader.read(**drawn("40728", digit_px=digit_px, pen_px=pen_px)).text == "40728"


def test_late_bar_finds_its_digit(reader: Reader) -> None:
    image, strokes = drawn("74038", pitch=0.7).values()
    bar = (26.0 * 0.6, 28.0, 68.0 * 0.6, 28.0)
    assert reader.read(image, (*strokes, bar)).text == "74038"


def test_one_stroke_through_several_digits_is_cut(reader: Reader) -> None:
    image, strokes = drawn("00", pitch=0.5).values()
    through = ((*strokes[0], *strokes[1]),)
    assert reader.read(image, through).text == "00"


@pytest.mark.parametrize("letter", ["A", "K", "W", "△"])
def test_letter_of_several_strokes_is_no_digit(letter: str, reader: Reader) -> None:
    assert reader.read(**drawn(f"4{letter}7")).text == "4?7"


def test_lines_are_found(reader: Reader) -> None:
    reading = reader.read(**drawn("407\n38"))
    assert reading.text == "407\n38"
    assert [line.text for line in reading.lines] == ["407", "38"]


def test_boxes_are_on_the_picture(reader: Reader) -> None:
    first, second = reader.read(**drawn("72", digit_px=200)).digits
    assert np.array(first.box) == pytest.approx([52, 28, 96, 148], abs=20)
    assert np.array(second.box) == pytest.approx([256, 22, 92, 150], abs=20)


def test_strokes_count_rather_than_the_picture(reader: Reader) -> None:
    strokes = drawn("47")["strokes"]
    assert reader.read(png("1023", digit_px=60), strokes).text == "47"


def test_batch_reads_strokes(reader: Reader) -> None:
    drawings = [Shown(**drawn("38", pitch=0.36)), Shown(image=png("7")), Shown(**drawn("402"))]
    read = reader.read_batch(drawings)
    assert [each.text for each in read if isinstance(each, Reading)] == ["38", "7", "402"]


def test_strokes_are_read_without_a_picture(reader: Reader) -> None:
    image, strokes = drawn("38").values()
    size = reader.read(image).size
    alone = Shown(strokes=strokes, size=size)
    [read] = reader.read_batch([alone])
    assert isinstance(read, Reading)
    assert (read.text, read.size) == ("38", size)
    assert read.digits == reader.read(image, strokes).digits
    assert reader.explain(alone, 1).reading.text == "38"


def test_explanation_is_of_the_digit_alone(reader: Reader) -> None:
    explanation = reader.explain(Shown(**drawn("38", pitch=0.36)), 1)
    alone = reader.explain(Shown(**drawn("8")), 0)
    difference = np.abs(np.array(explanation.seen) - np.array(alone.seen)) / 255
    assert explanation.reading.text == "38"
    assert difference.mean() < 0.05


@pytest.mark.parametrize(
    "strokes",
    [
        ((-3.0, 5.0, 20.0, 20.0),),
        ((5.0, 5.0, 20.0, 67.0),),
        ((5.0, 5.0, 20.0, 20.0), (90_000.0, 5.0)),
    ],
)
def test_strokes_outside_the_picture_are_refused(strokes: Strokes, reader: Reader) -> None:
    with pytest.raises(InvalidPayload, match="leave the picture, which has 64 × 64 pixels"):
        reader.read(BLANK, strokes)
    for shown in (Shown(image=BLANK, strokes=strokes), Shown(size=(64, 64), strokes=strokes)):
        [refused] = reader.read_batch([shown])
        assert isinstance(refused, InvalidPayload)


@pytest.mark.parametrize(
    ("strokes", "fault"),
    [
        ([], "length >= 1"),
        ([[]], "length >= 2"),
        ([[1, 2, 3]], "x without y"),
        ([[1, 2]] * (MAX_STROKES + 1), "length <= 400"),
        ([[1.0] * (MAX_COORDINATES + 2)], "length <= 20000"),
        ([[1.0] * (MAX_COORDINATES // 2)] * 3, "more than 20000"),
        ([[1, float("nan")]], "strokes"),
        ([[1, 1e300]], "strokes"),
        ([[1, True]], "strokes"),
        ([["1", "2"]], "strokes"),
        ("1,2", "strokes"),
    ],
)
def test_malformed_strokes_are_refused(strokes: Any, fault: str) -> None:
    payload = {"drawing": "00000000-0000-4000-8000-000000000000", "seq": 1, "image": BLANK}
    with pytest.raises(InvalidPayload, match=fault):
        parse(payload | {"strokes": strokes}, Frame)


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        ({}, "send an `image`, or `strokes` with their `size`"),
        ({"strokes": [[1, 2]]}, "send an `image`, or `strokes` with their `size`"),
        ({"size": [9, 9]}, "send an `image`, or `strokes` with their `size`"),
        ({"strokes": [[1, 2]], "size": [9]}, "length 2"),
        ({"strokes": [[1, 2]], "size": [0, 9]}, ">= 1"),
        ({"strokes": [[1, 2]], "size": [9, 10**9]}, "<= 100000"),
        ({"strokes": [[1, 2]], "size": [9, 9.5]}, "int"),
    ],
)
def test_frame_with_nothing_to_read_is_refused(shown: dict[str, Any], fault: str) -> None:
    payload = {"drawing": "00000000-0000-4000-8000-000000000000", "seq": 1}
    with pytest.raises(InvalidPayload, match=fault):
        parse(payload | shown, Frame)


def test_dot_is_read_as_no_digit(reader: Reader) -> None:
    assert reader.read(BLANK, ((30.0, 30.0),)).text == "?"


def test_most_strokes_cost_little(reader: Reader) -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 64, (MAX_STROKES, MAX_COORDINATES // MAX_STROKES))
    strokes = tuple(tuple(stroke) for stroke in points.tolist())
    process = psutil.Process()
    started, before = process_time(), process.memory_info().rss
    reader.read(BLANK, strokes)
    assert process_time() - started < 3
    assert process.memory_info().rss - before < 100e6


def test_line_of_strokes_is_as_high_as_its_writing() -> None:
    page = draw_strokes(drawn("1407", digit_px=20)["strokes"], (80, 20))
    assert page.ink.shape[0] == pytest.approx(HEIGHT_PX, rel=0.2)
