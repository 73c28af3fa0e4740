"""Random prints on a sheet: what its makers put there before anybody wrote on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.paper import printing
from model.paper.sheet import Cells, Sheet
from model.paper.writing import Floats

MARGIN_SHARE, TEXT_SHARE, PATTERN_SHARE, TINT_SHARE = 0.16, 0.26, 0.13, 0.2
CUT_OUT_SHARE = 0.4  # of the boxes
BOX_STYLES = {"grid": 0.3, "apart": 0.25, "comb": 0.45}
WALLS = (0.15, 1)  # of a comb, in heights of a cell
COLORS = (
    [0.1, 0.1, 0.1], [0.55, 0.55, 0.55], [0.45, 0.6, 0.85], [0.85, 0.35, 0.35],
    [0.95, 0.6, 0.3], [0.4, 0.7, 0.5], [0.6, 0.75, 0.85],
)  # fmt: skip


def print_on(sheet: Sheet) -> Cells | None:
    """Print on a sheet; return the cells to write in, if there are any."""
    rng = sheet.rng
    if rng.uniform() < PATTERN_SHARE:
        _print_pattern(sheet)
    kinds = [*LAYOUTS]
    kind = kinds[int(rng.choice(len(kinds), p=[*LAYOUTS.values()]))]
    layer = sheet.blank_layer()
    cells = kind(sheet, layer)
    sheet.lay(layer, _color(rng), float(rng.uniform(0.25, 1)))
    if rng.uniform() < MARGIN_SHARE:
        _print_margin(sheet)
    if rng.uniform() < TEXT_SHARE:
        _print_text(sheet)
    return cells


def _print_pattern(sheet: Sheet) -> None:
    rng = sheet.rng
    for _ in range(int(rng.integers(1, 4))):
        layer = sheet.blank_layer()
        printing.draw_guilloche(layer, sheet.height_px, rng)
        pastel = np.asarray(rng.uniform(0.35, 0.9, 3), dtype=np.float32)
        sheet.lay(layer, pastel, float(rng.uniform(0.3, 0.9)))


def _print_margin(sheet: Sheet) -> None:
    """Print one or two upright lines beside the writing, or through it."""
    rng = sheet.rng
    height, width = sheet.shape
    layer = sheet.blank_layer()
    x = float(rng.uniform(0, width))
    lines = [((x, -9.0), (x + rng.normal(0, 2), height + 9.0))]
    if rng.uniform() < 0.2:
        second = x + 0.15 * sheet.height_px
        lines.append(((second, -9.0), (second, height + 9.0)))
    printing.draw_lines(layer, lines, _line_px(sheet) * rng.uniform(0.8, 2))
    sheet.lay(layer, _color(rng), float(rng.uniform(0.3, 1)))


def _print_text(sheet: Sheet) -> None:
    rng = sheet.rng
    height, width = sheet.shape
    layer = sheet.blank_layer()
    for _ in range(int(rng.integers(1, 5))):
        spot = (float(rng.uniform(-0.3, 0.8) * width), float(rng.uniform(-0.1, 0.95) * height))
        size_px = sheet.height_px * sheet.log_uniform(0.25, 1.1)
        printing.draw_text_block(layer, spot, size_px, int(rng.integers(1, 4)), rng)
    sheet.lay(layer, _color(rng), float(rng.uniform(0.6, 1)))


def _leave_plain(sheet: Sheet, layer: Floats) -> None:
    """Print nothing."""


def _print_lone_lines(sheet: Sheet, layer: Floats) -> None:
    """Print a few lines of any length, such as those to sign on."""
    rng, size = sheet.rng, sheet.height_px
    height, width = sheet.shape
    lines = []
    for _ in range(int(rng.integers(1, 4))):
        x, y = float(rng.uniform(-0.5, 0.9) * width), float(rng.uniform(0, height))
        length, rise = size * sheet.log_uniform(2, 30), rng.normal(0, 0.03)
        end = (x + length, y + rise * length)
        lines.append(((x, y), end) if rng.uniform() < 0.6 else ((y, x), (end[1], end[0])))
    printing.draw_lines(layer, lines, _line_px(sheet))


def _print_rules(sheet: Sheet, layer: Floats) -> None:
    pitch = sheet.height_px * sheet.rng.uniform(1.1, 3)
    first = sheet.rng.uniform(-pitch, 0)
    tops = np.arange(first, sheet.shape[0] + pitch, pitch).tolist()
    printing.draw_rules(layer, tops, _line_px(sheet))


def _print_squares(sheet: Sheet, layer: Floats) -> None:
    pitch = sheet.height_px * sheet.rng.uniform(0.35, 1.3)
    printing.draw_squares(layer, pitch, _line_px(sheet), float(sheet.rng.uniform(0, 4 * pitch)))


def _print_dots(sheet: Sheet, layer: Floats) -> None:
    pitch = sheet.height_px * sheet.rng.uniform(0.4, 1)
    printing.draw_dots(layer, pitch, _line_px(sheet), float(sheet.rng.uniform(0, 4 * pitch)))


def _print_boxes(sheet: Sheet, layer: Floats) -> Cells:
    """Print a few rows of boxes somewhere, or boxes from edge to edge, as cut out of a form."""
    rng, size = sheet.rng, sheet.height_px
    height, width = sheet.shape
    across, down = float(size * rng.uniform(0.85, 2)), float(size * rng.uniform(1.1, 2.1))
    if rng.uniform() < CUT_OUT_SHARE:
        left, top = float(rng.uniform(-0.05, 0.15) * across), float(rng.uniform(-0.05, 0.15) * down)
        cells = Cells(
            left, top, across, down, max(1, int(width / across)), max(1, int(height / down))
        )
    else:
        left = float(rng.uniform(-0.3 * width, 0.4 * width))
        top = float(rng.uniform(-0.2 * down, max(height - down, 1)))
        rows = int(rng.integers(1, 3)) if rng.uniform() < 0.3 else 1
        cells = Cells(left, top, across, down, int(rng.integers(1, 10)), rows)
    style = str(rng.choice([*BOX_STYLES], p=[*BOX_STYLES.values()]))
    wall = float(rng.uniform(*WALLS)) if style == "comb" else 1.0
    printing.draw_boxes(layer, cells, style, _line_px(sheet), wall)
    if rng.uniform() < TINT_SHARE:
        _tint(sheet, cells)
    return cells


def _tint(sheet: Sheet, cells: Cells) -> None:
    top, left = max(0, round(cells.top)), max(0, round(cells.left))
    bottom = max(0, round(cells.top + cells.height * cells.rows))
    right = max(0, round(cells.left + cells.width * cells.count))
    tint = np.asarray(sheet.rng.uniform(0.75, 1, 3), dtype=np.float32)
    sheet.reflectance[top:bottom, left:right] *= tint


def _print_table(sheet: Sheet, layer: Floats) -> None:
    rng, size = sheet.rng, sheet.height_px
    across, down = float(size * rng.uniform(2, 6)), float(size * rng.uniform(1.2, 2.2))
    left, top = -float(rng.uniform(0, across)), -float(rng.uniform(0, down))
    height, width = sheet.shape
    count, rows = 2 + int(width / across), 2 + int(height / down)
    cells = Cells(left, top, across, down, count, rows)
    printing.draw_boxes(layer, cells, "grid", _line_px(sheet))


LAYOUTS: dict[Callable[[Sheet, Floats], Cells | None], float] = {
    _leave_plain: 0.15, _print_lone_lines: 0.09, _print_rules: 0.15, _print_squares: 0.2,
    _print_dots: 0.03, _print_boxes: 0.32, _print_table: 0.06,
}  # fmt: skip


def _line_px(sheet: Sheet) -> float:
    return max(0.5, sheet.height_px * sheet.log_uniform(0.012, 0.11))


def _color(rng: np.random.Generator) -> Floats:
    """Return black, gray, blue, red, orange or green."""
    color = np.array(COLORS[int(rng.integers(len(COLORS)))]) * rng.uniform(0.7, 1.15)
    return np.asarray(np.clip(color, 0, 0.95), dtype=np.float32)
