"""Evaluation sets: pictures as users send them, with the text written on them.

None of them was used for training; the model card says which choices were made on some. Pictures
are uint8, [H, W] grayscale or [H, W, 3] BGR. The text "?" stands for a sign that is not a digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from model import datasets
from model.composed_numbers import compose
from model.datasets import (
    Drawing,
    load_drawings,
    load_glyphs,
    load_mnist,
    load_triangles,
    select,
    without_dots,
    without_look_alikes,
)
from model.page_layouts import TABLES, Layout
from model.pages import compose_page
from model.photo_augmentation import render_photo
from model.rendering import render, render_each
from model.styles import truncate
from model.sudoku_photos import Photo, cut_cells
from model.table_pages import compose_table
from server.contract import Strokes
from server.recognition.arrays import Ink
from server.recognition.labels import NO_DIGIT

SEED = 7
CANVAS_PX = 280
DIGIT_PX = 180
PEN_PX = 12
PENS_PX = (4, 8, 12, 16, 20, 24)
NUMBERS = 600
NUMBER_HEIGHT_PX = 120
NUMBER_PEN = 0.07  # of the height
LENGTHS = (2, 8)  # digits of a number
SPACED_GAPS = (0.1, 0.6)  # between the ink, in widths of the narrower digit
TOUCHING_GAPS = (-0.15, 0.0)
OVERLAPPING_GAPS = (-0.4, 0.0)
LIVE_PX, LIVE_MIN_ASPECT = 48, 0.3  # height of a live frame's writing; a flatter one is so high
LIVE_PEN_PX, LIVE_TOLERANCE_PX = 4, 0.4  # of its line; of its thinned strokes
LINES, LINE_LENGTHS = (2, 3), (1, 4)  # of a list; digits of a line
LINE_GAPS = (0.1, 0.5)  # between the ink of two lines, in heights of a digit
LINE_HEIGHT_PX = 60
MAX_INDENT = 0.6  # of a line, in its heights
PAGES = 300  # of each layout
SHAPES = 200  # of each kind
FRAME_PX, FRAME_INK_PX = 140, 100
PHOTOS = 30
CELL_MARGIN, FRAMED_CELL_MARGIN = -0.12, 0.08  # beyond the printed lines, in sides of a cell


@dataclass(frozen=True)
class StrokedPicture:
    """A drawing [H, W] with its strokes, as the draw page sends it."""

    picture: Ink
    strokes: Strokes


Samples = Iterator[tuple[Photo, str]]
StrokedSamples = Iterator[tuple[StrokedPicture, str]]
LabeledDrawing = tuple[Drawing, str]


def mnist_test() -> Samples:
    images, labels, _ = load_mnist("test")
    yield from zip(images, labels.astype(str).tolist(), strict=True)


def digits(split: str, pens_px: tuple[int, ...] = (PEN_PX,)) -> Samples:
    """Yield the single digits of a split, dark on a light canvas, with each pen in turn."""
    drawings = select(load_drawings("strokes_digits"), split)
    for index, (drawing, label) in enumerate(zip(drawings.drawings, drawings.labels, strict=True)):
        yield to_canvas(render(drawing, DIGIT_PX, pens_px[index % len(pens_px)])), label


def unfinished_digits(split: str, share: float) -> Samples:
    """Yield the single digits of a split, drawn up to this share of the ink's length."""
    drawings = select(load_drawings("strokes_digits"), split)
    for drawing, label in zip(drawings.drawings, drawings.labels, strict=True):
        size = max(float(np.ptp(np.concatenate(drawing), axis=0).max()), 1e-6)
        [ink] = render_each([truncate(drawing, share)], DIGIT_PX / size, PEN_PX)
        yield to_canvas(ink), label


def on_canvas(drawings: Iterator[tuple[Drawing, str]]) -> Samples:
    """Yield pictures of drawings with an ordinary pen."""
    for drawing, text in drawings:
        yield number_on_canvas(drawing), text


def with_strokes(drawings: Iterator[tuple[Drawing, str]]) -> StrokedSamples:
    """Yield drawings as the draw page sends them while they are drawn."""
    for drawing, text in drawings:
        yield stroke_picture(drawing), text


