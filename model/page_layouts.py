"""Layouts of pages: lines that are level, rise, bend, are uneven, far apart, or have columns.

Lengths are in heights of a digit, slopes in degrees; falling lines have positive slopes.
"""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """A way of writing the lines of a page.

    `bends` are changes of the slope from a line's start to its end, `shifts` those of digits up or
    down. `gaps` lie between the digits of a number, in widths of the narrower one; `pitches`, if
    given, are the distances between the centers of the digits instead. A line has as many numbers
    as `numbers` says, `word_gaps` apart.
    """

    name: str
    slopes: Range = (0, 0)
    bends: Range = (0, 0)
    heights: Range = (0.85, 1.15)
    shifts: float = 0.04
    lines: tuple[int, int] = (2, 4)
    lengths: tuple[int, int] = (2, 8)
    gaps: Range = (0.1, 0.6)
    pitches: Range | None = None
    numbers: tuple[int, int] = (1, 1)
    word_gaps: Range = (0, 0)
    line_gaps: Range = (0.15, 0.6)


LAYOUTS = (
    Layout("level"),
    Layout("rising", slopes=(-20, -5)),
    Layout("falling", slopes=(5, 20)),
    Layout("curved", slopes=(-5, 5), bends=(-30, 30)),
    Layout("uneven", heights=(0.6, 1.2), shifts=0.1),
    Layout("uneven and tilted", slopes=(-10, 10), heights=(0.6, 1.2), shifts=0.1),
    Layout("spread", pitches=(1.5, 5), lines=(1, 3), lengths=(4, 10), line_gaps=(0.4, 1)),
    Layout(
        "spread and tilted", slopes=(-15, 15), pitches=(1.5, 4),
        lines=(1, 3), lengths=(4, 10), line_gaps=(0.6, 1.2),
    ),
    Layout("one line", slopes=(-20, 20), bends=(-20, 20), lines=(1, 1), lengths=(2, 10)),
    Layout(
        "several numbers", slopes=(-5, 5), lines=(1, 3), lengths=(1, 4), numbers=(2, 3),
        word_gaps=(1.2, 3),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class TableLayout:
    """A way of writing the cells of a table; `shifts` are those of cells from their column."""

    rows: tuple[int, int] = (3, 6)
    columns: tuple[int, int] = (2, 4)
    lengths: tuple[int, int] = (1, 3)
    column_gaps: Range = (1.0, 2.5)
    row_pitches: Range = (1.6, 2.4)
    slopes: Range = (-3, 3)
    shifts: float = 0.12
    empty_share: float = 0.1  # of the cells of three or more columns, at most one in a row


TABLES = TableLayout()
