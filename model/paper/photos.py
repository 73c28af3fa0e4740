"""Photos of one number on a page of a certain kind, and of no number, to measure with."""

from __future__ import annotations

import numpy as np

from model.datasets import Drawing
from model.paper import camera, printing, surface
from model.paper.camera import Pixels
from model.paper.prints import print_on
from model.paper.sheet import Cells, Sheet
from model.paper.writing import Floats, draw_strokes, to_float32

PAGE_PX = (900, 1200)  # height and width
HEIGHTS_PX = (45, 90)  # of the number
PENS = (0.05, 0.1)  # width of the pen, in heights of the number
DESK_SHARE = 0.2  # of the blank photos: nothing but a desk; of the others: a desk around the page
BOX_STYLES = (("grid", 1.0), ("apart", 1.0), ("comb", 0.35), ("comb", 0.9))  # and their walls
KINDS = ("plain", "ruled", "squared", "margin", "desk", "shadow", "security")


def photograph_number(kind: str, number: Drawing, rng: np.random.Generator) -> Pixels:
    """Return a photo [H, W, 3] of a number, written on a page of one of KINDS."""
    height_px = float(rng.uniform(*HEIGHTS_PX))
    strokes, spot = _place(number, height_px, rng)
    page = surface.make_paper(PAGE_PX, _paper_color(rng), float(rng.uniform(0.005, 0.02)), rng)
    _print_on(page, kind, spot, height_px, rng)
    ink = np.zeros(PAGE_PX, np.float32)
    draw_strokes(ink, strokes, height_px * float(rng.uniform(*PENS)))
    _lay(page, ink, _pen_color(rng), float(rng.uniform(0.65, 0.95)))
    [page] = camera.warp_sheet([page], 2.5, 0.01, rng)
    light = _side_light(rng)
    if kind == "shadow":
        light *= _hand_shadow(spot, rng)
    if kind == "desk":
        page = _lay_on_desk(page, rng)
    return _take(page, light, rng)


def photograph_blank(rng: np.random.Generator) -> Pixels:
    """Return a photo [H, W, 3] without writing: paper of any kind, a desk, or a form."""
    if rng.uniform() < DESK_SHARE:
        ground = surface.make_desk(PAGE_PX, rng)
        return _take(ground, surface.make_light(PAGE_PX, rng), rng)
    height_px = float(rng.uniform(*HEIGHTS_PX))
    paper = surface.make_paper(PAGE_PX, _paper_color(rng), float(rng.uniform(0.005, 0.03)), rng)
    sheet = Sheet(paper, np.zeros(PAGE_PX, np.float32), height_px, rng)
    print_on(sheet)
    page = sheet.reflectance
    if rng.uniform() < DESK_SHARE:
        page = _lay_on_desk(page, rng)
    return _take(page, surface.make_light(PAGE_PX, rng), rng)


def photograph_boxes(
    digits: list[Drawing], style: tuple[str, float], rng: np.random.Generator
) -> Pixels:
    """Return a photo [H, W, 3] of digits, each about 1 high, in a row of one of BOX_STYLES."""
    height_px = float(rng.uniform(40, 80))
    cell = height_px * np.array([rng.uniform(0.95, 1.7), rng.uniform(1.2, 1.8)])
    left, top = rng.uniform(30, 120), rng.uniform(60, PAGE_PX[0] - 60 - cell[1])
    page = surface.make_paper(PAGE_PX, _paper_color(rng), float(rng.uniform(0.003, 0.015)), rng)
    layer = np.zeros(PAGE_PX, np.float32)
    line_px = height_px * float(rng.uniform(0.015, 0.06))
    cells = Cells(float(left), float(top), float(cell[0]), float(cell[1]), len(digits))
    printing.draw_boxes(layer, cells, style[0], line_px, style[1])
    _lay(page, layer, _print_color(rng), float(rng.uniform(0.4, 1)))
    ink = np.zeros(PAGE_PX, np.float32)
    pen_px = height_px * float(rng.uniform(*PENS))
    for index, drawing in enumerate(digits):
        points = np.concatenate(drawing)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        spot = np.array([left + (index + 0.5) * cell[0], top + 0.5 * cell[1]])
        spot += rng.normal(0, 0.05, 2) * cell
        size = min(height_px, 0.95 * cell[0] / max(float(np.ptp(points[:, 0])), 1e-3))
        draw_strokes(
            ink, [((s - middle) * size + spot).astype(np.float32) for s in drawing], pen_px
        )
    _lay(page, ink, _pen_color(rng), float(rng.uniform(0.65, 0.95)))
    [page] = camera.warp_sheet([page], 1.5, 0.006, rng)
    return _take(page, _side_light(rng), rng)


def _take(page: Floats, light: Floats, rng: np.random.Generator) -> Pixels:
    """Photograph a lit page; the photo's channels are blue, green and red."""
    picture = camera.expose(page, light, rng)
    picture = camera.blur(picture, float(rng.uniform(0.3, 1.2)), rng)
    picture = camera.add_noise(picture, float(rng.uniform(1, 6)), rng)
    return np.asarray(np.clip(picture[..., ::-1] * 255, 0, 255), dtype=np.uint8)


