"""Training examples of lines: whole numbers of one writer each, with signs, and other writing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from model.augmentation import (
    augment_drawing,
    augment_image,
    coarsen,
    photograph_some,
    restore_width,
    transform,
    warp,
)
from model.datasets import (
    Drawing,
    Images,
    Text,
    group_by_writer,
    load_drawings,
    load_mnist_writers,
    select,
    without_dots,
)
from model.examples import Sources, load_sources
from model.line_signs import SIGN_PLACES, Placed, choose_signs, draw_sign, place_sign
from model.rendering import crop, render_each
from model.shapes import blot, compound, corner, doodle, printed_letter, scribble
from model.styles import restyle, truncate_some
from model.templates import write_digit
from server.recognition.arrays import Ink
from server.recognition.labels import LINE_LABELS, NO_DIGIT_LABEL
from server.recognition.reading.line_network import normalize_line

LENGTHS = (0.16, 0.18, 0.23, 0.17, 0.1, 0.07, 0.05, 0.04)  # shares of 1, 2, … 8 digits

# Gaps in widths of the narrower neighbor, and the share of the numbers written so.
GAPS = ((-0.3, 0.02), (-0.1, 0.2), (0.1, 0.6), (0.5, 2.0))
GAP_SHARES = (0.32, 0.2, 0.36, 0.12)
SIGNED_SHARE = 0.36  # of the drawn numbers
MIXED_SHARE = 0.06  # of the drawn numbers: with a letter among the digits
STRANGE_SHARE = 0.2  # of the drawn numbers: their digits are of several writers
COMPOUND_SHARE = 0.12  # of the writing that is no number: two characters as one
LEFTOVER_SHARE = 0.3  # of the writing that is no number: blots and print
BITMAP_SHARE = 0.25  # of the single images; the others are from MNIST
AUGMENTED_SHARE = 0.5  # of the MNIST images; the others are sharper than any warped one
TEMPLATE_SHARE = 0.15  # of the drawn digits
DUST_SHARE, FADED_SHARE, RULED_SHARE = 0.1, 0.08, 0.06  # of the drawn numbers
HEIGHTS_PX, PENS = (20, 80), (0.03, 0.16)  # pens in heights
MIN_WIDTH = 0.25  # in heights, as which a plain 1 counts

LabeledDrawing = tuple[Drawing, int]
LineExample = tuple[Images, Text]


@dataclass(frozen=True)
class Hand:
    """The digits and the signs of one writer; many wrote no signs."""

    digits: list[LabeledDrawing]
    signs: dict[str, list[Drawing]]


@dataclass(frozen=True)
class LineSources:
    """Handwriting that lines are made from: writers, everybody's signs, and MNIST images."""

    sources: Sources
    hands: list[Hand]
    signs: dict[str, list[Drawing]]
    image_writers: list[list[int]]


def load_line_sources(split: str) -> LineSources:
    """Load the sources of "train" or "validation"; no writer is in both."""
    digits = group_by_writer(without_dots(select(load_drawings("strokes_digits"), split)))
    others = select(load_drawings("strokes_nondigits"), split)
    signs = others.where([label in SIGN_PLACES for label in others.labels])
    signs_of = group_by_writer(signs)
    hands = [
        Hand([(drawing, int(label)) for drawing, label in written], _by_sign(signs_of[writer]))
        for writer, written in digits.items()
    ]
    everybody = _by_sign(zip(signs.drawings, signs.labels, strict=True))
    return LineSources(load_sources(split), hands, everybody, _group_images(split))


def _by_sign(signs: Iterable[tuple[Drawing, str]]) -> dict[str, list[Drawing]]:
    grouped: dict[str, list[Drawing]] = defaultdict(list)
    for drawing, sign in signs:
        grouped[sign].append(drawing)
    return dict(grouped)


def _group_images(split: str) -> list[list[int]]:
    """Return the indices of each writer's MNIST images."""
    groups: dict[int, list[int]] = defaultdict(list)
    for index, writer in enumerate(load_mnist_writers(split)):
        groups[writer].append(index)
    return [*groups.values()]


def make_lines(sources: LineSources, count: int, seed: int) -> list[LineExample]:
    """Return images [LINE_HEIGHT_PX, W], 0 to 255, each of its own width, with their texts."""
    rng = np.random.default_rng(seed)
    makers = [*MAKERS]
    chosen = rng.choice(len(makers), p=[*MAKERS.values()], size=count)
    return [_normalize(*makers[k](sources, rng)) for k in chosen]


def _normalize(ink: Ink, text: Text) -> LineExample:
    field = normalize_line(crop(ink)).field
    return (field * 255).round().astype(np.uint8), text


