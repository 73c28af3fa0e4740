"""The sets that the reader is measured on: pictures as users send them, with what is written.

Nothing of them was trained on, and nothing was chosen by them. Pictures are uint8 [H, W] grey or
[H, W, 3] colour (BGR). A text of "?" stands for what is no digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from model.composed_numbers import compose
from model.datasets import (
    Drawing,
    Drawings,
    load_drawings,
    load_mnist,
    select,
    without_dots,
    without_look_alikes,
)
from model.examples import load_triangles
from model.photo_augmentation import photograph
from model.rendering import draw, draw_each
from model.styles import begin
from model.sudoku_photos import Photo, cut_cells
from server.recognition.ink.extraction import Ink
from server.recognition.reading.classifier import NO_DIGIT

SEED = 7
CANVAS_PX = 280
DIGIT_PX = 180
PEN_PX = 12
PENS_PX = (4, 8, 12, 16, 20, 24)
NUMBERS = 600
NUMBER_HEIGHT_PX = 120
NUMBER_PEN = 0.07  # of the height
LENGTHS = (2, 8)  # digits of a number
SPACED = (0.1, 0.6)  # gaps between the ink, in widths of the narrower digit
TOUCHING = (-0.15, 0.0)
LINES, LINE_LENGTHS = (2, 3), (1, 4)  # of a list; digits of a line
LINE_GAP = (0.1, 0.5)  # between the ink of two lines, in heights of a digit
LINE_HEIGHT_PX, INDENT = 60, 0.6  # of a line, and how far in it may begin, in its heights
SHAPES = 200  # of each kind
FRAME_PX, FRAME_INK_PX = 140, 100
PHOTOS = 30
CELL_CUT, CELL_FRAMED = -0.12, 0.08  # margin beyond a cell, in its sides

Samples = Iterator[tuple[Photo, str]]


def mnist_test() -> Samples:
    images, labels, _ = load_mnist("test")
    yield from zip(images, labels.astype(str).tolist(), strict=True)


def digits(part: str, pens_px: tuple[int, ...] = (PEN_PX,)) -> Samples:
    """The single digits of a part, dark on a light canvas, with each pen in turn."""
    drawings = select(load_drawings("strokes_digits"), part)
    for index, (drawing, label) in enumerate(zip(drawings.drawings, drawings.labels, strict=True)):
        yield to_canvas(draw(drawing, DIGIT_PX, pens_px[index % len(pens_px)])), label


def unfinished_digits(part: str, share: float) -> Samples:
    """The same, of which only this share of the ink's length is drawn so far."""
    drawings = select(load_drawings("strokes_digits"), part)
    for drawing, label in zip(drawings.drawings, drawings.labels, strict=True):
        whole = max(float(np.ptp(np.concatenate(drawing), axis=0).max()), 1e-6)
        [ink] = draw_each([begin(drawing, share)], DIGIT_PX / whole, PEN_PX)
        yield to_canvas(ink), label


def written_numbers() -> Samples:
    """Whole numbers as people wrote them."""
    numbers = load_drawings("strokes_numbers")
    for drawing, label in zip(numbers.drawings, numbers.labels, strict=True):
        yield _number_on_canvas(drawing), label


def made_numbers(part: str, gaps: tuple[float, float]) -> Samples:
    """Numbers of 2 to 8 digits, each made of the digits of one writer."""
    rng = np.random.default_rng(SEED)
    writers = _by_writer(without_dots(select(load_drawings("strokes_digits"), part)))
    for _ in range(NUMBERS):
        own = writers[int(rng.integers(len(writers)))]
        length = int(rng.integers(LENGTHS[0], LENGTHS[1] + 1))
        chosen = [own[index] for index in rng.integers(len(own), size=length)]
        drawings = [drawing for drawing, _ in chosen]
        placed = compose(drawings, rng.uniform(*gaps, length - 1).tolist(), rng, NUMBER_PEN)
        number = [stroke for drawing in placed for stroke in drawing]
        yield _number_on_canvas(number), "".join(label for _, label in chosen)


def lists(part: str) -> Samples:
    """Numbers below each other, each list made of the digits of one writer."""
    rng = np.random.default_rng(SEED)
    writers = _by_writer(without_dots(select(load_drawings("strokes_digits"), part)))
    for _ in range(NUMBERS):
        own = writers[int(rng.integers(len(writers)))]
        sheet, texts, top = [], [], 0.0
        for _ in range(int(rng.integers(LINES[0], LINES[1] + 1))):
            number, text = _make_number(own, int(rng.integers(*LINE_LENGTHS, endpoint=True)), rng)
            points = np.concatenate(number)
            corner = np.array([rng.uniform(0, INDENT), top - points[:, 1].min()], np.float32)
            sheet += [stroke + corner for stroke in number]
            texts.append(text)
            top += float(np.ptp(points[:, 1])) + NUMBER_PEN + rng.uniform(*LINE_GAP)
        [ink] = draw_each([sheet], LINE_HEIGHT_PX, LINE_HEIGHT_PX * NUMBER_PEN)
        yield to_canvas(np.pad(ink, 20)), "\n".join(texts)


