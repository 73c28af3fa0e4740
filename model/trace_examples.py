"""Training examples of lines as traces: with the direction of the pen.

They are drawn as the server draws strokes. A part of them are images without directions, since
there are more writers of those.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np

from model.augmentation import coarsen, transform, warp
from model.datasets import Drawing, Images, Text
from model.line_examples import (
    LineSources,
    choose_number,
    choose_other,
    paste_number,
    pick_image,
    write_number,
)
from model.rendering import crop
from model.styles import truncate_some
from server.recognition.arrays import Normalized, Trace
from server.recognition.ink.pieces import Piece
from server.recognition.ink.stroke_layers import draw_layers
from server.recognition.ink.strokes import HEIGHT_PX, PEN, writing_height
from server.recognition.ink.traces import CHANNELS
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.line_network import normalize_line

HEIGHT_DEVIATION = 0.15  # of the logarithm of a digit's height: others of its page may be higher
PEN_RANGE = (0.8, 1.3)  # of the server's pen
SENT_PX = 150  # the longer side of a drawing, as the page sends it
REVERSED_SHARE = 0.04  # of the drawings, whose strokes are drawn from their ends


def trace(drawing: Drawing, rng: np.random.Generator) -> Trace:
    """Draw strokes as the server does, about as large."""
    if rng.uniform() < REVERSED_SHARE:
        drawing = [stroke[::-1] for stroke in drawing]
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1e-3)
    large = [(stroke - low) * (SENT_PX / size) for stroke in drawing]
    scale = HEIGHT_PX / max(writing_height(large), 1.0) * np.exp(rng.normal(0, HEIGHT_DEVIATION))
    pen_px = max(1, round(PEN * HEIGHT_PX * rng.uniform(*PEN_RANGE)))
    layers = draw_layers([(stroke * scale).astype(np.float32) for stroke in large], pen_px)
    pieces = [Piece(box, (index,)) for index, box in enumerate(layers.boxes)]
    return layers.cut_out(reduce(Piece.join, pieces))


def make_traced_lines(sources: LineSources, count: int, seed: int) -> list[tuple[Images, Text]]:
    """Return traces [LINE_HEIGHT_PX, W, 4], 0 to 255, each of its own width, with their texts."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(LINE_MAKERS), p=[*LINE_MAKERS.values()], size=count).tolist()
    made = [[*LINE_MAKERS][k](sources, rng) for k in chosen]
    return [(_to_bytes(normalize_line(drawn).field), text) for drawn, text in made]


def _to_bytes(field: Normalized) -> Images:
    """Return a field as bytes; one without directions gets blank ones."""
    pixels = (field * 255).round().astype(np.uint8)
    if pixels.ndim > 2:
        return pixels
    return np.pad(pixels[..., None], ((0, 0), (0, 0), (0, CHANNELS - 1)))


def _trace_number(sources: LineSources, rng: np.random.Generator) -> tuple[Trace, Text]:
    items = choose_number(sources, rng)
    text = tuple(item.label for item in items)
    if len(items) == 1 and not items[0].is_small:
        [item] = items
        return trace(warp(transform(truncate_some(item.drawing, rng), rng), rng), rng), text
    return trace(write_number(items, PEN, rng), rng), text


def _trace_no_number(sources: LineSources, rng: np.random.Generator) -> tuple[Trace, Text]:
    other = choose_other(sources.sources, rng)
    return trace(coarsen(warp(transform(other, rng), rng), rng), rng), (NO_DIGIT_LABEL,)


def _paste_images(sources: LineSources, rng: np.random.Generator) -> tuple[Trace, Text]:
    make = (paste_number, pick_image)[int(rng.integers(2))]
    ink, text = make(sources, rng)
    return crop(ink), text


LINE_MAKERS: dict[Callable[[LineSources, np.random.Generator], tuple[Trace, Text]], float] = {
    _trace_number: 0.7, _trace_no_number: 0.22, _paste_images: 0.08,
}  # fmt: skip
