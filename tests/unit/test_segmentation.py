"""Segmentation of ink into lines, pieces and candidates."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageDraw

from server.recognition.arrays import Ink
from server.recognition.ink.drawing import extract_drawn_ink
from server.recognition.ink.pieces import Box, trim
from server.recognition.reading.segmentation import Line, segment
from tests.pictures import draw


def ink_of(text: str) -> Ink:
    return extract_drawn_ink(np.asarray(draw(text).convert("L")))


def boxes(line: Line) -> list[Box]:
    """Return the boxes of the candidates of one piece."""
    return [candidate.box for candidate in line.candidates if candidate.first == candidate.last]


@pytest.mark.parametrize("text", ["7", "4", "70", "1234", "107\n23", "8\n1\n4"])
def test_segment_finds_one_piece_per_digit(text: str) -> None:
    lines = segment(ink_of(text))
    assert [len(boxes(line)) for line in lines] == [len(line) for line in text.split("\n")]


def test_segment_finds_nothing_on_blank_paper() -> None:
    assert segment(np.zeros((40, 40), np.uint8)) == []


def test_segment_joins_five_with_detached_bar() -> None:
    ink = np.zeros((100, 80), np.uint8)
    ink[10:16, 30:64] = 255
    ink[24:54, 25:33] = ink[46:54, 25:66] = ink[46:90, 58:66] = ink[82:90, 25:66] = 255
    [line] = segment(ink)
    [candidate] = line.candidates
    assert candidate.box == Box(25, 10, 66, 90)


def test_segment_offers_both_strokes_of_open_four() -> None:
    ink = np.zeros((100, 80), np.uint8)
    ink[10:60, 10:16] = ink[54:60, 10:40] = ink[10:90, 50:56] = 255
    [line] = segment(ink)
    assert [(c.first, c.last) for c in line.candidates] == [(0, 0), (0, 1), (1, 1)]
    assert line.candidates[1].box == Box(10, 10, 56, 90)


def test_segment_keeps_distant_digits_apart() -> None:
    ink = np.zeros((50, 120), np.uint8)
    ink[5:45, 5:10] = ink[5:45, 100:105] = 255
    [line] = segment(ink)
    assert [(c.first, c.last) for c in line.candidates] == [(0, 0), (1, 1)]


def test_segment_keeps_tall_neighbors_apart() -> None:
    ink = np.zeros((50, 40), np.uint8)
    ink[5:45, 5:10] = ink[8:45, 16:21] = 255
    [line] = segment(ink)
    assert [(c.first, c.last) for c in line.candidates] == [(0, 0), (1, 1)]


def test_segment_drops_specks() -> None:
    page = draw("7").convert("L")
    ImageDraw.Draw(page).point([(5, 5), (110, 60)], fill=0)
    [line] = segment(extract_drawn_ink(np.asarray(page)))
    assert len(line.pieces) == 1


def test_candidate_holds_only_its_own_ink() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10:50, 10:14] = ink[46:50, 10:40] = 255
    ink[10:40, 30:34] = ink[10:14, 30:56] = 255
    [line] = segment(ink)
    first, second = (
        candidate for candidate in line.candidates if candidate.first == candidate.last
    )
    assert (first.ink > 0).sum() + (second.ink > 0).sum() == (ink > 0).sum()


def test_trim_cuts_to_strokes() -> None:
    ink = np.zeros((40, 60), np.uint8)
    ink[5:20, 10:12] = 255
    ink[30, 50] = 20
    assert (trim(ink) == np.full((15, 2), 255)).all()


@pytest.mark.parametrize("width", [0, 20])
def test_trim_of_blank_ink_is_one_pixel(width: int) -> None:
    assert trim(np.zeros((40, width), np.uint8)).tolist() == [[0]]


@pytest.mark.parametrize(
    ("left", "is_kept"), [(62, True), (180, False)], ids=["beside a digit", "far away"]
)
def test_speck_counts_only_near_a_digit(left: int, is_kept: bool) -> None:
    ink = np.zeros((100, 200), np.uint8)
    ink[10:90, 30:50] = 255
    ink[80:88, left : left + 8] = 255
    [line] = segment(ink)
    assert (Box(left, 80, left + 8, 88) in boxes(line)) == is_kept


def test_dirt_is_no_speck() -> None:
    ink = np.zeros((400, 200), np.uint8)
    ink[10:390, 30:60] = 255
    ink[380:384, 80:84] = 255
    [line] = segment(ink)
    assert len(boxes(line)) == 1
