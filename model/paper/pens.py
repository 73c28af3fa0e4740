"""Random handwriting on a sheet, with a pen, a pencil, a felt pen or chalk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.paper.sheet import Cells, Sheet
from model.paper.surface import smooth_noise
from model.paper.writing import (
    Floats,
    Hand,
    Hands,
    choose_digits,
    draw_row,
    draw_strokes,
    paste_image,
    place_row,
    slant_alike,
)

FOREIGN_SHARE = 0.06  # of the rows: letters and signs instead of digits
IMAGE_SHARE = 0.12  # of the rows: MNIST images instead of strokes
FILLED_SHARE = 0.9  # of the rows of printed cells; the others stay empty
BESIDE_SHARE = 0.2  # of the sheets with cells: something is written outside them too
EMPTY_CELL_SHARE = 0.08
MANY_ONES_SHARE = 0.25  # of the rows of cells with a 1: half of the digits are that 1
PENS = (0.035, 0.2)  # width of the pen, in heights of a digit
UNEVEN_SHARE = 0.12  # of the rows: the width of the pen changes from digit to digit
FADING_SHARE = 0.2  # of pens: parts of a stroke are much paler
GAPS = ((-0.05, 0.15), (0.1, 0.5), (0.5, 2))  # between digits, in heights: near, normal, wide
PEN_COLORS = (
    [0.08, 0.1, 0.35], [0.05, 0.05, 0.07], [0.15, 0.2, 0.6], [0.6, 0.1, 0.12], [0.1, 0.35, 0.2],
)  # fmt: skip
PEN_SHARES = (0.34, 0.34, 0.18, 0.08, 0.06)
PENCIL_SHARE = 0.3
MIN_STRENGTH = 0.12  # of ink: what is paler cannot be seen


@dataclass(frozen=True)
class Pen:
    """The color of a pen, and how strongly it covers the paper: everywhere or by pixel [H, W]."""

    color: Floats
    strength: float | Floats


def write_on(sheet: Sheet, hands: Hands, cells: Cells | None, pen: Pen) -> None:
    """Write rows of digits on a sheet, or into its cells."""
    rng = sheet.rng
    width_px = max(0.8, sheet.height_px * sheet.log_uniform(*PENS))
    coverage = sheet.blank_layer()
    hand = hands.hands[int(rng.integers(len(hands.hands)))]
    if cells is not None and rng.uniform() < FILLED_SHARE:
        _write_in_cells(sheet, coverage, hand, cells, width_px)
    if cells is None or rng.uniform() < BESIDE_SHARE:
        _write_rows(sheet, coverage, hands, hand, width_px)
    np.maximum(sheet.ink, coverage, out=sheet.ink)
    sheet.lay(coverage, pen.color, pen.strength)


def _write_rows(sheet: Sheet, coverage: Floats, hands: Hands, hand: Hand, width_px: float) -> None:
    rng, size, height = sheet.rng, sheet.height_px, sheet.shape[0]
    pitch = float(size * rng.uniform(1.15, 3))
    rows = int(rng.integers(1, 1 + max(1, round(height / pitch))))
    y = float(rng.uniform(-0.2 * size, height - (rows - 1) * pitch))
    for _ in range(rows):
        start = (float(rng.uniform(-size, 0.6 * sheet.shape[1])), y)
        gap = float(rng.uniform(*GAPS[int(rng.integers(len(GAPS)))]))
        count = int(rng.integers(1, 9))
        chance = rng.uniform()
        if chance < IMAGE_SHARE:
            _paste_row(sheet, coverage, hands, count, (start, gap))
        else:
            is_foreign = chance < IMAGE_SHARE + FOREIGN_SHARE
            chosen = _choose_signs(hands, count, rng) if is_foreign else _choose(hand, count, rng)
            row = place_row(slant_alike(chosen, rng), size, start, gap, rng)
            draw_row(coverage, row, _pens_px(sheet, width_px, len(chosen)))
        y += pitch * rng.uniform(0.9, 1.1)


def _pens_px(sheet: Sheet, width_px: float, count: int) -> list[float]:
    if sheet.rng.uniform() > UNEVEN_SHARE:
        return [width_px] * count
    return [max(0.8, sheet.height_px * sheet.log_uniform(*PENS)) for _ in range(count)]


def _choose(hand: Hand, count: int, rng: np.random.Generator) -> list[list[Floats]]:
    return [drawing for drawing, _ in choose_digits(hand, count, rng)]


def _choose_signs(hands: Hands, count: int, rng: np.random.Generator) -> list[list[Floats]]:
    return [hands.signs[k] for k in rng.integers(len(hands.signs), size=count)]


def _paste_row(
    sheet: Sheet,
    coverage: Floats,
    hands: Hands,
    count: int,
    place: tuple[tuple[float, float], float],
) -> None:
    """Paste images side by side; `place` is the start of the row and its gap."""
    (x, y), gap = place
    for index in sheet.rng.integers(len(hands.images), size=count):
        width = paste_image(coverage, hands.images[index], sheet.height_px, (x, y))
        x += width + sheet.height_px * max(gap, 0.05)


def _write_in_cells(
    sheet: Sheet, coverage: Floats, hand: Hand, cells: Cells, width_px: float
) -> None:
    """Write one digit into most cells; a few touch the walls."""
    rng = sheet.rng
    pitch = np.array([cells.width, cells.height])
    size = min(sheet.height_px, cells.height * rng.uniform(0.55, 1.0))
    digits = choose_digits(hand, cells.count * cells.rows, rng)
    ones = [digit for digit in digits if digit[1] == 1]
    if ones and rng.uniform() < MANY_ONES_SHARE:  # they are like the walls of the cells
        digits = [ones[0] if rng.uniform() < 0.5 else digit for digit in digits]
    for index, (drawing, _) in enumerate(digits):
        if rng.uniform() < EMPTY_CELL_SHARE:
            continue
        row, column = divmod(index, cells.count)
        middle = np.array([cells.left, cells.top]) + pitch * [column + 0.5, row + 0.5]
        factor = np.float32(size * np.exp(rng.normal(0, 0.08)))
        points = np.concatenate(drawing) * factor
        shift = middle + rng.normal(0, 0.09, 2) * pitch
        shift -= (points.min(axis=0) + points.max(axis=0)) / 2
        placed = [(stroke * factor + shift).astype(np.float32) for stroke in drawing]
        draw_strokes(coverage, placed, width_px)


def pick_pen(sheet: Sheet) -> Pen:
    """Return a pencil or a pen of some color."""
    rng = sheet.rng
    if rng.uniform() < PENCIL_SHARE:
        gray = np.full(3, rng.uniform(0.2, 0.4), np.float32)
        return Pen(gray, _grainy(sheet, rng.uniform(0.3, 0.85), rng.uniform(0.1, 0.6)))
    color = np.array(PEN_COLORS[int(rng.choice(len(PEN_COLORS), p=PEN_SHARES))])
    color = np.clip(color * rng.uniform(0.6, 1.5), 0, 1).astype(np.float32)
    return Pen(color, _grainy(sheet, rng.uniform(0.55, 1), rng.uniform(0, 0.25)))


def pick_chalk(sheet: Sheet) -> Pen:
    rng = sheet.rng
    color = np.asarray(rng.uniform(0.75, 1, 3), dtype=np.float32)
    return Pen(color, _grainy(sheet, rng.uniform(0.45, 1), rng.uniform(0, 0.5)))


def pick_cursor(sheet: Sheet) -> Pen:
    """Return what a drawing program draws with: one color, without grain."""
    rng = sheet.rng
    color = np.zeros(3) if rng.uniform() < 0.6 else rng.uniform(0, 0.6, 3)
    return Pen(color.astype(np.float32), 1.0)


def _grainy(sheet: Sheet, strength: float, grain: float) -> Floats:
    """Return strength [H, W], 0 to 1, that varies as pressure and the paper's grain do."""
    fine = smooth_noise(sheet.shape, float(sheet.rng.choice([1.0, 1.8])), sheet.rng)
    slow = smooth_noise(sheet.shape, 25, sheet.rng)
    varied = strength * (1 + grain * fine + 0.12 * slow)
    if sheet.rng.uniform() < FADING_SHARE:
        cell_px = sheet.height_px * sheet.log_uniform(0.15, 0.6)
        fading = smooth_noise(sheet.shape, cell_px, sheet.rng)
        varied *= 1 - sheet.rng.uniform(0.2, 0.5) * np.abs(fading)
    return np.asarray(np.clip(varied, MIN_STRENGTH, 1), dtype=np.float32)
