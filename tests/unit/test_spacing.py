"""Spaces between numbers, and tabs between the cells of tables."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from server.recognition.ink.pieces import Box
from server.recognition.reading.spacing import find_separators

HEIGHT = 40


def row(gaps: Sequence[float], left: float = 0, top: float = 0, width: float = 0.6) -> list[Box]:
    """Return the boxes of digits with these gaps between them, in heights."""
    boxes = []
    for gap in [left, *gaps]:
        start = (boxes[-1].right if boxes else 0) + round(gap * HEIGHT)
        boxes.append(Box(start, round(top), start + round(width * HEIGHT), round(top) + HEIGHT))
    return boxes


def written(*rows: list[Box]) -> str:
    """Return the rows with "x" for each digit."""
    separators = find_separators(rows)
    return "\n".join("x".join(between) for between in separators)


@pytest.mark.parametrize(
    ("gaps", "text"),
    [
        ([], "x"),
        ([0.3], "xx"),
        ([2.0], "xx"),
        ([3.5], "x x"),
        ([0.2, 0.3, 0.1], "xxxx"),
        ([0.2, 1.2, 0.3], "xx xx"),
        ([0.2, 1.2, 1.5, 0.3], "xx x xx"),
        ([-0.1, 1.1, -0.05], "xx xx"),
        ([2.0, 2.2, 1.8, 2.1], "xxxxx"),
        ([5.0, 5.0, 5.0], "xxxx"),
        ([0.1, 0.5, 0.2, 0.6], "xxxxx"),
    ],
)
def test_space_stands_for_a_clearly_wider_gap(gaps: list[float], text: str) -> None:
    assert written(row(gaps)) == text


def test_narrow_digits_in_even_boxes_are_one_number() -> None:
    centers, widths = range(0, 480, 60), [24, 6, 6, 26, 24, 6, 24, 24]
    boxes = [Box(x - w // 2, 0, x + w // 2, HEIGHT) for x, w in zip(centers, widths, strict=True)]
    assert written(boxes) == "x" * 8


def cells(*texts: str, pitch: float = 3.0, tilt: float = 0.0) -> list[list[Box]]:
    """Return rows of cells; "|" parts the cells, whose digits are 0.2 heights apart."""
    return [
        [
            box
            for column, cell in enumerate(text.split("|"))
            if cell
            for box in row(
                [0.2] * (len(cell) - 1),
                column * pitch - tilt * 1.5 * line,
                (1.5 * line + tilt * column * pitch) * HEIGHT,
            )
        ]
        for line, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["xx|xx", "x|xx", "xx|x"], "xx\txx\nx\txx\nxx\tx"),
        (["xx|x|x", "x|xx|xx"], "xx\tx\tx\nx\txx\txx"),
        (["x|x|x", "x||xx", "|x|x", "x|x|"], "x\tx\tx\nx\t\txx\n\tx\tx\nx\tx\t"),
        (["xx|xx", "xx|xx|x", "x|xx"], "xx\txx\t\nxx\txx\tx\nx\txx\t"),
        (["x|x|x", "x|x|x", "x|x|x"], "xxx\nxxx\nxxx"),
        (["xx|xx", "x|xx"], "xx xx\nx xx"),
        (["xx", "x", "xx"], "xx\nx\nxx"),
        (["xx|", "|xx", "xx|"], "xx\nxx\nxx"),
    ],
)
def test_tabs_part_the_cells_of_a_table(rows: list[str], text: str) -> None:
    assert written(*cells(*rows)) == text


@pytest.mark.parametrize("tilt", [-0.1, 0.1])
def test_table_may_be_tilted(tilt: float) -> None:
    rows = cells(*["x|xx|xx"] * 8, tilt=tilt)
    assert written(*rows) == "\n".join(["x\txx\txx"] * 8)


def test_lines_that_are_not_aligned_are_no_table() -> None:
    lines = [row([0.2, 1.0 + 0.9 * line, 0.2]) for line in range(3)]
    assert written(*lines) == "\n".join(["xx xx"] * 3)


def test_list_of_numbers_is_no_table() -> None:
    lines = [row([0.3, 0.35, 0.3], top=60 * line) for line in range(4)]
    assert written(*lines) == "\n".join(["xxxx"] * 4)
