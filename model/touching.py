"""Training examples of touching digits, one to eight in a row, and of other signs."""

from __future__ import annotations

from collections.abc import Callable
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
from model.composed_numbers import compose
from model.datasets import Drawing, Images, Text
from model.examples import NO_DIGIT_LABEL, Sources
from model.rendering import crop, render_each
from model.shapes import blot, doodle, scribble
from model.styles import restyle, truncate_some
from model.templates import write_digit
from server.recognition.arrays import Ink
from server.recognition.reading.touching import normalize_touching

LENGTHS = (0.28, 0.32, 0.18, 0.09, 0.06, 0.03, 0.02, 0.02)  # shares of 1, 2, … 8 digits

# Gaps in widths of the narrower neighbor.
TOUCHING_GAPS, NEAR_GAPS = (-0.3, 0.06), (0.06, 0.3)
TOUCHING_SHARE = 0.85  # of the gaps

BLOT_SHARE = 0.25  # of the signs that are not digits
BITMAP_SHARE = 0.25  # of the single images; the others are from MNIST
TEMPLATE_SHARE = 0.25  # of the drawn digits
TRANSFORMED_SHARE = 0.5  # of the strings, as a whole
HEIGHTS_PX, PENS = (24, 72), (0.035, 0.13)  # pens in heights

LabeledDrawing = tuple[Drawing, int]


@dataclass(frozen=True)
class StringMix:
    """Composition of an epoch of strings."""

    drawn_strings: int
    mnist_strings: int
    single_images: int
    non_digits: int
    mixed_strings: int  # digits with one other sign among them
    augmented_share: float  # of the MNIST images


def make_string_epoch(
    sources: Sources, mix: StringMix, seed: int
) -> tuple[list[Images], list[Text]]:
    """Return images [28, W], 0 to 255, each of its own width, and their texts."""
    rng = np.random.default_rng(seed)
    share = mix.augmented_share
    makers: list[tuple[int, Callable[[], tuple[Ink, Text]]]] = [
        (mix.drawn_strings, lambda: _draw_string(sources, rng)),
        (mix.mnist_strings, lambda: _paste_string(sources, share, rng)),
        (mix.single_images, lambda: _pick_image(sources, share, rng)),
        (mix.non_digits, lambda: _draw_non_digit(sources, rng)),
        (mix.mixed_strings, lambda: _draw_mixed_string(sources, rng)),
    ]
    examples = [make() for count, make in makers for _ in range(count)]
    fields = [normalize_touching(crop(ink)) for ink, _ in examples]
    images = [(field * 255).round().astype(np.uint8) for field in fields]
    return images, [text for _, text in examples]