def _draw_number(sources: LineSources, rng: np.random.Generator) -> tuple[Ink, Text]:
    items = choose_number(sources, rng)
    text = tuple(item.label for item in items)
    if len(items) == 1 and not items[0].is_small:
        return augment_drawing(truncate_some(items[0].drawing, rng), rng), text
    return _render_number(items, rng), text


def choose_number(sources: LineSources, rng: np.random.Generator) -> list[Placed]:
    """Choose the digits of a number, and sometimes signs or a letter among them."""
    hand = _choose_hand(sources, rng)
    items = _choose_digits(hand.digits, rng)
    chance = rng.uniform()
    if chance < SIGNED_SHARE:
        return _add_signs(items, sources.signs | hand.signs, rng)
    if len(items) > 1 and chance < SIGNED_SHARE + MIXED_SHARE:
        letter = choose_other(sources.sources, rng)
        items.insert(int(rng.integers(len(items) + 1)), _place_digit(letter, NO_DIGIT_LABEL, rng))
    return items


def _choose_hand(sources: LineSources, rng: np.random.Generator) -> Hand:
    """Choose a writer or, for some numbers, all of them."""
    if rng.uniform() < STRANGE_SHARE:
        return Hand(sources.sources.digits, {})
    return sources.hands[int(rng.integers(len(sources.hands)))]


def _choose_digits(pool: Sequence[LabeledDrawing], rng: np.random.Generator) -> list[Placed]:
    length = 1 + int(rng.choice(len(LENGTHS), p=LENGTHS))
    chosen = [pool[k] for k in rng.integers(len(pool), size=length)]
    styled = [_restyle_some(drawing, label, rng) for drawing, label in chosen]
    return [_place_digit(drawing, label, rng) for drawing, label in styled]


def _restyle_some(drawing: Drawing, label: int, rng: np.random.Generator) -> LabeledDrawing:
    if rng.uniform() < TEMPLATE_SHARE:
        digit = int(rng.integers(10))
        return write_digit(digit, rng), digit
    return restyle(drawing, label, rng), label


def _place_digit(drawing: Drawing, label: int, rng: np.random.Generator) -> Placed:
    height = float(np.exp(rng.normal(0, 0.1)))
    return Placed(drawing, label, height, float(rng.normal(0, 0.05)))


def _add_signs(
    digits: list[Placed], signs: dict[str, list[Drawing]], rng: np.random.Generator
) -> list[Placed]:
    """Put signs among digits as numbers, dates, times and shares have them."""
    items = [*digits]
    for sign, position in choose_signs(len(digits), rng):
        drawing = draw_sign(sign, signs.get(sign, []), rng)
        items.insert(position, place_sign(sign, drawing, LINE_LABELS.index(sign), rng))
    return items


def _render_number(items: list[Placed], rng: np.random.Generator) -> Ink:
    pen = float(np.exp(rng.uniform(*np.log(PENS))))
    strokes = write_number(items, pen, rng)
    height = max(float(np.ptp(np.concatenate(strokes), axis=0)[1]), 0.5)
    height_px = rng.uniform(*HEIGHTS_PX)
    [ink] = render_each([strokes], height_px / height, max(1.0, pen * height_px))
    if rng.uniform() < FADED_SHARE:
        ink = _fade(ink, rng)
    return photograph_some(ink, rng)


def write_number(items: list[Placed], pen: float, rng: np.random.Generator) -> Drawing:
    """Return the strokes of a number, in heights of a digit, as is the width of the pen."""
    gap_range = GAPS[int(rng.choice(len(GAPS), p=GAP_SHARES))]
    drawings = _arrange(items, gap_range, pen if rng.uniform() < 0.5 else 0.0, rng)
    strokes = [stroke for drawing in drawings for stroke in drawing]
    strokes = coarsen(transform(strokes, rng), rng)
    if rng.uniform() < DUST_SHARE:
        strokes += _scatter_dust(strokes, rng)
    return strokes


def _arrange(
    items: Sequence[Placed], gap_range: tuple[float, float], pen: float, rng: np.random.Generator
) -> list[Drawing]:
    """Place drawings side by side, in heights of a digit, on a line about level."""
    placed: list[Drawing] = []
    right = previous = 0.0
    for item in items:
        varied = item.drawing if item.is_small else warp(item.drawing, rng)
        points = np.concatenate(varied)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = item.height / max(float(size[1]), 0.3 * float(size[0]), 1e-6)
        if item.is_small:
            scale = 1.0
        width, height = (size * scale).tolist()
        gap = rng.uniform(*gap_range) if not item.is_small else rng.uniform(0.0, 0.6)
        narrower = max(min(width, previous) + pen, MIN_WIDTH)
        left = right + pen + gap * narrower if placed else 0.0
        shift = np.array([left, item.middle - height / 2], dtype=np.float32)
        placed.append([((s - low) * np.float32(scale) + shift).astype(np.float32) for s in varied])
        right, previous = left + width, width
    return placed


