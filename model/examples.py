"""Training examples: 28×28 pictures as the server makes them, varied anew in every epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from model.composed_numbers import NONE, Found, compose, find_in_number
from model.datasets import (
    BITMAPS,
    Drawing,
    Images,
    Labels,
    has_strokes,
    load_bitmaps,
    load_drawings,
    load_mnist,
    select,
    without_dots,
    without_look_alikes,
)
from model.rendering import draw, normalize_drawing, tilt, vary
from model.shapes import blot, doodle, scribble
from model.styles import leave_some_unfinished, restyle
from model.templates import write
from server.recognition.ink.extraction import Ink
from server.recognition.reading.normalization import Normalized

NO_DIGIT = 10
VARIED = 0.5  # of the MNIST images; the others stay as they are, sharper than any warped one
SHAPES_TRAIN_SHARE = 0.5  # of the drawn triangles; the rest is for measuring

# How many of each an epoch has.
IMAGES = 60_000  # of MNIST, at most
DRAWINGS_OF_DIGITS = 4  # of each
WRITTEN = 10_000  # by template
BITMAPS_OF_DIGITS = 1  # of each
GAPS = (-0.2, 0.2)  # between their digits, in widths of the narrower
NUMBERS = 3_000  # of several digits
PARTS_OF_NUMBERS = 3  # of each, at most
DRAWINGS_OF_OTHERS = 2  # of each letter and sign
DOODLES = 4_000
SCRIBBLES = 2_000
BLOTS = 3_000


@dataclass(frozen=True)
class Sources:
    """What examples are made from: images, drawings of digits and of other signs.

    `bitmaps` are images with the range of shares to which their width is brought.
    """

    images: Images
    labels: Labels
    bitmaps: list[tuple[Ink, int, tuple[float, float]]]
    digits: list[tuple[Drawing, int]]
    others: list[Drawing]


Example = tuple[Normalized, int]


def load_sources(part: str) -> Sources:
    """The sources of a part, "train" or "validation"; no writer is in both."""
    images, labels, validates = load_mnist("train")
    kept = validates if part == "validation" else ~validates
    if not has_strokes():
        return Sources(images[kept], labels[kept], [], [], [])
    digits = without_dots(select(load_drawings("strokes_digits"), part))
    others = without_look_alikes(without_dots(select(load_drawings("strokes_nondigits"), part)))
    bitmaps = [
        (image, int(label), widths)
        for name, widths in BITMAPS.items()
        for image, label in zip(*load_bitmaps(name, part), strict=True)
    ]
    triangles = load_triangles("train") if part == "train" else []
    return Sources(
        images[kept],
        labels[kept],
        bitmaps,
        [(d, int(label)) for d, label in zip(digits.drawings, digits.labels, strict=True)],
        others.drawings + triangles,
    )


def load_triangles(part: str) -> list[Drawing]:
    """The drawn triangles, half of them "train"."""
    shapes = load_drawings("strokes_shapes")
    triangles = shapes.where([label == "triangle" for label in shapes.labels]).drawings
    border = round(SHAPES_TRAIN_SHARE * len(triangles))
    return triangles[:border] if part == "train" else triangles[border:]


def make_epoch(sources: Sources, seed: int) -> tuple[Images, Labels]:
    """Varied examples of all sources in random order: [N, 28, 28] 0 to 255, and labels 0 to 10."""
    rng = np.random.default_rng(seed)
    examples = [*_vary_images(sources, rng)]
    if sources.digits:
        examples += _vary_drawings(sources, rng)
        examples += _find_in_numbers(sources, rng)
        examples += _vary_others(sources, rng)
    order = rng.permutation(len(examples))
    pictures = (np.stack([picture for picture, _ in examples]) * 255).round().astype(np.uint8)
    labels = np.array([label for _, label in examples], dtype=np.uint8)
    return pictures[order], labels[order]


def _vary_images(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    for index in rng.permutation(len(sources.images))[:IMAGES]:
        image = sources.images[index]
        varied = rng.uniform() < VARIED
        yield (
            vary_image(image, rng) if varied else normalize_drawing(image),
            int(sources.labels[index]),
        )
    for bitmap, label, widths in sources.bitmaps * BITMAPS_OF_DIGITS:
        yield vary_image(restore_width(bitmap, widths, rng), rng), label


def restore_width(bitmap: Ink, widths: tuple[float, float], rng: np.random.Generator) -> Ink:
    """A stretched bitmap as a 28×28 picture, with a width that the writer may have given it."""
    height = 20
    width = max(4, round(height * rng.uniform(*widths)))
    small = cv2.resize(bitmap, (width, height), interpolation=cv2.INTER_AREA)
    left = (28 - width) // 2
    return np.pad(small, ((4, 4), (left, 28 - width - left)))


def _vary_drawings(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    for drawing, label in sources.digits * DRAWINGS_OF_DIGITS:
        styled = restyle(drawing, label, rng)
        yield normalize_drawing(vary(leave_some_unfinished(styled, rng), rng)), label
    for index in range(WRITTEN):
        digit = index % 10
        yield normalize_drawing(vary(write(digit, rng), rng)), digit


def _find_in_numbers(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    """What the server takes for one digit in numbers: digits, and what is more than one."""
    for _ in range(NUMBERS):
        found, labels = _find_in_number(sources, rng)
        judged = [(each.candidate.ink, each.digit()) for each in found]
        known = [(ink, own) for ink, own in judged if own is not None]
        for index in rng.permutation(len(known))[:PARTS_OF_NUMBERS]:
            ink, own = known[index]
            yield normalize_drawing(ink), NO_DIGIT if own == NONE else labels[own]


def _find_in_number(sources: Sources, rng: np.random.Generator) -> tuple[list[Found], list[int]]:
    """In a number of two or three digits that are near or touch; and its digits."""
    chosen = [sources.digits[k] for k in rng.integers(len(sources.digits), size=rng.integers(2, 4))]
    gaps = rng.uniform(*GAPS, len(chosen) - 1).tolist()
    drawings = compose([tilt(drawing, rng) for drawing, _ in chosen], gaps, rng)
    size_px = rng.uniform(36, 80)
    found = find_in_number(drawings, size_px, size_px * rng.uniform(0.04, 0.14))
    return found, [label for _, label in chosen]


def _vary_others(sources: Sources, rng: np.random.Generator) -> Iterator[Example]:
    drawings = sources.others * DRAWINGS_OF_OTHERS
    drawings = drawings + [doodle(rng) for _ in range(DOODLES)]
    drawings = drawings + [scribble(rng) for _ in range(SCRIBBLES)]
    for drawing in drawings:
        yield normalize_drawing(vary(drawing, rng)), NO_DIGIT
    for _ in range(BLOTS):
        yield normalize_drawing(blot(rng)), NO_DIGIT


def make_plain(sources: Sources) -> tuple[Images, Labels]:
    """Every image and drawing once as it is, drawn with an ordinary pen."""
    drawings = [(d, label) for d, label in sources.digits]
    drawings += [(d, NO_DIGIT) for d in sources.others]
    pictures = [normalize_drawing(image) for image in sources.images]
    pictures += [normalize_drawing(draw(drawing, 120, 9)) for drawing, _ in drawings]
    labels = [*sources.labels, *(label for _, label in drawings)]
    return (np.stack(pictures) * 255).round().astype(np.uint8), np.array(labels, dtype=np.uint8)


def vary_image(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> Normalized:
    """An MNIST image, warped as if somebody else had written it with another pen.

    Elastic distortions after Simard, Steinkraus and Platt, Best Practices for Convolutional
    Neural Networks Applied to Visual Document Analysis (2003).
    """
    side = 56
    centre = (side - 1) / 2
    turn, slant = np.radians(rng.normal(0, 5)), rng.normal(0, 0.1)
    stretch = np.exp(rng.normal(0, 0.07, 2)) / 2
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ np.array([[stretch[0], slant / 2], [0, stretch[1]]])
    field = rng.normal(0, rng.uniform(0, 1.1), (5, 5, 2))
    waves = cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1) - centre
    places = (grid @ matrix.T + 13.5 + waves / 2).astype(np.float32)
    warped = cv2.remap(image, places[..., 0], places[..., 1], cv2.INTER_CUBIC)
    return normalize_drawing(_change_pen(warped, rng))


def _change_pen(ink: cv2.typing.MatLike, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Thicker or thinner strokes, for a quarter of the images."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    chance = rng.uniform()
    if chance < 0.1:
        ink = cv2.dilate(ink, kernel)
    elif chance < 0.25:
        thin = cv2.erode(ink, kernel)
        ink = thin if int(thin.max(initial=0)) > 150 else ink
    return np.asarray(ink, dtype=np.uint8)
