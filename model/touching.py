"""Training examples of digits that touch, two to eight in a row, and of what is no such string."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from model.composed_numbers import compose
from model.datasets import Drawing, Images, Text
from model.examples import NO_DIGIT, VARIED, Sources, restore_width, vary_image
from model.rendering import bend, coarsen, crop, draw_each, photograph_some, tilt, vary
from model.shapes import blot, doodle, scribble
from model.styles import leave_some_unfinished, restyle
from model.templates import write
from server.recognition.ink.extraction import Ink
from server.recognition.reading.touching import normalize_string

# How many an epoch has.
STROKES = 32_000  # strings of pen strokes
IMAGES = 7_000  # strings of MNIST images
SINGLE_IMAGES = 15_000  # of MNIST and other pictures of one digit
OTHERS = 14_000  # letters, shapes, scribbles and blots, one of which is read as "?"
MIXED = 3_000  # of a letter or shape among digits

LENGTHS = (0.28, 0.32, 0.18, 0.09, 0.06, 0.03, 0.02, 0.02)  # how common 1, 2, … 8 digits are
TOUCHING, NEAR = (-0.3, 0.06), (0.06, 0.3)  # gaps in widths of the narrower
TOUCHES = 0.85  # of the gaps; the others are just near
BLOTS = 0.25  # of the others
BITMAPS = 0.25  # of the single images are not of MNIST
WRITTEN = 0.25  # of the digits are made by template
TILTED = 0.5  # of the strings, besides their digits
HEIGHTS_PX, PENS = (24, 72), (0.035, 0.13)  # pens in heights

Shaped = tuple[Drawing, int]


def make_strings_epoch(sources: Sources, seed: int) -> tuple[list[Images], list[Text]]:
    """Pictures [28, W], 0 to 255, each of its own width, and what is written on each."""
    rng = np.random.default_rng(seed)
    makers: list[tuple[int, Callable[[Sources, np.random.Generator], tuple[Ink, Text]]]] = [
        (STROKES, _write_string),
        (IMAGES, _paste_string),
        (SINGLE_IMAGES, _copy_image),
        (OTHERS, _draw_other),
        (MIXED, _mix),
    ]
    examples = [make(sources, rng) for count, make in makers for _ in range(count)]
    fields = [normalize_string(crop(ink)) for ink, _ in examples]
    pictures = [(field * 255).round().astype(np.uint8) for field in fields]
    return pictures, [text for _, text in examples]


def _write_string(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """A number as one person writes it, with digits that touch or nearly do."""
    chosen = [_choose(sources, rng) for _ in range(_length(rng))]
    if len(chosen) == 1:
        [(drawing, label)] = chosen
        return vary(leave_some_unfinished(drawing, rng), rng), (label,)
    return _draw(chosen, rng), tuple(label for _, label in chosen)


def _mix(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """The same, with something among the digits that is none."""
    chosen = [_choose(sources, rng) for _ in range(int(rng.integers(1, 4)))]
    chosen.insert(int(rng.integers(len(chosen) + 1)), (_other(sources, rng), NO_DIGIT))
    return _draw(chosen, rng), tuple(label for _, label in chosen)


def _draw(chosen: list[Shaped], rng: np.random.Generator) -> Ink:
    gaps = [rng.uniform(*(TOUCHING if rng.uniform() < TOUCHES else NEAR)) for _ in chosen[1:]]
    pen = float(np.exp(rng.uniform(*np.log(PENS))))
    drawings = [bend(tilt(drawing, rng), rng) for drawing, _ in chosen]
    placed = compose(drawings, gaps, rng, pen if rng.uniform() < 0.5 else 0.0)
    number = [stroke for drawing in placed for stroke in drawing]
    if rng.uniform() < TILTED:
        number = tilt(number, rng)
    number = coarsen(number, rng)
    height = max(float(np.ptp(np.concatenate(number), axis=0)[1]), 0.5)
    high_px = rng.uniform(*HEIGHTS_PX)
    [ink] = draw_each([number], high_px / height, max(1.0, pen * high_px))
    return photograph_some(ink, rng)


def _paste_string(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """MNIST images beside each other, as in a scanned number."""
    length = max(2, _length(rng))
    indices = rng.integers(len(sources.images), size=length)
    digits = [_cut_image(sources.images[k], rng) for k in indices]
    sheet = np.zeros((60, sum(d.shape[1] for d in digits) + 60), np.uint8)
    right = previous = 0
    for digit in digits:
        height, width = digit.shape
        gap = rng.uniform(*TOUCHING) * max(min(width, previous), 0.25 * height)
        left = max(0, round(right + gap)) if previous else 8
        top = 30 - height // 2 + round(rng.normal(0, 0.8))
        window = sheet[top : top + height, left : left + width]
        np.maximum(window, digit, out=window)
        right, previous = left + width, width
    return sheet, tuple(sources.labels[indices].tolist())


def _copy_image(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    if sources.bitmaps and rng.uniform() < BITMAPS:
        bitmap, label, widths = sources.bitmaps[int(rng.integers(len(sources.bitmaps)))]
        return _vary(restore_width(bitmap, widths, rng), rng), (label,)
    index = int(rng.integers(len(sources.images)))
    return _vary_half(sources.images[index], rng), (int(sources.labels[index]),)


def _cut_image(image: Images, rng: np.random.Generator) -> Ink:
    field, scale = _vary_half(image, rng), rng.uniform(0.9, 1.3)
    return crop(np.asarray(cv2.resize(field, None, fx=scale, fy=scale), dtype=np.uint8))


def _vary_half(image: Images, rng: np.random.Generator) -> Ink:
    return _vary(image, rng) if rng.uniform() < VARIED else image


def _vary(image: Images, rng: np.random.Generator) -> Ink:
    return (vary_image(image, rng) * 255).astype(np.uint8)


def _draw_other(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    ink = blot(rng) if rng.uniform() < BLOTS else vary(_other(sources, rng), rng)
    return ink, (NO_DIGIT,)


def _other(sources: Sources, rng: np.random.Generator) -> Drawing:
    kind = rng.uniform()
    if kind < 0.2:
        return doodle(rng)
    if kind < 0.3:
        return scribble(rng)
    return sources.others[int(rng.integers(len(sources.others)))]


def _choose(sources: Sources, rng: np.random.Generator) -> Shaped:
    """A digit as somebody wrote it, or by template."""
    if rng.uniform() < WRITTEN:
        digit = int(rng.integers(10))
        return write(digit, rng), digit
    drawing, digit = sources.digits[int(rng.integers(len(sources.digits)))]
    return restyle(drawing, digit, rng), digit


def _length(rng: np.random.Generator) -> int:
    return 1 + int(rng.choice(len(LENGTHS), p=LENGTHS))
