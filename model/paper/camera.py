"""A phone's camera or a scanner: what is lost between the paper and the file."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from model.paper.surface import smooth_noise
from model.paper.writing import Floats, to_float32

Pixels = npt.NDArray[np.uint8]


def warp_sheet(
    layers: list[Floats], tilt: float, perspective: float, rng: np.random.Generator
) -> list[Floats]:
    """Turn and tilt all layers [H, W, …] alike, as a camera held by hand sees them.

    `tilt` is the deviation of the angle in degrees, `perspective` that of the corners in shares of
    the side. Some sheets are bent.
    """
    height, width = layers[0].shape[:2]
    center = np.array([width / 2, height / 2])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    angle = np.radians(rng.normal(0, tilt))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (corners - center) @ turn.T * rng.uniform(0.95, 1.05) + center
    moved += rng.normal(0, perspective, (4, 2)) * max(height, width)
    matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    border = cv2.BORDER_REFLECT
    return [
        to_float32(cv2.warpPerspective(layer, matrix, (width, height), borderMode=border))
        for layer in layers
    ]


def expose(reflectance: Floats, light: Floats, rng: np.random.Generator) -> Floats:
    """Return the picture [H, W, 3], 0 to 1, of lit paper, with the camera's color and contrast."""
    balance = np.array(rng.uniform(0.78, 1.05, 3), np.float32)
    picture = reflectance * (light[..., None] * balance)
    peak = max(float(np.quantile(picture, 0.98)), 1e-3)
    picture = np.clip(picture * np.float32(rng.uniform(0.45, 1.08) / peak), 0, 1)
    return to_float32(np.power(picture, np.exp(rng.normal(0, 0.2))))


def blur(picture: Floats, strength_px: float, rng: np.random.Generator) -> Floats:
    """Blur as a lens out of focus or a moving hand does."""
    if strength_px < 0.2:
        return picture
    if rng.uniform() < 0.25:
        length = max(2, round(strength_px * 2.5))
        kernel = np.zeros((length, length), np.float32)
        angle = rng.uniform(0, np.pi)
        reach = (length - 1) / 2 * np.array([np.cos(angle), np.sin(angle)])
        middle = (length - 1) / 2
        ends = np.round([middle - reach, middle + reach]).astype(int)
        cv2.line(kernel, tuple(ends[0]), tuple(ends[1]), 1.0, 1)
        return to_float32(cv2.filter2D(picture, -1, kernel / kernel.sum()))
    return to_float32(cv2.GaussianBlur(picture, (0, 0), strength_px))


def add_noise(picture: Floats, deviation: float, rng: np.random.Generator) -> Floats:
    """Add the sensor's noise, of a deviation in levels of 255; some cameras smooth it."""
    height, width = picture.shape[:2]
    cell = float(rng.choice([1.0, 1.0, 1.7]))
    gray = smooth_noise((height, width), cell, rng)[..., None]
    noise = gray
    if rng.uniform() < 0.5:
        noise = gray * 0.7 + rng.standard_normal((height, width, 3), dtype=np.float32) * 0.6
    return picture + noise * np.float32(deviation / 255)


def encode(picture: Floats, rng: np.random.Generator) -> Pixels:
    """Return the picture as a camera's file holds it [H, W, 3], 0 to 255."""
    pixels = np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8)
    chance = rng.uniform()
    if chance < 0.2:
        sharp = cv2.GaussianBlur(pixels, (0, 0), 1.2)
        pixels = cv2.addWeighted(pixels, 1.8, sharp, -0.8, 0)
    elif chance < 0.3:
        pixels = cv2.medianBlur(pixels, 3)
    if rng.uniform() < 0.75:
        quality = int(rng.uniform(25, 96))
        _, file = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        pixels = cv2.imdecode(file, cv2.IMREAD_COLOR)
    if rng.uniform() < 0.35:
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        pixels = cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
    return np.asarray(pixels, dtype=np.uint8)
