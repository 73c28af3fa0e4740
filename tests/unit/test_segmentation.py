"""Pieces become digits, digits become lines."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageDraw

from server.recognition.ink import Ink, extract_ink
from server.recognition.segmentation import Box, segment
from tests.pictures import draw


def ink_of(text: str) -> Ink:
    return extract_ink(np.asarray(draw(text).convert("L")))


@pytest.mark.parametrize("text", ["7", "4", "70", "1234", "107\n23", "8\n1\n4"])
def test_text_when_segmented_then_one_candidate_a_digit_in_its_line(text: str) -> None:
    lines = segment(ink_of(text))
    assert [len(line) for line in lines] == [len(line) for line in text.split("\n")]


def test_blank_when_segmented_then_nothing() -> None:
    assert segment(np.zeros((40, 40), np.uint8)) == []


def test_bar_above_a_five_when_detached_then_one_digit() -> None:
    ink = np.zeros((100, 80), np.uint8)
    ink[10:16, 30:70] = 255
    ink[24:54, 25:33] = ink[46:54, 25:66] = ink[46:90, 58:66] = ink[82:90, 25:66] = 255
    [[candidate]] = segment(ink)
    assert candidate.box == Box(25, 10, 70, 90)


def test_speck_when_beside_a_digit_then_left_out() -> None:
    page = draw("7").convert("L")
    ImageDraw.Draw(page).point([(5, 5), (110, 60)], fill=0)
    [[_]] = segment(extract_ink(np.asarray(page)))


def test_candidate_when_neighbour_reaches_into_its_box_then_holds_own_ink_only() -> None:
    ink = np.zeros((60, 60), np.uint8)
    ink[10:50, 10:14] = ink[46:50, 10:40] = 255
    ink[10:44, 30:34] = ink[10:14, 30:56] = 255
    [[first, second]] = segment(ink)
    assert (first.ink > 0).sum() + (second.ink > 0).sum() == (ink > 0).sum()
