"""Seams run where there is least ink."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from server.recognition.seams import find_seams


def bars(*places: int, height: int = 72, width: int = 120) -> np.ndarray:
    ink = np.zeros((height, width), np.uint8)
    for place in places:
        ink[:, place : place + 10] = 255
    return ink


def test_bars_when_bridged_then_a_seam_between_them_through_the_bridge_only() -> None:
    ink = bars(10, 90)
    ink[30:38, 20:90] = 255
    cheapest = min(find_seams(ink), key=lambda seam: seam.cost)
    assert ((cheapest.columns >= 20) & (cheapest.columns <= 90)).all()
    assert cheapest.cost == pytest.approx(8 / 72, abs=0.03)


def test_leaning_bars_when_bridged_then_the_seam_leans_with_them() -> None:
    ink = np.zeros((80, 160), np.uint8)
    for row in range(80):
        left = 60 - row // 2
        ink[row, left : left + 12] = ink[row, left + 40 : left + 52] = 255
    ink[40:46, 40:90] = 255
    cheapest = min(find_seams(ink), key=lambda seam: seam.cost)
    assert cheapest.columns[0] - cheapest.columns[-1] > 10
    assert cheapest.cost < 0.2


def test_seams_when_several_then_from_left_to_right_and_none_crosses() -> None:
    ink = bars(5, 35, 65, 95)
    ink[34:40, 5:105] = 255
    seams = find_seams(ink)
    assert len(seams) >= 3
    for left, right in pairwise(seams):
        assert (left.columns <= right.columns).all()


def test_line_when_far_longer_than_a_number_then_no_seams() -> None:
    ink = np.zeros((20, 2000), np.uint8)
    ink[5:7, ::3] = ink[7:9, 1::3] = ink[6:8, 2::3] = 255
    assert find_seams(ink) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (300, 2), (7, 5)])
def test_ink_when_of_any_size_then_no_error(shape: tuple[int, int]) -> None:
    for seam in find_seams(np.full(shape, 255, np.uint8)):
        assert seam.columns.shape == shape[:1]
