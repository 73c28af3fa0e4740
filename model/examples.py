"""Training examples of single digits and of other signs, as the 28×28 pictures of the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    load_glyphs,
    load_mnist,
    load_triangles,
    select,
    without_dots,
    without_look_alikes,
)
from model.rendering import normalize_ink, render
from model.shapes import blot, corner, doodle, printed_letter, scribble
from model.styles import restyle, truncate_some
from model.templates import write_digit
from server.recognition.arrays import Ink, Normalized

NO_DIGIT_LABEL = 10
AUGMENTED_SHARE = 0.5  # of the MNIST images; the others are sharper than any warped one
NUMBER_GAPS = (-0.2, 0.2)  # between two or three digits, in widths of the narrower
MAX_CANDIDATES_PER_NUMBER = 3
EXAM_COPIES = 4  # of the digits of exams beside the images of MNIST
PLAIN_SIZE_PX, PLAIN_PEN_PX = 120, 9

Example = tuple[Normalized, int]
DigitExample = tuple[Images, int]  # 28×28, 0 to 255


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
        signs.drawings + load_glyphs(split).drawings + triangles,
    )


def _load_all_bitmaps(split: str) -> list[tuple[Ink, int, tuple[float, float]]]:
    return [
        (image, int(label), aspects)
        for name, aspects in BITMAPS.items()
        for image, label in zip(*load_bitmaps(name, split), strict=True)
    ]


def make_digits(sources: Sources, count: int, seed: int) -> list[DigitExample]:
    """Return at least `count` augmented images [28, 28], 0 to 255, with their labels, 0 to 10."""
    rng = np.random.default_rng(seed)
    makers = {make: share for make, share in MAKERS.items() if sources.digits or make in OF_IMAGES}
    shares = np.array([*makers.values()]) / sum(makers.values())
    chosen = rng.choice(len(makers), p=shares, size=count).tolist()
    made = [example for k in chosen for example in [*makers][k](sources, rng)]
    return [((picture * 255).round().astype(np.uint8), label) for picture, label in made]


def _pick_image(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    index = int(rng.integers(len(sources.images)))
    image = sources.images[index]
    is_augmented = rng.uniform() < AUGMENTED_SHARE
    picture = augment_image(image, rng) if is_augmented else normalize_ink(image)
    yield picture, int(sources.labels[index])


def _pick_bitmap(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    bitmap, label, aspects = sources.bitmaps[int(rng.integers(len(sources.bitmaps)))]
    yield augment_image(restore_width(bitmap, aspects, rng), rng), label


def _draw_digit(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    drawing, label = sources.digits[int(rng.integers(len(sources.digits)))]
    styled = restyle(drawing, label, rng)
    yield normalize_ink(augment_drawing(truncate_some(styled, rng), rng)), label


def _draw_template(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    del sources  # a template needs none
    digit = int(rng.integers(10))
    yield normalize_ink(augment_drawing(write_digit(digit, rng), rng)), digit


def _cut_from_number(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    """Yield candidates that the server finds in a number: digits, and several digits as none."""
    found, labels = _find_in_number(sources, rng)
    indexed = [(each.candidate.ink, each.digit_index()) for each in found]
    known = [(ink, index) for ink, index in indexed if index is not None]
    for chosen in rng.permutation(len(known))[:MAX_CANDIDATES_PER_NUMBER]:
        ink, index = known[chosen]
        yield normalize_ink(ink), NO_DIGIT_LABEL if index == SEVERAL_DIGITS else labels[index]


def _draw_non_digit(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    drawing = sources.non_digits[int(rng.integers(len(sources.non_digits)))]
    yield normalize_ink(augment_drawing(drawing, rng)), NO_DIGIT_LABEL


def _draw_shape(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    del sources  # a shape needs none
    draw = (doodle, doodle, scribble, corner)[int(rng.integers(4))]
    yield normalize_ink(augment_drawing(draw(rng), rng)), NO_DIGIT_LABEL


def _make_leftover(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    del sources  # a leftover needs none
    make = (blot, printed_letter)[int(rng.integers(2))]
    yield normalize_ink(make(rng)), NO_DIGIT_LABEL


def _find_in_number(
    sources: Sources, rng: np.random.Generator
) -> tuple[list[FoundCandidate], list[int]]:
    """Compose a number of two or three digits; return its candidates and its labels."""
    chosen = [sources.digits[k] for k in rng.integers(len(sources.digits), size=rng.integers(2, 4))]
    gaps = rng.uniform(*NUMBER_GAPS, len(chosen) - 1).tolist()
    drawings = compose([transform(drawing, rng) for drawing, _ in chosen], gaps, rng)
    size_px = rng.uniform(36, 80)
    found = find_candidates(drawings, size_px, size_px * rng.uniform(0.04, 0.14))
    return found, [label for _, label in chosen]


def make_plain(sources: Sources) -> tuple[Images, Labels]:
    """Return every image and drawing once, not augmented, rendered with an ordinary pen."""
    drawings = sources.digits + [(drawing, NO_DIGIT_LABEL) for drawing in sources.non_digits]
    pictures = [normalize_ink(image) for image in sources.images]
    pictures += [
        normalize_ink(render(drawing, PLAIN_SIZE_PX, PLAIN_PEN_PX)) for drawing, _ in drawings
    ]
    labels = [*sources.labels, *(label for _, label in drawings)]
    return (np.stack(pictures) * 255).round().astype(np.uint8), np.array(labels, dtype=np.uint8)


MAKERS: dict[Callable[[Sources, np.random.Generator], Iterator[Example]], float] = {
    _pick_image: 0.38, _pick_bitmap: 0.04, _draw_digit: 0.28, _draw_template: 0.08,
    _cut_from_number: 0.03, _draw_non_digit: 0.12, _draw_shape: 0.04, _make_leftover: 0.03,
}  # fmt: skip
OF_IMAGES = (_pick_image, _draw_template)  # where there are no strokes