def stroke_picture(drawing: Drawing) -> StrokedPicture:
    """Return a drawing as a small picture with thinned strokes."""
    points = np.concatenate(drawing)
    size = np.ptp(points, axis=0)
    scale = LIVE_PX / max(float(size[1]), LIVE_MIN_ASPECT * float(size[0]), 1e-6)
    [ink] = render_each([drawing], scale, LIVE_PEN_PX)
    margin = LIVE_PEN_PX + 2
    placed = [(stroke - points.min(axis=0)) * np.float32(scale) + margin for stroke in drawing]
    thinned = (cv2.approxPolyDP(stroke[:, None], LIVE_TOLERANCE_PX, False) for stroke in placed)
    return StrokedPicture(255 - ink, tuple(tuple(s.ravel().round(1).tolist()) for s in thinned))


def written() -> Iterator[tuple[Drawing, str]]:
    """Yield the strokes of whole numbers as people wrote them."""
    numbers = load_drawings("strokes_numbers")
    yield from zip(numbers.drawings, numbers.labels, strict=True)


def composed(split: str, gaps: tuple[float, float]) -> Iterator[tuple[Drawing, str]]:
    """Yield the strokes of numbers of 2 to 8 digits, each composed of one writer's digits."""
    rng = np.random.default_rng(SEED)
    writers = group_by_writer(split)
    for _ in range(NUMBERS):
        writer_digits = writers[int(rng.integers(len(writers)))]
        length = int(rng.integers(*LENGTHS, endpoint=True))
        yield compose_number(writer_digits, length, gaps, rng)


def single(*splits: str) -> Iterator[tuple[Drawing, str]]:
    """Yield the strokes of single digits."""
    for split in splits:
        drawings = select(load_drawings("strokes_digits"), split)
        yield from zip(drawings.drawings, drawings.labels, strict=True)


def lists(split: str) -> Samples:
    """Yield two or three numbers below each other, composed of the digits of one writer."""
    rng = np.random.default_rng(SEED)
    writers = group_by_writer(split)
    for _ in range(NUMBERS):
        writer_digits = writers[int(rng.integers(len(writers)))]
        sheet, texts, top = [], [], 0.0
        for _ in range(int(rng.integers(*LINES, endpoint=True))):
            length = int(rng.integers(*LINE_LENGTHS, endpoint=True))
            number, text = compose_number(writer_digits, length, SPACED_GAPS, rng)
            points = np.concatenate(number)
            corner = np.array([rng.uniform(0, MAX_INDENT), top - points[:, 1].min()], np.float32)
            sheet += [stroke + corner for stroke in number]
            texts.append(text)
            top += float(np.ptp(points[:, 1])) + NUMBER_PEN + rng.uniform(*LINE_GAPS)
        [ink] = render_each([sheet], LINE_HEIGHT_PX, LINE_HEIGHT_PX * NUMBER_PEN)
        yield to_canvas(np.pad(ink, 20)), "\n".join(texts)


def pages(split: str, layout: Layout) -> Samples:
    """Yield pages of a layout, each composed of the digits of one writer."""
    rng, writers = np.random.default_rng(SEED), group_by_writer(split)
    for _ in range(PAGES):
        page = compose_page(layout, writers[int(rng.integers(len(writers)))], rng)
        yield to_canvas(np.pad(page.render(LINE_HEIGHT_PX), 20)), page.text


def tables(split: str) -> Samples:
    """Yield tables, each composed of the digits of one writer."""
    rng, writers = np.random.default_rng(SEED), group_by_writer(split)
    for _ in range(PAGES):
        page = compose_table(TABLES, writers[int(rng.integers(len(writers)))], rng)
        yield to_canvas(np.pad(page.render(LINE_HEIGHT_PX), 20)), page.text


def letters(*splits: str) -> Samples:
    """Yield letters and signs that do not look like digits."""
    for drawing, text in written_letters(*splits):
        yield to_canvas(render(drawing, DIGIT_PX, PEN_PX)), text


def written_letters(*splits: str) -> Iterator[tuple[Drawing, str]]:
    """Yield the strokes of letters and signs that do not look like digits."""
    signs = without_look_alikes(without_dots(load_drawings("strokes_nondigits")))
    for split in splits:
        for drawing in select(signs, split).drawings:
            yield drawing, NO_DIGIT


def written_glyphs() -> Iterator[tuple[Drawing, str]]:
    """Yield the strokes of characters of the alphabets held out that do not look like digits."""
    for drawing in load_glyphs("held_out_alphabets").drawings:
        yield drawing, NO_DIGIT


def glyphs() -> Samples:
    """Yield characters of the alphabets held out."""
    for drawing, text in written_glyphs():
        yield to_canvas(render(drawing, DIGIT_PX, PEN_PX)), text


