"""A drawing on paper as a phone sees it, made here: nobody's photo, but with a photo's troubles."""

from __future__ import annotations

import cv2
import numpy as np

from model.datasets import Drawing
from model.rendering import draw_each
from model.sudoku_photos import Photo

PHOTO_PX = (4000, 3000)


def photograph(drawing: Drawing, rng: np.random.Generator) -> Photo:
    """A drawing on a sheet of paper as a phone of 12 megapixels sees it, [H, W, 3]."""
    width, height = PHOTO_PX
    turn = np.radians(rng.normal(0, 3))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    points = np.concatenate(drawing)
    scale = height * rng.uniform(0.03, 0.07) / max(float(np.ptp(points, axis=0)[1]), 1e-6)
    tilted = [((stroke - points.mean(axis=0)) @ matrix.T).astype(np.float32) for stroke in drawing]
    [ink] = draw_each([tilted], scale, height * rng.uniform(0.003, 0.006))
    page = np.zeros((height, width), dtype=np.float32)
    top, left = int(rng.uniform(0.3, 0.6) * height), int(rng.uniform(0.15, 0.3) * width)
    ink = ink[:, : width - left]
    page[top : top + len(ink), left : left + ink.shape[1]] = ink / 255
    light = np.linspace(rng.uniform(0.6, 1), rng.uniform(0.6, 1), width, dtype=np.float32)
    light = light * np.linspace(1, rng.uniform(0.7, 1), height, dtype=np.float32)[:, None]
    light[:, : int(rng.uniform(0.02, 0.1) * width)] *= 0.35
    grain = cv2.resize(rng.normal(1, 0.03, (height // 4, width // 4)).astype(np.float32), PHOTO_PX)
    colour = np.array([[0.55, 0.25, 0.2], [0.2, 0.2, 0.25], [0.25, 0.2, 0.6]])[rng.integers(3)]
    paper = 235 * light * grain
    channels = [paper * (1 - page * (1 - share)) for share in colour]
    return np.stack(channels, axis=-1).clip(0, 255).astype(np.uint8)