def _place(
    number: Drawing, height_px: float, rng: np.random.Generator
) -> tuple[Drawing, tuple[float, float]]:
    """Scale a number and place it on the page, all of it; return its strokes and its middle."""
    points = np.concatenate(number)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = min(height_px / max(float(size[1]), 1e-6), 0.8 * PAGE_PX[1] / max(float(size[0]), 1e-6))
    room = np.array([PAGE_PX[1], PAGE_PX[0]]) - size * scale
    corner = room * rng.uniform(0.1, 0.9, 2)
    strokes = [((stroke - low) * scale + corner).astype(np.float32) for stroke in number]
    x, y = (corner + size * scale / 2).tolist()
    return strokes, (x, y)


def _print_on(
    page: Floats, kind: str, spot: tuple[float, float], height_px: float, rng: np.random.Generator
) -> None:
    layer = np.zeros(PAGE_PX, np.float32)
    line_px = max(1.0, height_px * float(rng.uniform(0.02, 0.05)))
    offset = float(rng.uniform(0, 300))
    if kind == "ruled":
        pitch = height_px * rng.uniform(1.2, 2)
        tops = np.arange(offset % pitch, PAGE_PX[0], pitch).tolist()
        printing.draw_rules(layer, tops, line_px)
    elif kind == "squared":
        printing.draw_squares(layer, height_px * float(rng.uniform(0.45, 1.1)), line_px, offset)
    elif kind == "margin":
        x = spot[0] + float(rng.choice([-1, 1]) * rng.uniform(2.5, 5) * height_px)
        printing.draw_lines(layer, [((x, -9.0), (x + 4, PAGE_PX[0] + 9.0))], line_px * 1.5)
    elif kind == "security":
        for _ in range(3):
            pattern = np.zeros(PAGE_PX, np.float32)
            printing.draw_guilloche(pattern, height_px, rng)
            _lay(page, pattern, np.asarray(rng.uniform(0.4, 0.9, 3), np.float32), 0.7)
        y = spot[1] + 0.65 * height_px
        printing.draw_lines(layer, [((spot[0] - 300, y), (spot[0] + 300, y))], line_px)
    _lay(page, layer, _print_color(rng), float(rng.uniform(0.4, 0.9)))


def _lay(page: Floats, coverage: Floats, color: Floats, strength: float) -> None:
    page += (coverage * np.float32(strength))[..., None] * (color - page)


def _paper_color(rng: np.random.Generator) -> Floats:
    return np.asarray(rng.uniform(0.8, 0.95) * rng.uniform(0.92, 1, 3), np.float32)


def _pen_color(rng: np.random.Generator) -> Floats:
    kinds = np.array([[0.1, 0.12, 0.4], [0.08, 0.08, 0.1], [0.3, 0.3, 0.32]])
    return np.asarray(kinds[int(rng.integers(3))], np.float32)


def _print_color(rng: np.random.Generator) -> Floats:
    kinds = np.array([[0.1, 0.1, 0.1], [0.55, 0.65, 0.85], [0.85, 0.4, 0.4], [0.5, 0.5, 0.5]])
    return np.asarray(kinds[int(rng.integers(4))], np.float32)


def _side_light(rng: np.random.Generator) -> Floats:
    height, width = PAGE_PX
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) + 0.5
    return to_float32(1 - np.clip(along, 0, 1) * rng.uniform(0.1, 0.5))


def _hand_shadow(spot: tuple[float, float], rng: np.random.Generator) -> Floats:
    """Return the soft shadow of a hand whose edge runs near the number."""
    height, width = PAGE_PX
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    center = np.array(spot) + rng.uniform(-250, 250, 2)
    radii = rng.uniform(120, 380, 2)
    far = np.sqrt(((x - center[0]) / radii[0]) ** 2 + ((y - center[1]) / radii[1]) ** 2)
    soft = rng.uniform(0.1, 0.4)
    return to_float32(1 - rng.uniform(0.3, 0.6) / (1 + np.exp((far - 1) / (soft / 2))))


def _lay_on_desk(page: Floats, rng: np.random.Generator) -> Floats:
    """Cover one or two edges of the page, or a corner, with a dark desk."""
    height, width = PAGE_PX
    desk = np.zeros(PAGE_PX, np.float32)
    tilt = rng.normal(0, 0.04)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for side in rng.permutation(4)[: int(rng.integers(1, 3))]:
        reach = rng.uniform(0.02, 0.09)
        along = (x / width, 1 - x / width, y / height, 1 - y / height)[side]
        across = (y / height, y / height, x / width, x / width)[side]
        desk = np.maximum(desk, np.clip((reach + tilt * (across - 0.5) - along) * width, 0, 1))
    ground = surface.make_desk(PAGE_PX, rng) * np.float32(0.5)
    return np.asarray(page + desk[..., None] * (ground - page), dtype=np.float32)
