"""Handwriting in rows: the coverage of the ink, before paper and light."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from model.augmentation import transform, warp
from model.composed_numbers import scale_to_height
from model.datasets import (
    Drawing,
    Drawings,
    Images,
    load_drawings,
    load_mnist,
    select,
    without_dots,
)
from model.rendering import SUBPIXEL_BITS
from model.styles import restyle

Floats = npt.NDArray[np.float32]
Spot = tuple[float, float]  # x and y

STRAIGHT_SHARE = 0.15  # of the rows: digits of straight lines


def to_float32(values: object) -> Floats:
    return np.asarray(values, dtype=np.float32)


@dataclass(frozen=True)
class Hand:
    """All digits of one writer, each about 1 high, with their labels."""

    digits: list[tuple[Drawing, int]]


@dataclass(frozen=True)
class Hands:
    """Writers of one split, and the letters and signs of the same split."""

    hands: list[Hand]
    signs: list[Drawing]
    images: Images


@dataclass(frozen=True)
class Row:
    """Digits to write: a hand's drawings, and where the ink of each one begins.

    `spots` are the left end and the middle of each digit's height, in pixels.
    """

    drawings: list[Drawing]
    spots: list[Spot]


def load_hands(split: str) -> Hands:
    """Load the writers of "train", "validation" or another split of `model.datasets`."""
    digits = without_dots(select(load_drawings("strokes_digits"), split))
    signs = without_dots(select(load_drawings("strokes_nondigits"), split))
    images, _, is_validation = load_mnist("train")
    chosen = ~is_validation if split == "train" else is_validation
    return Hands(_group(digits), [*map(_to_unit, signs.drawings)], images[chosen])


def _group(digits: Drawings) -> list[Hand]:
    hands: dict[tuple[str, str], list[tuple[Drawing, int]]] = defaultdict(list)
    columns = zip(digits.drawings, digits.labels, digits.sites, digits.writers, strict=True)
    for drawing, label, site, writer in columns:
        hands[site, writer].append((_to_unit(drawing), int(label)))
    return [Hand(each) for each in hands.values()]


def _to_unit(drawing: Drawing) -> Drawing:
    return scale_to_height(drawing, 1)


def choose_digits(hand: Hand, count: int, rng: np.random.Generator) -> list[tuple[Drawing, int]]:
    """Choose digits of a hand, in forms that vary as those of one person do."""
    chosen = [hand.digits[k] for k in rng.integers(len(hand.digits), size=count)]
    vary = _straighten if rng.uniform() < STRAIGHT_SHARE else warp
    return [(_to_unit(vary(restyle(d, label, rng), rng)), label) for d, label in chosen]


def _straighten(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Replace strokes about 1 high by few straight lines (Douglas and Peucker 1973)."""
    tolerance = float(rng.uniform(0.02, 0.1))
    lines = [cv2.approxPolyDP(stroke[:, None], tolerance, closed=False) for stroke in drawing]
    return [np.asarray(line[:, 0], dtype=np.float32) for line in lines]


def place_row(
    drawings: Sequence[Drawing], height_px: float, start: Spot, gap: float, rng: np.random.Generator
) -> Row:
    """Place digits side by side, `gap` heights apart, from `start`, on a line about level.

    Sizes, gaps and the line vary a little.
    """
    slope, bend = rng.normal(0, 0.03), rng.normal(0, 0.002)
    x, y = start
    placed, spots = [], []
    for drawing in drawings:
        size = height_px * float(np.exp(rng.normal(0, 0.1)))
        scaled = [stroke * np.float32(size) for stroke in drawing]
        middle = y + slope * (x - start[0]) + bend * (x - start[0]) ** 2 / height_px
        spots.append((x, middle + height_px * rng.normal(0, 0.05)))
        placed.append(scaled)
        x += float(np.ptp(np.concatenate(scaled)[:, 0])) + height_px * gap * rng.uniform(0.6, 1.4)
    return Row(placed, spots)


def draw_row(coverage: Floats, row: Row, pens_px: Sequence[float]) -> None:
    """Draw a row into the coverage [H, W], 0 to 1, each digit with a round pen of its own width."""
    for drawing, (left, middle), pen_px in zip(row.drawings, row.spots, pens_px, strict=True):
        points = np.concatenate(drawing)
        low, high = points.min(axis=0), points.max(axis=0)
        origin = np.array([left - low[0], middle - (low[1] + high[1]) / 2], dtype=np.float32)
        draw_strokes(coverage, [stroke + origin for stroke in drawing], pen_px)


def draw_strokes(coverage: Floats, strokes: Drawing, pen_px: float) -> None:
    """Draw strokes, in pixels, into the coverage [H, W], 0 to 1.

    A pen thinner than a pixel covers a part of it only.
    """
    points = np.concatenate(strokes)
    margin = pen_px + 3
    left, top = np.floor(points.min(axis=0) - margin).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + margin).astype(int)
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, coverage.shape[1]), min(bottom, coverage.shape[0])
    if right <= left or bottom <= top:
        return
    scale = 2 if pen_px < 6 else 1
    field = np.zeros(((bottom - top) * scale, (right - left) * scale), np.uint8)
    thickness = max(1, round(pen_px * scale))
    for stroke in strokes:
        line = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
        path = np.round((line - [left, top]) * scale * 2**SUBPIXEL_BITS).astype(np.int32)
        cv2.polylines(field, [path], False, 255, thickness, cv2.LINE_AA, SUBPIXEL_BITS)
    if scale > 1:
        field = cv2.resize(field, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
    window = coverage[top:bottom, left:right]
    np.maximum(window, field.astype(np.float32) / 255, out=window)


def paste_image(
    coverage: Floats, image: npt.NDArray[np.uint8], height_px: float, spot: Spot
) -> float:
    """Enlarge an MNIST image so that its digit is about `height_px` high; return its width."""
    scale = height_px / 20
    x, y, width, height = cv2.boundingRect((image > 60).astype(np.uint8))
    cut = image[y : y + height, x : x + width].astype(np.float32) / 255
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    soft = cv2.resize(cut, size, interpolation=cv2.INTER_CUBIC)
    if scale > 1.5:  # the edges of an enlarged image are soft, those of ink are not
        soft = (soft - 0.5) * np.float32(scale) + 0.5
    left, top = round(spot[0]), round(spot[1] - size[1] / 2)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + size[0], coverage.shape[1]), min(top + size[1], coverage.shape[0])
    if x1 > x0 and y1 > y0:
        window = coverage[y0:y1, x0:x1]
        part = np.clip(soft[y0 - top : y1 - top, x0 - left : x1 - left], 0, 1)
        np.maximum(window, part, out=window)
    return float(size[0])


def slant_alike(drawings: Sequence[Drawing], rng: np.random.Generator) -> list[Drawing]:
    """Give all drawings one slant, rotation and aspect ratio."""
    counts = np.cumsum([len(drawing) for drawing in drawings])[:-1]
    strokes = transform([stroke for drawing in drawings for stroke in drawing], rng)
    bounds = pairwise([0, *counts.tolist(), len(strokes)])
    return [strokes[start:end] for start, end in bounds]
