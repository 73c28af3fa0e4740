"""Training examples: 28×28 pictures as the server makes them, varied anew in every epoch."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from model.datasets import (
    Drawing,
    Images,
    Labels,
    has_strokes,
    load_drawings,
    load_mnist,
    select,
    without_dots,
    without_look_alikes,
)
from model.drawing import draw, normalize_drawing, scribble, vary
from model.styles import pair, restyle
from server.recognition.normalization import Normalized

NO_DIGIT = 10
VARIED = 0.65  # of the MNIST images; the others stay as they are, sharper than any warped one
DRAWINGS_OF_DIGITS = 4  # times that each is drawn in an epoch
SCRIBBLES = 3_000
PAIRS = 6_000  # two digits that are not one


@dataclass(frozen=True)
class Sources:
    """What examples are made from: MNIST images, and drawings of digits and of other signs."""

    images: Images
    labels: Labels
    digits: list[tuple[Drawing, int]]
    others: list[Drawing]


def load_sources(part: str) -> Sources:
    """The sources of a part, "train" or "validation"; no writer is in both."""
    images, labels, validates = load_mnist("train")
    kept = validates if part == "validation" else ~validates
    if not has_strokes():
        return Sources(images[kept], labels[kept], [], [])
    digits = without_dots(select(load_drawings("strokes_digits"), part))
    others = without_look_alikes(without_dots(select(load_drawings("strokes_nondigits"), part)))
    shapes = load_drawings("strokes_shapes")
    triangles = shapes.where([label == "triangle" for label in shapes.labels])
    return Sources(
        images[kept],
        labels[kept],
        [(d, int(label)) for d, label in zip(digits.drawings, digits.labels, strict=True)],
        others.drawings + (triangles.drawings if part == "train" else []),
    )


def make_epoch(sources: Sources, seed: int) -> tuple[Images, Labels]:
    """Varied examples of all sources in random order: [N, 28, 28] 0 to 255, and labels 0 to 10."""
    rng = np.random.default_rng(seed)
    pictures = [
        vary_image(image, rng) if rng.uniform() < VARIED else normalize_drawing(image)
        for image in sources.images
    ]
    labels = list(sources.labels)
    for drawing, label in sources.digits * DRAWINGS_OF_DIGITS:
        pictures.append(normalize_drawing(vary(restyle(drawing, label, rng), rng)))
        labels.append(label)
    for drawing in [*sources.others, *_make_others(sources, rng)]:
        pictures.append(normalize_drawing(vary(drawing, rng)))
        labels.append(NO_DIGIT)
    order = rng.permutation(len(pictures))
    stacked = (np.stack(pictures) * 255).round().astype(np.uint8)
    return stacked[order], np.array(labels, dtype=np.uint8)[order]


def _make_others(sources: Sources, rng: np.random.Generator) -> list[Drawing]:
    """Scribbles and pairs of digits, if there are strokes to make them of."""
    if not sources.digits:
        return []
    chosen = rng.integers(len(sources.digits), size=(PAIRS, 2))
    pairs = [pair(sources.digits[a][0], sources.digits[b][0], rng) for a, b in chosen]
    return pairs + [scribble(rng) for _ in range(SCRIBBLES)]


def make_plain(sources: Sources) -> tuple[Images, Labels]:
    """Every source once as it is, drawn with an ordinary pen."""
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