def letters(*parts: str) -> Samples:
    """Letters and signs that do not look like digits."""
    signs = without_look_alikes(without_dots(load_drawings("strokes_nondigits")))
    for part in parts:
        for drawing in select(signs, part).drawings:
            yield to_canvas(draw(drawing, DIGIT_PX, PEN_PX)), NO_DIGIT


def shapes() -> Samples:
    """Drawn triangles, and squares, crosses, stars and scribbles of straight lines."""
    for drawing in load_triangles("test")[:SHAPES]:
        yield to_canvas(draw(drawing, DIGIT_PX, PEN_PX)), NO_DIGIT
    rng = np.random.default_rng(SEED)
    kinds = (_square, _cross, _star, _zigzag)
    for index in range(SHAPES * len(kinds)):
        yield to_canvas(draw(kinds[index % len(kinds)](rng), DIGIT_PX, PEN_PX)), NO_DIGIT


def cells(margin: float) -> Samples:
    yield from cut_cells(margin)


def to_canvas(ink: Ink) -> Ink:
    """Dark ink in the middle of a light canvas, larger only if the ink is."""
    height, width = ink.shape
    sides = max(CANVAS_PX, height), max(CANVAS_PX, width)
    canvas = np.full(sides, 255, dtype=np.uint8)
    top, left = (sides[0] - height) // 2, (sides[1] - width) // 2
    canvas[top : top + height, left : left + width] -= ink
    return canvas


def small_canvases(length: int) -> Iterator[Ink]:
    """What the page sends while drawing: 140 px high, numbers of `length` validation digits."""
    rng = np.random.default_rng(SEED)
    writers = _by_writer(without_dots(select(load_drawings("strokes_digits"), "validation")))
    for own in writers:
        chosen = [own[index][0] for index in rng.integers(len(own), size=length)]
        placed = compose(chosen, rng.uniform(*SPACED, length - 1).tolist(), rng, NUMBER_PEN)
        number = [stroke for drawing in placed for stroke in drawing]
        height = float(np.ptp(np.concatenate(number), axis=0)[1])
        [ink] = draw_each([number], FRAME_INK_PX / max(height, 1e-6), PEN_PX / 2)
        rows = FRAME_PX - len(ink)
        yield 255 - np.pad(ink, ((rows // 2, rows - rows // 2), (20, 20)))


def photographed_numbers() -> Samples:
    """Large photos of a small number on paper: shaded, grained, tilted, the desk at its edge."""
    rng = np.random.default_rng(SEED)
    writers = _by_writer(without_dots(select(load_drawings("strokes_digits"), "held_out_writers")))
    for _ in range(PHOTOS):
        own = writers[int(rng.integers(len(writers)))]
        number, text = _make_number(own, int(rng.integers(3, 7)), rng)
        yield photograph(number, rng), text


def _make_number(
    own: list[tuple[Drawing, str]], length: int, rng: np.random.Generator
) -> tuple[Drawing, str]:
    """A number of spaced digits of one writer, about 1 high, and what it says."""
    chosen = [own[index] for index in rng.integers(len(own), size=length)]
    gaps = rng.uniform(*SPACED, length - 1).tolist()
    placed = compose([drawing for drawing, _ in chosen], gaps, rng, NUMBER_PEN)
    number = [stroke for drawing in placed for stroke in drawing]
    return number, "".join(label for _, label in chosen)


def _number_on_canvas(drawing: Drawing) -> Ink:
    height = max(float(np.ptp(np.concatenate(drawing), axis=0)[1]), 1e-6)
    [ink] = draw_each([drawing], NUMBER_HEIGHT_PX / height, NUMBER_HEIGHT_PX * NUMBER_PEN)
    return to_canvas(np.pad(ink, 20))


def _by_writer(drawings: Drawings) -> list[list[tuple[Drawing, str]]]:
    """The drawings of each writer, with their labels."""
    writers: dict[tuple[str, str], list[tuple[Drawing, str]]] = defaultdict(list)
    for drawing, label, site, writer in zip(
        drawings.drawings, drawings.labels, drawings.sites, drawings.writers, strict=True
    ):
        writers[site, writer].append((drawing, label))
    return list(writers.values())


def _corners(places: list[list[float]], rng: np.random.Generator) -> Drawing:
    moved = np.array(places) + rng.normal(0, 0.03, (len(places), 2))
    return [moved.astype(np.float32)]


def _square(rng: np.random.Generator) -> Drawing:
    wide = float(rng.uniform(0.75, 1.5))
    return _corners([[0, 0], [wide, 0], [wide, 1], [0, 1], [0, 0]], rng)


def _cross(rng: np.random.Generator) -> Drawing:
    return _corners([[0, 0], [1, 1]], rng) + _corners([[1, 0], [0, 1]], rng)


def _star(rng: np.random.Generator) -> Drawing:
    angles = np.arange(6) * 4 * np.pi / 5 + rng.uniform(0, 1)
    return _corners(np.stack([np.sin(angles), np.cos(angles)], axis=1).tolist(), rng)


def _zigzag(rng: np.random.Generator) -> Drawing:
    turns = int(rng.integers(6, 10))
    return _corners([[index * 0.3, float(index % 2)] for index in range(turns)], rng)
