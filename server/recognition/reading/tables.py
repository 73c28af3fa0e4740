"""Tables: lines whose cells are aligned in columns, with gaps that go through all lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from server.recognition.ink.pieces import Box
from server.recognition.reading.slopes import common_slope

TAB = "\t"
MIN_ROWS, MIN_COLUMNS = 3, 2
MIN_COLUMNS_OF_TWO_ROWS = 3

# In heights of a digit.
MIN_COLUMN_GAP = 0.7
MAX_MISALIGNMENT = 0.6  # of the left sides, the centers or the right sides of a column's cells

MIN_RATIO = 2.0  # of a gap between columns to the gaps in their cells

Span = tuple[float, float]  # from left to right, along the lines


@dataclass(frozen=True)
class _Cell:
    """The symbols of a line that are in one column."""

    column: int
    symbols: list[Span]

    @property
    def left(self) -> float:
        return self.symbols[0][0]

    @property
    def right(self) -> float:
        return max(right for _, right in self.symbols)

    @property
    def gaps(self) -> list[float]:
        return [b[0] - a[1] for a, b in pairwise(self.symbols)]


def find_tabs(lines: Sequence[Sequence[Box]]) -> list[list[str]]:
    """Return the tabs before each symbol of each line and after the last one; [] if it is no table.

    An empty cell keeps its place.
    """
    if len(lines) < 2 or max(map(len, lines)) < 2:
        return []
    spans = _measure(lines)
    starts = _find_columns([span for line in spans for span in line])
    rows = [_find_cells(line, starts) for line in spans]
    if not _is_table(rows, len(starts)):
        return []
    return [
        _separate([cell.column for cell in row for _ in cell.symbols], len(starts)) for row in rows
    ]


def _measure(lines: Sequence[Sequence[Box]]) -> list[list[Span]]:
    """Return the spans of symbols, in heights of a digit."""
    height = median(box.height for line in lines for box in line)
    slope = common_slope(lines, 0.0, height**2)
    rows = [[(box, slope * (box.top + box.bottom) / 2) for box in line] for line in lines]
    return [
        sorted(((box.left + shift) / height, (box.right + shift) / height) for box, shift in row)
        for row in rows
    ]


def _find_columns(spans: Sequence[Span]) -> list[float]:
    """Return where the columns start: after gaps that go through all lines."""
    starts: list[float] = []
    reach = -float("inf")
    for left, right in sorted(spans):
        if left - reach > MIN_COLUMN_GAP:
            starts.append(left)
        reach = max(reach, right)
    return starts


def _find_cells(line: Sequence[Span], starts: Sequence[float]) -> list[_Cell]:
    columns = groupby(line, key=lambda span: bisect_right(starts, span[0]) - 1)
    return [_Cell(column, [*symbols]) for column, symbols in columns]


def _is_table(rows: Sequence[Sequence[_Cell]], columns: int) -> bool:
    cells = [cell for row in rows for cell in row]
    by_column = [[cell for cell in cells if cell.column == column] for column in range(columns)]
    row_count = sum(len(row) > 1 for row in rows)
    shared_count = sum(len(column) > 1 for column in by_column)
    min_columns = MIN_COLUMNS if row_count >= MIN_ROWS else MIN_COLUMNS_OF_TWO_ROWS
    is_large = row_count > 1 and shared_count >= min_columns
    return is_large and _are_apart(by_column) and all(map(_is_aligned, by_column))


def _are_apart(by_column: Sequence[Sequence[_Cell]]) -> bool:
    """Return whether the gaps between columns are clearly wider than those inside of cells.

    Where every cell is one digit, each line may as well be one number of evenly spaced digits.
    """
    between = [
        min(cell.left for cell in column) - max(cell.right for cell in previous)
        for previous, column in pairwise(by_column)
    ]
    inside = [gap for column in by_column for cell in column for gap in cell.gaps]
    return bool(inside) and min(between) >= MIN_RATIO * max(inside)


def _is_aligned(cells: Sequence[_Cell]) -> bool:
    """Return whether the cells of a column are aligned by their left, center or right."""
    lefts, rights = [cell.left for cell in cells], [cell.right for cell in cells]
    centers = [(left + right) / 2 for left, right in zip(lefts, rights, strict=True)]
    return min(map(_misalignment, (lefts, centers, rights))) <= MAX_MISALIGNMENT


def _misalignment(positions: Sequence[float]) -> float:
    middle = median(positions)
    return max(abs(position - middle) for position in positions)


def _separate(columns: Sequence[int], count: int) -> list[str]:
    return [TAB * (column - previous) for previous, column in pairwise([0, *columns, count - 1])]
