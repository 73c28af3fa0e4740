"""Training examples of single digits and of other signs, as the 28×28 pictures of the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.augmentation import augment_drawing, augment_image, restore_width, transform
from model.composed_numbers import SEVERAL_DIGITS, FoundCandidate, compose, find_candidates
from model.datasets import (
    BITMAPS,
    Drawing,
    Images,
    Labels,
    has_strokes,
    load_bitmaps,
    load_drawings,
    load_exam_digits,
    load_mnist,
    load_triangles,
    select,
    without_dots,
    without_look_alikes,
)
from model.rendering import normalize_ink, render
from model.shapes import blot, doodle, scribble
from model.styles import restyle, truncate_some
from model.templates import write_digit
from server.recognition.arrays import Ink, Normalized

NO_DIGIT_LABEL = 10
EXAM_COPIES = 4  # of the digits of exams beside the images of MNIST
PLAIN_SIZE_PX, PLAIN_PEN_PX = 120, 9

Example = tuple[Normalized, int]


@dataclass(frozen=True)
class DigitMix:
    """Composition of an epoch of single digits."""

    max_mnist_images: int
    augmented_share: float  # of the MNIST images; the others are sharper than any warped one
    bitmap_copies: int
    drawing_copies: int
    template_digits: int
    numbers: int  # of two or three digits, cut into candidates
    number_gaps: tuple[float, float]  # between the digits, in widths of the narrower
    max_candidates_per_number: int
    non_digit_copies: int  # of each letter and sign
    doodles: int
    scribbles: int
    blots: int


@dataclass(frozen=True)
class Sources:
    """Handwriting that examples are made from.

    `bitmaps` are images with a label and the range of aspect ratios to give them.
    """

    images: Images
    labels: Labels
    bitmaps: list[tuple[Ink, int, tuple[float, float]]]
    digits: list[tuple[Drawing, int]]
    non_digits: list[Drawing]


def load_sources(split: str) -> Sources:
    """Load the sources of "train" or "validation"; no writer is in both."""
    images, labels, is_validation = load_mnist("train")
    chosen = is_validation if split == "validation" else ~is_validation
    if not has_strokes():
        return Sources(images[chosen], labels[chosen], [], [], [])
    digits = without_dots(select(load_drawings("strokes_digits"), split))
    signs = without_look_alikes(without_dots(select(load_drawings("strokes_nondigits"), split)))
    triangles = load_triangles("train") if split == "train" else []
    exam_images, exam_labels = load_exam_digits(split)
    copies = EXAM_COPIES if split == "train" else 1
    return Sources(
        np.concatenate([images[chosen], *[exam_images] * copies]),
        np.concatenate([labels[chosen], *[exam_labels] * copies]),
        _load_all_bitmaps(split),
        [(d, int(label)) for d, label in zip(digits.drawings, digits.labels, strict=True)],
        signs.drawings + triangles,
    )


def _load_all_bitmaps(split: str) -> list[tuple[Ink, int, tuple[float, float]]]:
    return [
        (image, int(label), aspects)
        for name, aspects in BITMAPS.items()
        for image, label in zip(*load_bitmaps(name, split), strict=True)
    ]


def make_digit_epoch(sources: Sources, mix: DigitMix, seed: int) -> tuple[Images, Labels]:
    """Return shuffled, augmented images [N, 28, 28], 0 to 255, and labels [N], 0 to 10."""
    rng = np.random.default_rng(seed)
    examples = [*_augment_images(sources, mix, rng)]
    if sources.digits:
        examples += _augment_drawings(sources, mix, rng)
        examples += _cut_from_numbers(sources, mix, rng)
        examples += _augment_non_digits(sources, mix, rng)
    order = rng.permutation(len(examples))
    images = (np.stack([picture for picture, _ in examples]) * 255).round().astype(np.uint8)
    labels = np.array([label for _, label in examples], dtype=np.uint8)
    return images[order], labels[order]


def _augment_images(sources: Sources, mix: DigitMix, rng: np.random.Generator) -> Iterator[Example]:
    for index in rng.permutation(len(sources.images))[: mix.max_mnist_images]:
        image = sources.images[index]
        augmented = rng.uniform() < mix.augmented_share
        picture = augment_image(image, rng) if augmented else normalize_ink(image)
        yield picture, int(sources.labels[index])
    for bitmap, label, aspects in sources.bitmaps * mix.bitmap_copies:
        yield augment_image(restore_width(bitmap, aspects, rng), rng), label


def _augment_drawings(
    sources: Sources, mix: DigitMix, rng: np.random.Generator
) -> Iterator[Example]:
    for drawing, label in sources.digits * mix.drawing_copies:
        styled = restyle(drawing, label, rng)
        yield normalize_ink(augment_drawing(truncate_some(styled, rng), rng)), label
    for index in range(mix.template_digits):
        digit = index % 10
        yield normalize_ink(augment_drawing(write_digit(digit, rng), rng)), digit


def _cut_from_numbers(
    sources: Sources, mix: DigitMix, rng: np.random.Generator
) -> Iterator[Example]:
    """Yield candidates that the server finds in numbers: digits, and several digits as none."""
    for _ in range(mix.numbers):
        found, labels = _find_in_number(sources, mix.number_gaps, rng)
        indexed = [(each.candidate.ink, each.digit_index()) for each in found]
        known = [(ink, index) for ink, index in indexed if index is not None]
        for chosen in rng.permutation(len(known))[: mix.max_candidates_per_number]:
            ink, index = known[chosen]
            label = NO_DIGIT_LABEL if index == SEVERAL_DIGITS else labels[index]
            yield normalize_ink(ink), label


def _find_in_number(
    sources: Sources, gap_range: tuple[float, float], rng: np.random.Generator
) -> tuple[list[FoundCandidate], list[int]]:
    """Compose a number of two or three digits; return its candidates and its labels."""
    chosen = [sources.digits[k] for k in rng.integers(len(sources.digits), size=rng.integers(2, 4))]
    gaps = rng.uniform(*gap_range, len(chosen) - 1).tolist()
    drawings = compose([transform(drawing, rng) for drawing, _ in chosen], gaps, rng)
    size_px = rng.uniform(36, 80)
    found = find_candidates(drawings, size_px, size_px * rng.uniform(0.04, 0.14))
    return found, [label for _, label in chosen]


def _augment_non_digits(
    sources: Sources, mix: DigitMix, rng: np.random.Generator
) -> Iterator[Example]:
    drawings = sources.non_digits * mix.non_digit_copies
    drawings = drawings + [doodle(rng) for _ in range(mix.doodles)]
    drawings = drawings + [scribble(rng) for _ in range(mix.scribbles)]
    for drawing in drawings:
        yield normalize_ink(augment_drawing(drawing, rng)), NO_DIGIT_LABEL
    for _ in range(mix.blots):
        yield normalize_ink(blot(rng)), NO_DIGIT_LABEL


def make_plain(sources: Sources) -> tuple[Images, Labels]:
    """Return every image and drawing once, not augmented, rendered with an ordinary pen."""
    drawings = sources.digits + [(drawing, NO_DIGIT_LABEL) for drawing in sources.non_digits]
    pictures = [normalize_ink(image) for image in sources.images]
    pictures += [
        normalize_ink(render(drawing, PLAIN_SIZE_PX, PLAIN_PEN_PX)) for drawing, _ in drawings
    ]
    labels = [*sources.labels, *(label for _, label in drawings)]
    return (np.stack(pictures) * 255).round().astype(np.uint8), np.array(labels, dtype=np.uint8)
