"""Augmentation of pen strokes and images: other people, pens and devices."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from model.datasets import Drawing, Stroke
from model.rendering import normalize_ink, render
from server.recognition.arrays import Ink, Normalized

COARSE_SHARE = 0.15  # of the drawings, as a device of low resolution records them
PHOTO_SHARE = 0.15  # of the drawings, with the rough edges of a photo of paper
PIXEL_SHARE = 0.08  # of the drawings, as few black and white pixels
PIXEL_HEIGHTS = (14, 32)  # of those, in pixels
MIN_LOOP_ASPECT = 0.15  # narrower drawings are a single stroke without a loop
MAX_PEN = 0.2  # of the shorter side of a drawing that may have a loop


def augment_drawing(drawing: Drawing, rng: np.random.Generator) -> Ink:
    """Render strokes as another person with another pen on another device might draw them."""
    augmented = coarsen(warp(transform(drawing, rng), rng), rng)
    size_px = rng.uniform(32, 110)
    pen_px = size_px * np.exp(rng.uniform(np.log(0.03), np.log(0.16)))
    ink = render(augmented, size_px, min(pen_px, size_px * _max_pen(augmented)))
    return photograph_some(ink, rng)


def _max_pen(drawing: Drawing) -> float:
    """Return the pen width, in sizes of the drawing, that keeps the loops of an 8 or 0 open."""
    shorter, longer = np.sort(np.ptp(np.concatenate(drawing), axis=0))
    aspect = float(shorter / max(longer, 1e-6))
    return MAX_PEN * aspect if aspect > MIN_LOOP_ASPECT else 1.0


def transform(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Apply a random rotation, slant and aspect ratio."""
    angle, slant = np.radians(rng.normal(0, 6)), rng.normal(0, 0.16)
    cos, sin = np.cos(angle), np.sin(angle)
    stretch = np.exp(rng.normal(0, 0.09))
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[stretch, slant], [0, 1 / stretch]])
    return [(stroke @ matrix.T).astype(np.float32) for stroke in drawing]


def warp(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Displace the points smoothly, a few waves long, and add a slight tremor of the hand."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), max(float(np.ptp(points, axis=0).max()), 1e-6)
    waves = rng.normal(0, 1.1, (3, 2))
    phases = rng.uniform(0, 2 * np.pi, (3, 2))
    strength = size * 0.035 * rng.uniform(0, 1)
    tremor = size * 0.008 * rng.uniform(0, 1)

    def displace(stroke: Stroke) -> Stroke:
        angles = (stroke - low) / size * 2 * np.pi
        dx = np.sin(angles @ waves.T + phases[:, 0]).sum(axis=1)
        dy = np.cos(angles[:, ::-1] @ waves.T + phases[:, 1]).sum(axis=1)
        offset = np.stack([dx, dy], axis=1) * strength
        return (stroke + offset + rng.normal(0, tremor, stroke.shape)).astype(np.float32)

    return [displace(stroke) for stroke in drawing]


def coarsen(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Round some drawings to a coarse grid and thin out their points."""
    if rng.uniform() > COARSE_SHARE:
        return drawing
    points = np.concatenate(drawing)
    step = max(float(np.ptp(points, axis=0).max()), 1e-6) / rng.uniform(18, 45)
    skip = int(rng.integers(1, 4))

    def sample(stroke: Stroke) -> Stroke:
        kept = np.concatenate([stroke[:-1:skip], stroke[-1:]]) if len(stroke) > 12 else stroke
        return np.round(kept / step).astype(np.float32) * step

    return [sample(stroke) for stroke in drawing]


def photograph_some(ink: Ink, rng: np.random.Generator) -> Ink:
    """Give some drawings the edges that a photo of paper has, or those of few pixels."""
    chance = rng.uniform()
    if chance < PHOTO_SHARE:
        return _photograph(ink, rng)
    return _pixelate(ink, rng) if chance < PHOTO_SHARE + PIXEL_SHARE else ink


def _pixelate(ink: Ink, rng: np.random.Generator) -> Ink:
    """Reduce ink to few pixels, either black or white; sometimes the edge cuts a little off."""
    height, width = ink.shape
    scale = rng.uniform(*PIXEL_HEIGHTS) / height
    size = (max(3, round(width * scale)), round(height * scale))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    black = np.where(small > rng.uniform(0.15, 0.45) * small.max(), 255, 0).astype(np.uint8)
    cuts = [int(rng.integers(0, 3)) if rng.uniform() < 0.2 else 0 for _ in range(4)]
    cut = black[cuts[0] : len(black) - cuts[1], cuts[2] : size[0] - cuts[3]]
    return cut if cut.any() else black


def _photograph(ink: Ink, rng: np.random.Generator) -> Ink:
    """Blur as a lens does, add the grain of paper and pen, and restore the contrast."""
    blurred = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.5, 1.6)).astype(np.float32)
    grain = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 0.8)
    rough = blurred / blurred.max() * (1 + rng.uniform(0.1, 0.7) * grain)
    black, white = rng.uniform(0.2, 0.4), rng.uniform(0.5, 0.8)
    return np.asarray(np.clip((rough - black) / (white - black), 0, 1) * 255, dtype=np.uint8)


def augment_image(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> Normalized:
    """Warp an MNIST image as if somebody else had written it with another pen.

    Elastic distortions after Simard, Steinkraus and Platt, Best Practices for Convolutional
    Neural Networks Applied to Visual Document Analysis (2003).
    """
    side = 56
    center = (side - 1) / 2
    angle, slant = np.radians(rng.normal(0, 5)), rng.normal(0, 0.1)
    stretch = np.exp(rng.normal(0, 0.07, 2)) / 2
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = matrix @ np.array([[stretch[0], slant / 2], [0, stretch[1]]])
    field = rng.normal(0, rng.uniform(0, 1.1), (5, 5, 2))
    offsets = cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC)
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1) - center
    sources = (grid @ matrix.T + 13.5 + offsets / 2).astype(np.float32)
    warped = cv2.remap(image, sources[..., 0], sources[..., 1], cv2.INTER_CUBIC)
    return normalize_ink(_change_stroke_width(warped, rng))


def _change_stroke_width(ink: cv2.typing.MatLike, rng: np.random.Generator) -> Ink:
    """Make the strokes of a quarter of the images thicker or thinner."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    chance = rng.uniform()
    if chance < 0.1:
        ink = cv2.dilate(ink, kernel)
    elif chance < 0.25:
        thin = cv2.erode(ink, kernel)
        ink = thin if int(thin.max(initial=0)) > 150 else ink
    return np.asarray(ink, dtype=np.uint8)


def restore_width(bitmap: Ink, aspects: tuple[float, float], rng: np.random.Generator) -> Ink:
    """Turn a stretched bitmap into a 28×28 image with a random aspect ratio of this range."""
    height = 20
    width = max(4, round(height * rng.uniform(*aspects)))
    small = cv2.resize(bitmap, (width, height), interpolation=cv2.INTER_AREA)
    left = (28 - width) // 2
    return np.pad(small, ((4, 4), (left, 28 - width - left)))
