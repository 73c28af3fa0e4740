"""Pages with a table of one writer's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from model.composed_numbers import compose
from model.datasets import Drawing
from model.page_layouts import TableLayout
from model.pages import PEN, LabeledDrawing, Page, choose, extent, move_by
from server.recognition.reading.tables import TAB

GAPS = (0.1, 0.5)  # between the digits of a cell, in widths of the narrower one
ALIGNMENTS = (0.0, 0.5, 1.0)  # left, centered, right

Cell = tuple[list[Drawing], str]
EMPTY: Cell = ([], "")


def compose_table(
    layout: TableLayout, writer_digits: Sequence[LabeledDrawing], rng: np.random.Generator
) -> Page:
    """Compose a page with one table."""
    shape = [int(rng.integers(*counts, endpoint=True)) for counts in (layout.rows, layout.columns)]
    cells = [_compose_row(layout, shape[1], writer_digits, rng) for _ in range(shape[0])]
    lefts = _place_columns(layout, cells, rng)
    alignment = float(rng.choice(ALIGNMENTS))
    slope, pitch = (
        math.tan(math.radians(rng.uniform(*layout.slopes))),
        rng.uniform(*layout.row_pitches),
    )
    digits: list[Drawing] = []
    lines = []
    for row, row_cells in enumerate(cells):
        first = len(digits)
        for (cell, _), left, room in zip(row_cells, *lefts, strict=True):
            shift = rng.normal(0, layout.shifts, 2)
            across = left + alignment * (room - _width(cell)) + shift[0]
            down = row * pitch + shift[1]
            digits += [
                move_by(digit, across - slope * down, down + slope * across) for digit in cell
            ]
        lines.append([*range(first, len(digits))])
    text = "\n".join(TAB.join(label for _, label in row) for row in cells)
    return Page(digits, lines, text)


def _compose_row(
    layout: TableLayout,
    columns: int,
    writer_digits: Sequence[LabeledDrawing],
    rng: np.random.Generator,
) -> list[Cell]:
    row = [_compose_cell(layout, writer_digits, rng) for _ in range(columns)]
    if columns > 2 and rng.uniform() < layout.empty_share * columns:
        row[int(rng.integers(columns))] = EMPTY
    return row


def _compose_cell(
    layout: TableLayout, writer_digits: Sequence[LabeledDrawing], rng: np.random.Generator
) -> Cell:
    chosen = choose(writer_digits, int(rng.integers(*layout.lengths, endpoint=True)), rng)
    gaps = rng.uniform(*GAPS, len(chosen) - 1).tolist()
    return compose([digit for digit, _ in chosen], gaps, rng, PEN), "".join(t for _, t in chosen)


def _place_columns(
    layout: TableLayout, cells: Sequence[Sequence[Cell]], rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    """Return the left side and the width of each column."""
    widths = [max(_width(digits) for digits, _ in column) for column in zip(*cells, strict=True)]
    gap = float(rng.uniform(*layout.column_gaps))
    lefts = [sum(widths[:column]) + gap * column for column in range(len(widths))]
    return lefts, widths


def _width(cell: Sequence[Drawing]) -> float:
    return max((extent(digit)[1][0] for digit in cell), default=0.0) + PEN
