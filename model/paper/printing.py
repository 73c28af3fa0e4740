"""Print on paper: rules, squares, boxes, combs, tables, text, security patterns.

Every function draws into a coverage [H, W], 0 to 1, of one printing ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from model.paper.sheet import Cells
from model.paper.writing import Floats, Spot
from model.rendering import SUBPIXEL_BITS

Line = tuple[Spot, Spot]

ROSETTE_SHARE = 0.4
FONT_SIZES_PX = (6, 8, 10, 12, 14, 17, 20, 24, 29, 35, 42, 50)
WORDS = (
    "Name", "Date", "Total", "No.", "Amount", "Sum", "Page", "Reading", "Meter", "Signature", "Pay",
    "to the order of", "Account", "kWh", "EUR", "USD", "Student", "Points", "Exercise", "Address",
    "Phone", "Bank", "Invoice", "Please fill in", "Office use only", "1.", "2.", "3.", "A", "B",
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "25", "2026", "1234567", "890",
    "Lorem ipsum dolor sit amet", "consectetur", "adipiscing", "elit", "sed do eiusmod",
)  # fmt: skip


def draw_lines(
    coverage: Floats,
    lines: Sequence[Line],
    width_px: float,
) -> None:
    """Draw straight lines of one width; those thinner than a pixel are fainter."""
    field = np.zeros(coverage.shape, np.uint8)
    factor = 2**SUBPIXEL_BITS
    thickness = max(1, round(width_px))
    for (x0, y0), (x1, y1) in lines:
        start, end = (
            (round(x0 * factor), round(y0 * factor)),
            (round(x1 * factor), round(y1 * factor)),
        )
        cv2.line(field, start, end, 255, thickness, cv2.LINE_AA, SUBPIXEL_BITS)
    strength = np.float32(min(1.0, width_px) / 255)
    np.maximum(coverage, field * strength, out=coverage)


def draw_rules(coverage: Floats, tops: list[float], width_px: float) -> None:
    """Draw level lines from edge to edge at these heights."""
    width = coverage.shape[1]
    draw_lines(coverage, [((-9, y), (width + 9, y)) for y in tops], width_px)


def draw_squares(coverage: Floats, pitch_px: float, width_px: float, offset: float) -> None:
    """Draw squared paper."""
    height, width = coverage.shape
    rows = np.arange(offset % pitch_px - pitch_px, height + pitch_px, pitch_px)
    columns = np.arange((offset * 1.7) % pitch_px - pitch_px, width + pitch_px, pitch_px)
    lines = [((-9.0, y), (width + 9.0, y)) for y in rows.tolist()]
    lines += [((x, -9.0), (x, height + 9.0)) for x in columns.tolist()]
    draw_lines(coverage, lines, width_px)


def draw_dots(coverage: Floats, pitch_px: float, radius_px: float, offset: float) -> None:
    """Draw dotted paper."""
    field = np.zeros(coverage.shape, np.uint8)
    height, width = coverage.shape
    factor = 2**SUBPIXEL_BITS
    for y in np.arange(offset % pitch_px, height, pitch_px):
        for x in np.arange((offset * 1.7) % pitch_px, width, pitch_px):
            center = (round(x * factor), round(y * factor))
            cv2.circle(
                field,
                center,
                max(1, round(radius_px * factor)),
                255,
                -1,
                cv2.LINE_AA,
                SUBPIXEL_BITS,
            )
    np.maximum(coverage, field / np.float32(255), out=coverage)


def draw_boxes(
    coverage: Floats, cells: Cells, style: str, width_px: float, wall: float = 1.0
) -> None:
    """Draw rows of cells below each other: a "grid", boxes "apart" or a "comb".

    The walls of a comb stand on its line; `wall` is their height, in heights of a cell.
    """
    lines: list[Line] = []
    for row in range(cells.rows):
        top = cells.top + row * cells.height
        if style == "apart":
            lines += _boxes_apart(cells, top)
        else:
            lines += _comb(cells, top, wall)
        if style == "grid":
            lines.append(((cells.left, top), (cells.left + cells.count * cells.width, top)))
    draw_lines(coverage, lines, width_px)


def _boxes_apart(cells: Cells, top: float) -> list[Line]:
    """Return the walls of separate boxes."""
    space = 0.06 * cells.width
    y0, y1 = top + space, top + cells.height - space
    lines: list[Line] = []
    for column in range(cells.count):
        x0 = cells.left + column * cells.width + space
        x1 = x0 + cells.width - 2 * space
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        lines += zip(corners, (*corners[1:], corners[0]), strict=True)
    return lines


def _comb(cells: Cells, top: float, wall: float) -> list[Line]:
    """Return the walls beside cells, and the line below them."""
    bottom, right = top + cells.height, cells.left + cells.count * cells.width
    walls = [cells.left + column * cells.width for column in range(cells.count + 1)]
    return [
        ((cells.left, bottom), (right, bottom)),
        *(((x, bottom - wall * cells.height), (x, bottom)) for x in walls),
    ]


def draw_text(coverage: Floats, spot: Spot, size_px: float, text: str, font: int) -> None:
    """Draw printed text with its upper left corner at a spot, in one of the fonts."""
    height, width = coverage.shape
    typeface = _font(font, min(FONT_SIZES_PX, key=lambda size: abs(size - size_px)))
    box = typeface.getbbox(text)
    x, y = round(spot[0]), round(spot[1])
    across, down = int(box[2]) + 2, int(box[3]) + 2
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + across, width), min(y + down, height)
    if x1 <= x0 or y1 <= y0:
        return
    field = Image.new("L", (across, down))
    ImageDraw.Draw(field).text((0, 0), text, fill=255, font=typeface)
    part = np.asarray(field, dtype=np.float32)[y0 - y : y1 - y, x0 - x : x1 - x] / 255
    window = coverage[y0:y1, x0:x1]
    np.maximum(window, part, out=window)


@cache
def _font_files() -> list[Path]:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    files = [*folder.glob("DejaVuS*.ttf"), *folder.glob("STIXGeneral*.ttf")]
    return sorted(file for file in files if "Display" not in file.name)


@cache
def _font(index: int, size_px: int) -> ImageFont.FreeTypeFont:
    files = _font_files()
    return ImageFont.truetype(str(files[index % len(files)]), size_px)


def draw_text_block(
    coverage: Floats,
    spot: tuple[float, float],
    size_px: float,
    lines: int,
    rng: np.random.Generator,
) -> None:
    """Draw some lines of printed words."""
    font = int(rng.integers(64))
    for line in range(lines):
        words = [WORDS[k] for k in rng.integers(len(WORDS), size=int(rng.integers(1, 5)))]
        draw_text(
            coverage, (spot[0], spot[1] + 1.35 * size_px * line), size_px, " ".join(words), font
        )


def draw_guilloche(coverage: Floats, size_px: float, rng: np.random.Generator) -> None:
    """Draw fine curves, as on banknotes and cheques; `size_px` is the height of the digits."""
    field = np.zeros(coverage.shape, np.uint8)
    curves = _waves(coverage.shape, size_px, rng)
    if rng.uniform() < ROSETTE_SHARE:
        curves += _rosette(coverage.shape, size_px, rng)
    paths = [np.round(curve * 2**SUBPIXEL_BITS).astype(np.int32) for curve in curves]
    cv2.polylines(field, paths, False, 255, 1, cv2.LINE_AA, SUBPIXEL_BITS)
    np.maximum(coverage, field / np.float32(255), out=coverage)


def _waves(shape: tuple[int, ...], size_px: float, rng: np.random.Generator) -> list[Floats]:
    """Return a family of waves beside each other, level or upright."""
    span = max(shape)
    step = max(3.0, size_px * float(np.exp(rng.uniform(np.log(0.08), np.log(0.9)))))
    lengths = size_px * np.exp(rng.uniform(np.log(0.6), np.log(14), 2))
    swings = step * np.exp(rng.uniform(np.log(0.2), np.log(4), 2))
    turned, shift = rng.uniform() < 0.5, rng.choice([0.0, 0.3, 1.0])
    x = np.arange(-5, span + 8, max(2.0, float(lengths.min()) / 16))
    curves = []
    for index, offset in enumerate(np.arange(-swings.sum(), span + swings.sum(), step)):
        y = offset + swings[0] * np.sin(2 * np.pi / lengths[0] * x + index * shift)
        y += swings[1] * np.sin(2 * np.pi / lengths[1] * x)
        curves.append(np.stack([y, x] if turned else [x, y], axis=1).astype(np.float32))
    return curves


def _rosette(shape: tuple[int, ...], size_px: float, rng: np.random.Generator) -> list[Floats]:
    angle = np.linspace(0, 2 * np.pi, 240)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    center = rng.uniform(0, 1, 2) * [shape[1], shape[0]]
    curves = []
    for radius in np.linspace(0.3, rng.uniform(1, 6), 8) * size_px:
        petals = radius * (1 + 0.25 * np.sin(angle * rng.integers(5, 14)))
        curves.append((center + petals[:, None] * circle).astype(np.float32))
    return curves
