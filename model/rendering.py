"""Pen strokes → ink, with the variation there is between people, pens and devices."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from model.datasets import Drawing, Stroke
from server.recognition.ink.extraction import Ink
from server.recognition.ink.pieces import INKED
from server.recognition.reading.normalization import Normalized, normalize

SUBPIXEL_BITS = 4
PHOTOGRAPHED = 0.15  # of the drawings: their edges are rough, as on a photo of paper
BARE = 0.15  # a drawing that is more slender is a stroke without a loop
LOOP = 0.2  # of the shorter side: no pen is wider, where there may be a loop


def draw(drawing: Drawing, size_px: float, pen_px: float) -> Ink:
    """Draw strokes as ink, the longer side `size_px` long, with a round pen and a margin."""
    size = float(np.ptp(np.concatenate(drawing), axis=0).max())
    [ink] = draw_each([drawing], size_px / max(size, 1e-6), pen_px)
    return ink


def draw_each(drawings: Sequence[Drawing], scale: float, pen_px: float) -> list[Ink]:
    """Draw each of several drawings by itself, in the place it has on the sheet of all."""
    points = np.concatenate([stroke for drawing in drawings for stroke in drawing])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = pen_px + 2
    width, height = np.ceil((high - low) * scale + 2 * margin).astype(int)
    inks = [np.zeros((height, width), dtype=np.uint8) for _ in drawings]
    for ink, drawing in zip(inks, drawings, strict=True):
        for stroke in drawing:
            line = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
            path = ((line - low) * scale + margin) * 2**SUBPIXEL_BITS
            cv2.polylines(
                ink, [np.round(path).astype(np.int32)], False, 255,
                max(1, round(pen_px)), cv2.LINE_AA, SUBPIXEL_BITS,
            )  # fmt: skip
    return inks


def crop(ink: Ink) -> Ink:
    """Cut ink to its bounding box, as segmentation does."""
    left, top, width, height = cv2.boundingRect(
        cv2.threshold(ink, INKED, 255, cv2.THRESH_BINARY)[1]
    )
    return ink[top : top + height, left : left + width]


def vary(drawing: Drawing, rng: np.random.Generator) -> Ink:
    """Draw strokes as another person with another pen on another device might have."""
    varied = coarsen(bend(tilt(drawing, rng), rng), rng)
    size_px = rng.uniform(32, 110)
    pen_px = size_px * np.exp(rng.uniform(np.log(0.03), np.log(0.16)))
    ink = draw(varied, size_px, min(pen_px, size_px * _widest_pen(varied)))
    return photograph_some(ink, rng)


def _widest_pen(drawing: Drawing) -> float:
    """In sizes of the drawing: a wider pen would fill the loops of a narrow 8 or 0."""
    shorter, longer = np.sort(np.ptp(np.concatenate(drawing), axis=0))
    slender = float(shorter / max(longer, 1e-6))
    return LOOP * slender if slender > BARE else 1.0


def tilt(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Rotation, slant and aspect."""
    turn, slant = np.radians(rng.normal(0, 6)), rng.normal(0, 0.16)
    cos, sin = np.cos(turn), np.sin(turn)
    stretch = np.exp(rng.normal(0, 0.09))
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[stretch, slant], [0, 1 / stretch]])
    return [(stroke @ matrix.T).astype(np.float32) for stroke in drawing]


def bend(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """A smooth displacement of the page, a few waves long, and a little shake of the hand."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1e-6)
    waves = rng.normal(0, 1.1, (3, 2))
    phases = rng.uniform(0, 2 * np.pi, (3, 2))
    strength = size * 0.035 * rng.uniform(0, 1)
    shake = size * 0.008 * rng.uniform(0, 1)

    def move(stroke: Stroke) -> Stroke:
        place = (stroke - low) / size * 2 * np.pi
        shift = np.sin(place @ waves.T + phases[:, 0])
        other = np.cos(place[:, ::-1] @ waves.T + phases[:, 1])
        offset = np.stack([shift.sum(axis=1), other.sum(axis=1)], axis=1) * strength
        return (stroke + offset + rng.normal(0, shake, stroke.shape)).astype(np.float32)

    return [move(stroke) for stroke in drawing]


def coarsen(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """One in seven: a device that sees only a coarse grid, or few points a second."""
    if rng.uniform() > 0.15:
        return drawing
    points = np.concatenate(drawing)
    step = max(float(np.ptp(points, axis=0).max()), 1e-6) / rng.uniform(18, 45)
    skip = int(rng.integers(1, 4))

    def see(stroke: Stroke) -> Stroke:
        seen = np.concatenate([stroke[:-1:skip], stroke[-1:]]) if len(stroke) > 12 else stroke
        return np.round(seen / step).astype(np.float32) * step

    return [see(stroke) for stroke in drawing]


def photograph_some(ink: Ink, rng: np.random.Generator) -> Ink:
    """One in seven as if photographed."""
    return _photograph(ink, rng) if rng.uniform() < PHOTOGRAPHED else ink


def _photograph(ink: Ink, rng: np.random.Generator) -> Ink:
    """Blurred by a lens, with the grain of paper and pen, and with the contrast brought back."""
    blurred = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.5, 1.6)).astype(np.float32)
    grain = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 0.8)
    rough = blurred / blurred.max() * (1 + rng.uniform(0.1, 0.7) * grain)
    noise, full = rng.uniform(0.2, 0.4), rng.uniform(0.5, 0.8)
    return np.asarray(np.clip((rough - noise) / (full - noise), 0, 1) * 255, dtype=np.uint8)


def normalize_drawing(ink: Ink) -> Normalized:
    """Ink → the 28×28 that the server makes of it."""
    return normalize(crop(ink))