def _scatter_dust(strokes: Drawing, rng: np.random.Generator) -> Drawing:
    """Return specks above the line on which the digits stand."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    spots = low + size * rng.uniform([-0.1, -0.1], [1.1, 0.7], (int(rng.integers(1, 4)), 2))
    return [(spot + rng.normal(0, 0.01, (2, 2)) * size[1]).astype(np.float32) for spot in spots]


def _fade(ink: Ink, rng: np.random.Generator) -> Ink:
    """Weaken a level band of ink, as where a printed rule ran through it."""
    faded = ink.copy()
    top, rows = (
        int(rng.uniform(0, 0.95) * len(ink)),
        max(1, round(len(ink) * rng.uniform(0.02, 0.08))),
    )
    faded[top : top + rows] = (faded[top : top + rows] * rng.uniform(0, 0.5)).astype(np.uint8)
    return faded


def paste_number(sources: LineSources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """Paste one writer's MNIST images side by side, as in a scanned number."""
    length = max(2, 1 + int(rng.choice(len(LENGTHS), p=LENGTHS)))
    own = sources.image_writers[int(rng.integers(len(sources.image_writers)))]
    indices = [own[k] for k in rng.integers(len(own), size=length)]
    images, labels = sources.sources.images, sources.sources.labels
    digits = [_scale_image(images[k], rng) for k in indices]
    gap_range = GAPS[int(rng.choice(len(GAPS), p=GAP_SHARES))]
    sheet = np.zeros((64, 3 * sum(digit.shape[1] for digit in digits) + 60), np.uint8)
    right = previous = 0
    for digit in digits:
        height, width = digit.shape
        gap = rng.uniform(*gap_range) * max(min(width, previous), 0.25 * height)
        left = max(0, round(right + gap)) if previous else 8
        top = 32 - height // 2 + round(rng.normal(0, 0.8))
        window = sheet[top : top + height, left : left + width]
        np.maximum(window, digit, out=window)
        right, previous = left + width, width
    return sheet, tuple(int(labels[k]) for k in indices)


def _scale_image(image: Images, rng: np.random.Generator) -> Ink:
    ink, scale = _augment_some(image, rng), rng.uniform(0.95, 1.3)
    return crop(np.asarray(cv2.resize(ink, None, fx=scale, fy=scale), dtype=np.uint8))


def pick_image(line_sources: LineSources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """Return the image of one digit."""
    sources = line_sources.sources
    if sources.bitmaps and rng.uniform() < BITMAP_SHARE:
        bitmap, label, aspects = sources.bitmaps[int(rng.integers(len(sources.bitmaps)))]
        return _augment(restore_width(bitmap, aspects, rng), rng), (label,)
    index = int(rng.integers(len(sources.images)))
    return _augment_some(sources.images[index], rng), (int(sources.labels[index]),)


def _augment_some(image: Images, rng: np.random.Generator) -> Ink:
    return _augment(image, rng) if rng.uniform() < AUGMENTED_SHARE else image


def _augment(image: Images, rng: np.random.Generator) -> Ink:
    return (augment_image(image, rng) * 255).astype(np.uint8)


def _draw_other(sources: LineSources, rng: np.random.Generator) -> tuple[Ink, Text]:
    if rng.uniform() < LEFTOVER_SHARE:
        make = (blot, printed_letter)[int(rng.integers(2))]
        return make(rng), (NO_DIGIT_LABEL,)
    return augment_drawing(choose_other(sources.sources, rng), rng), (NO_DIGIT_LABEL,)


def choose_other(sources: Sources, rng: np.random.Generator) -> Drawing:
    """Choose writing that is no digit."""
    kind = rng.uniform()
    if kind < 0.12:
        return doodle(rng)
    if kind < 0.17:
        return scribble(rng)
    if kind < 0.25:
        return corner(rng)
    drawing = sources.non_digits[int(rng.integers(len(sources.non_digits)))]
    if kind < 0.25 + COMPOUND_SHARE:
        other = sources.non_digits[int(rng.integers(len(sources.non_digits)))]
        return compound(drawing, other, rng)
    return drawing


MAKERS: dict[Callable[[LineSources, np.random.Generator], tuple[Ink, Text]], float] = {
    _draw_number: 0.58, paste_number: 0.16, pick_image: 0.08, _draw_other: 0.18,
}  # fmt: skip
