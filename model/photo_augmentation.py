"""Synthetic phone photos of a drawing on paper: shade, grain, tilt and the edge of a desk."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from model.datasets import Drawing
from model.rendering import render_each
from model.sudoku_photos import Photo
from server.recognition.arrays import Ink

PHOTO_PX = (4000, 3000)
PEN_COLORS = np.array([[0.55, 0.25, 0.2], [0.2, 0.2, 0.25], [0.25, 0.2, 0.6]])  # BGR, 0 to 1
PAPER_GRAY = 235


def render_photo(drawing: Drawing, rng: np.random.Generator) -> Photo:
    """Return a 12-megapixel photo [H, W, 3] of a drawing on a sheet of paper."""
    page = _place_on_page(_render_small(drawing, rng), rng)
    light = _render_light(rng)
    width, height = PHOTO_PX
    grain = cv2.resize(rng.normal(1, 0.03, (height // 4, width // 4)).astype(np.float32), PHOTO_PX)
    color = PEN_COLORS[rng.integers(3)]
    paper = PAPER_GRAY * light * grain
    channels = [paper * (1 - page * (1 - share)) for share in color]
    return np.stack(channels, axis=-1).clip(0, 255).astype(np.uint8)


def _render_small(drawing: Drawing, rng: np.random.Generator) -> Ink:
    """Render a slightly rotated drawing that is 3 % to 7 % of the photo high."""
    height = PHOTO_PX[1]
    angle = np.radians(rng.normal(0, 3))
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = np.concatenate(drawing)
    scale = height * rng.uniform(0.03, 0.07) / max(float(np.ptp(points, axis=0)[1]), 1e-6)
    rotated = [((stroke - points.mean(axis=0)) @ matrix.T).astype(np.float32) for stroke in drawing]
    [ink] = render_each([rotated], scale, height * rng.uniform(0.003, 0.006))
    return ink


def _place_on_page(ink: Ink, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    width, height = PHOTO_PX
    page = np.zeros((height, width), dtype=np.float32)
    top, left = int(rng.uniform(0.3, 0.6) * height), int(rng.uniform(0.15, 0.3) * width)
    ink = ink[:, : width - left]
    page[top : top + len(ink), left : left + ink.shape[1]] = ink / 255
    return page


def _render_light(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return the light on each pixel, 0 to 1, with the dark desk on the left."""
    width, height = PHOTO_PX
    light = np.linspace(rng.uniform(0.6, 1), rng.uniform(0.6, 1), width, dtype=np.float32)
    light = light * np.linspace(1, rng.uniform(0.7, 1), height, dtype=np.float32)[:, None]
    light[:, : int(rng.uniform(0.02, 0.1) * width)] *= 0.35
    return light