def _draw_string(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """Draw a number whose digits touch or nearly touch."""
    chosen = [_choose_digit(sources, rng) for _ in range(_choose_length(rng))]
    if len(chosen) == 1:
        [(drawing, label)] = chosen
        return augment_drawing(truncate_some(drawing, rng), rng), (label,)
    return _render_string(chosen, rng), tuple(label for _, label in chosen)


def _draw_mixed_string(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    """Draw one to three digits with another sign among them."""
    chosen = [_choose_digit(sources, rng) for _ in range(int(rng.integers(1, 4)))]
    position = int(rng.integers(len(chosen) + 1))
    chosen.insert(position, (_choose_non_digit(sources, rng), NO_DIGIT_LABEL))
    return _render_string(chosen, rng), tuple(label for _, label in chosen)


def _render_string(chosen: list[LabeledDrawing], rng: np.random.Generator) -> Ink:
    gaps = [_choose_gap(rng) for _ in chosen[1:]]
    pen = float(np.exp(rng.uniform(*np.log(PENS))))
    drawings = [warp(transform(drawing, rng), rng) for drawing, _ in chosen]
    placed = compose(drawings, gaps, rng, pen if rng.uniform() < 0.5 else 0.0)
    string = [stroke for drawing in placed for stroke in drawing]
    if rng.uniform() < TRANSFORMED_SHARE:
        string = transform(string, rng)
    string = coarsen(string, rng)
    height = max(float(np.ptp(np.concatenate(string), axis=0)[1]), 0.5)
    height_px = rng.uniform(*HEIGHTS_PX)
    [ink] = render_each([string], height_px / height, max(1.0, pen * height_px))
    return photograph_some(ink, rng)


def _choose_gap(rng: np.random.Generator) -> float:
    return rng.uniform(*(TOUCHING_GAPS if rng.uniform() < TOUCHING_SHARE else NEAR_GAPS))


def _paste_string(
    sources: Sources, augmented_share: float, rng: np.random.Generator
) -> tuple[Ink, Text]:
    """Paste MNIST images side by side, as in a scanned number."""
    length = max(2, _choose_length(rng))
    indices = rng.integers(len(sources.images), size=length)
    digits = [_scale_image(sources.images[k], augmented_share, rng) for k in indices]
    sheet = np.zeros((60, sum(digit.shape[1] for digit in digits) + 60), np.uint8)
    right = previous = 0
    for digit in digits:
        height, width = digit.shape
        gap = rng.uniform(*TOUCHING_GAPS) * max(min(width, previous), 0.25 * height)
        left = max(0, round(right + gap)) if previous else 8
        top = 30 - height // 2 + round(rng.normal(0, 0.8))
        window = sheet[top : top + height, left : left + width]
        np.maximum(window, digit, out=window)
        right, previous = left + width, width
    return sheet, tuple(sources.labels[indices].tolist())


def _pick_image(
    sources: Sources, augmented_share: float, rng: np.random.Generator
) -> tuple[Ink, Text]:
    if sources.bitmaps and rng.uniform() < BITMAP_SHARE:
        bitmap, label, aspects = sources.bitmaps[int(rng.integers(len(sources.bitmaps)))]
        return _augment(restore_width(bitmap, aspects, rng), rng), (label,)
    index = int(rng.integers(len(sources.images)))
    return _augment_some(sources.images[index], augmented_share, rng), (int(sources.labels[index]),)


def _scale_image(image: Images, augmented_share: float, rng: np.random.Generator) -> Ink:
    ink, scale = _augment_some(image, augmented_share, rng), rng.uniform(0.9, 1.3)
    return crop(np.asarray(cv2.resize(ink, None, fx=scale, fy=scale), dtype=np.uint8))


def _augment_some(image: Images, share: float, rng: np.random.Generator) -> Ink:
    return _augment(image, rng) if rng.uniform() < share else image


def _augment(image: Images, rng: np.random.Generator) -> Ink:
    return (augment_image(image, rng) * 255).astype(np.uint8)


def _draw_non_digit(sources: Sources, rng: np.random.Generator) -> tuple[Ink, Text]:
    if rng.uniform() < BLOT_SHARE:
        return blot(rng), (NO_DIGIT_LABEL,)
    return augment_drawing(_choose_non_digit(sources, rng), rng), (NO_DIGIT_LABEL,)


def _choose_non_digit(sources: Sources, rng: np.random.Generator) -> Drawing:
    kind = rng.uniform()
    if kind < 0.2:
        return doodle(rng)
    if kind < 0.3:
        return scribble(rng)
    return sources.non_digits[int(rng.integers(len(sources.non_digits)))]


def _choose_digit(sources: Sources, rng: np.random.Generator) -> LabeledDrawing:
    """Return a digit from a template or from a writer."""
    if rng.uniform() < TEMPLATE_SHARE:
        digit = int(rng.integers(10))
        return write_digit(digit, rng), digit
    drawing, digit = sources.digits[int(rng.integers(len(sources.digits)))]
    return restyle(drawing, digit, rng), digit


def _choose_length(rng: np.random.Generator) -> int:
    return 1 + int(rng.choice(len(LENGTHS), p=LENGTHS))