def shapes() -> Samples:
    """Yield drawn triangles, squares, crosses, stars and zigzags."""
    for drawing in load_triangles("test")[:SHAPES]:
        yield to_canvas(render(drawing, DIGIT_PX, PEN_PX)), NO_DIGIT
    rng = np.random.default_rng(SEED)
    kinds = (_square, _cross, _star, _zigzag)
    for index in range(SHAPES * len(kinds)):
        yield to_canvas(render(kinds[index % len(kinds)](rng), DIGIT_PX, PEN_PX)), NO_DIGIT


def sudoku_cells(margin: float) -> Samples:
    yield from cut_cells(margin)


def to_canvas(ink: Ink) -> Ink:
    """Center dark ink on a light canvas, which grows with ink that is larger."""
    height, width = ink.shape
    shape = max(CANVAS_PX, height), max(CANVAS_PX, width)
    canvas = np.full(shape, 255, dtype=np.uint8)
    top, left = (shape[0] - height) // 2, (shape[1] - width) // 2
    canvas[top : top + height, left : left + width] -= ink
    return canvas


def live_frames(length: int) -> Iterator[Ink]:
    """Yield frames as the page sends them: numbers of `length` validation digits, 140 px high."""
    rng = np.random.default_rng(SEED)
    for writer_digits in group_by_writer("validation"):
        number, _ = compose_number(writer_digits, length, SPACED_GAPS, rng)
        height = float(np.ptp(np.concatenate(number), axis=0)[1])
        [ink] = render_each([number], FRAME_INK_PX / max(height, 1e-6), PEN_PX / 2)
        rows = FRAME_PX - len(ink)
        yield 255 - np.pad(ink, ((rows // 2, rows - rows // 2), (20, 20)))


def photos_of_numbers() -> Samples:
    """Yield synthetic 12-megapixel photos of a small number on paper."""
    rng = np.random.default_rng(SEED)
    writers = group_by_writer("held_out_writers")
    for _ in range(PHOTOS):
        writer_digits = writers[int(rng.integers(len(writers)))]
        length = int(rng.integers(3, 7))
        number, text = compose_number(writer_digits, length, SPACED_GAPS, rng)
        yield render_photo(number, rng), text


def compose_number(
    writer_digits: list[LabeledDrawing],
    length: int,
    gap_range: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[Drawing, str]:
    """Compose a number, about 1 high, of one writer's digits; return its strokes and its text."""
    chosen = [writer_digits[index] for index in rng.integers(len(writer_digits), size=length)]
    gaps = rng.uniform(*gap_range, length - 1).tolist()
    placed = compose([drawing for drawing, _ in chosen], gaps, rng, NUMBER_PEN)
    number = [stroke for drawing in placed for stroke in drawing]
    return number, "".join(label for _, label in chosen)


def number_on_canvas(drawing: Drawing) -> Ink:
    """Render a number with an ordinary pen on a canvas that is large enough."""
    height = max(float(np.ptp(np.concatenate(drawing), axis=0)[1]), 1e-6)
    [ink] = render_each([drawing], NUMBER_HEIGHT_PX / height, NUMBER_HEIGHT_PX * NUMBER_PEN)
    return to_canvas(np.pad(ink, 20))


def group_by_writer(split: str) -> list[list[LabeledDrawing]]:
    """Return the labeled digits of each writer of a split."""
    drawings = without_dots(select(load_drawings("strokes_digits"), split))
    return list(datasets.group_by_writer(drawings).values())


def _draw_polygon(corners: list[list[float]], rng: np.random.Generator) -> Drawing:
    jittered = np.array(corners) + rng.normal(0, 0.03, (len(corners), 2))
    return [jittered.astype(np.float32)]


def _square(rng: np.random.Generator) -> Drawing:
    width = float(rng.uniform(0.75, 1.5))
    return _draw_polygon([[0, 0], [width, 0], [width, 1], [0, 1], [0, 0]], rng)


def _cross(rng: np.random.Generator) -> Drawing:
    return _draw_polygon([[0, 0], [1, 1]], rng) + _draw_polygon([[1, 0], [0, 1]], rng)


def _star(rng: np.random.Generator) -> Drawing:
    angles = np.arange(6) * 4 * np.pi / 5 + rng.uniform(0, 1)
    return _draw_polygon(np.stack([np.sin(angles), np.cos(angles)], axis=1).tolist(), rng)


def _zigzag(rng: np.random.Generator) -> Drawing:
    turns = int(rng.integers(6, 10))
    return _draw_polygon([[index * 0.3, float(index % 2)] for index in range(turns)], rng)
