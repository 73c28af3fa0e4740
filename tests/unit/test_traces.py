"""Traces: the ink of strokes, and the direction of the pen."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.arrays import Trace
from server.recognition.ink.stroke_layers import draw_layers
from server.recognition.ink.traces import CHANNELS, draw_trace, ink_of

Points = list[tuple[float, float]]

RIGHT: Points = [(10, 40), (70, 40)]
DOWN: Points = [(40, 10), (40, 70)]


def trace(points: Points) -> Trace:
    drawn = np.zeros((80, 80, CHANNELS), np.uint8)
    draw_trace(drawn, np.array(points, np.float32), 6)
    return drawn


@pytest.mark.parametrize("points", [RIGHT, DOWN, [(12, 60), (60, 12)]])
def test_ink_is_the_same_in_both_directions(points: Points) -> None:
    there, back = trace(points), trace(points[::-1])
    assert (ink_of(there) > 128).sum() == pytest.approx((ink_of(back) > 128).sum(), rel=0.05)
    assert not (there[..., 1:] == back[..., 1:]).all()


@pytest.mark.parametrize(
    ("points", "expected"),
    [(RIGHT, (255, 0, 0)), (RIGHT[::-1], (0, 128, 128)), (DOWN, (0, 221, 0))],
    ids=["right", "left", "down"],
)
def test_each_channel_is_the_share_of_its_direction(
    points: Points, expected: tuple[int, int, int]
) -> None:
    assert trace(points)[40, 40, 1:] == pytest.approx(expected, abs=2)


def test_tremor_is_no_direction() -> None:
    shaking = [(x, 40 + 0.2 * (-1) ** x) for x in range(10, 70)]
    assert trace(shaking)[40, 40, 1:] == pytest.approx((255, 0, 0), abs=8)


def test_dot_has_ink_and_no_direction() -> None:
    drawn = trace([(40, 40)])
    assert drawn[40, 40].tolist() == [255, 0, 0, 0]


def test_layers_keep_strokes_apart_that_cross() -> None:
    layers = draw_layers([np.array(points, np.float32) for points in (RIGHT, DOWN)], 6)
    assert [trace.shape[2] for trace in layers.traces] == [CHANNELS] * 2
    assert layers.boxes[0].shared_width(layers.boxes[1]) == layers.boxes[1].width
    assert layers.ink(80, 80)[40, 40] == 255
