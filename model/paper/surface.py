"""Paper, light, shadows and what lies around the sheet."""

from __future__ import annotations

import cv2
import numpy as np

from model.paper.writing import Floats, to_float32

SLANTING_DESK_SHARE = 0.4  # of the desks: around a corner at any angle


def smooth_noise(shape: tuple[int, int], cell_px: float, rng: np.random.Generator) -> Floats:
    """Return noise [H, W] with deviation about 1 whose grains are about `cell_px` large."""
    height, width = shape
    small = (max(2, round(height / cell_px) + 1), max(2, round(width / cell_px) + 1))
    noise = rng.standard_normal(small, dtype=np.float32)
    if small == shape:
        return noise
    return to_float32(cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC))


def make_paper(
    shape: tuple[int, int], color: Floats, roughness: float, rng: np.random.Generator
) -> Floats:
    """Return the reflectance [H, W, 3] of paper with fibers and grain of several sizes."""
    grain = np.zeros(shape, np.float32)
    for cell in (1.0, 2.5, 7.0, 30.0):
        grain += smooth_noise(shape, cell, rng) * np.float32(rng.uniform(0, 1))
    if rng.uniform() < 0.3:  # fibers run one way
        grain += cv2.blur(smooth_noise(shape, 1.0, rng), (9, 1)) * 2
    texture = 1 + grain * np.float32(roughness)
    return texture[..., None] * color


def add_creases(paper: Floats, rng: np.random.Generator) -> None:
    """Fold the paper: each crease is a bright and a dark line, and the light changes there."""
    height, width = paper.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        side = _distance_to_line(height, width, rng)
        depth = np.float32(rng.uniform(0.02, 0.12))
        edge = np.exp(-((side / rng.uniform(1, 4)) ** 2)) * np.sign(side)
        step = np.tanh(side / (0.1 * width)) * np.float32(rng.uniform(0, 0.08))
        paper *= (1 + depth * edge + step)[..., None].astype(np.float32)


def add_stains(paper: Floats, rng: np.random.Generator) -> None:
    """Spill something: a filled spot or a ring, brown or gray, with soft edges."""
    height, width = paper.shape[:2]
    for _ in range(int(rng.integers(1, 3))):
        field = np.zeros((height, width), np.float32)
        center = (int(rng.integers(width)), int(rng.integers(height)))
        radius = int(rng.uniform(0.03, 0.4) * width)
        thickness = -1 if rng.uniform() < 0.5 else max(1, round(radius * rng.uniform(0.03, 0.2)))
        cv2.circle(field, center, max(radius, 2), 1, thickness)
        softness = max(0.6, radius * float(rng.uniform(0.02, 0.15)))
        field = to_float32(cv2.GaussianBlur(field, (0, 0), softness))
        tint = np.array(rng.uniform(0.45, 0.95) * np.array([1, 0.9, 0.75]), np.float32)
        paper *= 1 - field[..., None] * (1 - tint) * np.float32(rng.uniform(0.2, 0.8))


def make_light(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return the light [H, W], 0 to 1: from one side, stronger in the middle, with shadows."""
    height, width = shape
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = (x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) + 0.5
    light = 1 - np.clip(along, 0, 1) * np.float32(rng.uniform(0, 0.65))
    if rng.uniform() < 0.4:
        center = rng.uniform(0.2, 0.8, 2)
        far = (x - center[0]) ** 2 + (y - center[1]) ** 2
        light *= 1 / (1 + far * np.float32(rng.uniform(0.2, 2.5)))
    if rng.uniform() < 0.45:
        for _ in range(int(rng.integers(1, 3))):
            light *= _shadow(shape, rng)
    return to_float32(light)


def _shadow(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return the shadow of something, soft or hard: 1 where there is none."""
    height, width = shape
    scale = 4
    field = np.zeros((height // scale + 1, width // scale + 1), np.float32)
    extent = max(field.shape)
    center = rng.uniform(-0.2, 1.2, 2) * extent
    count = int(rng.integers(3, 9)) if rng.uniform() < 0.5 else 32  # a polygon or an ellipse
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    size = extent * float(np.exp(rng.uniform(np.log(0.06), np.log(0.9))))
    radii = size * (rng.uniform(0.2, 1, count) if count < 32 else 1)
    squeeze = rng.uniform(0.4, 1, 2)
    corners = center + squeeze * np.multiply(radii, [np.cos(angles), np.sin(angles)]).T
    cv2.fillPoly(field, [corners.astype(np.int32)], 1)
    softness = extent * np.exp(rng.uniform(np.log(0.004), np.log(0.25)))
    soft = cv2.GaussianBlur(field, (0, 0), max(softness, 0.3))
    soft = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return 1 - soft * np.float32(rng.uniform(0.15, 0.7))


def _distance_to_line(height: int, width: int, rng: np.random.Generator) -> Floats:
    """Return the signed distance [H, W] in pixels to a random line through the picture."""
    angle = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.15)
    if rng.uniform() < 0.2:
        angle = rng.uniform(0, np.pi)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    px, py = rng.uniform(0, width), rng.uniform(0, height)
    return to_float32((x - px) * np.cos(angle) + (y - py) * np.sin(angle))


def desk_mask(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return where there is desk instead of paper, 0 to 1: beyond an edge, or in a corner."""
    height, width = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    desk = np.zeros(shape, np.float32)
    first = float(rng.integers(4)) * np.pi / 2
    if rng.uniform() < SLANTING_DESK_SHARE:
        first = float(rng.uniform(0, 2 * np.pi))
    for turn in range(int(rng.choice([1, 1, 1, 2]))):
        angle = first + turn * np.pi / 2 + rng.normal(0, 0.08)
        across, down = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        along = (x - width / 2) * across + (y - height / 2) * down
        farthest = (width * abs(across) + height * abs(down)) / 2
        reach = farthest - max(shape) * rng.uniform(0.02, 0.3)
        ragged = smooth_noise((1, width), 6, rng) if rng.uniform() < 0.15 else 0
        desk = np.maximum(desk, np.clip(along - reach + ragged, 0, 1))
    return desk


def make_desk(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return the reflectance [H, W, 3] of a desk: wood, cloth, or something plain."""
    color = np.array(rng.uniform(0.02, 0.6) * rng.uniform(0.6, 1, 3), np.float32)
    if rng.uniform() < 0.4:
        color = np.array(rng.uniform(0.15, 0.7) * np.array([1, 0.75, 0.5]), np.float32)
    grain = smooth_noise(shape, rng.uniform(1, 4), rng) * np.float32(rng.uniform(0, 0.15))
    if rng.uniform() < 0.5:
        stretched = smooth_noise((shape[0], max(2, shape[1] // 20)), 2, rng)
        wood = cv2.resize(stretched, shape[::-1], interpolation=cv2.INTER_LINEAR)
        grain = grain + wood * np.float32(rng.uniform(0.05, 0.3))
    return to_float32(np.clip(1 + grain, 0.1, 3)[..., None] * color)


def add_object(picture: Floats, rng: np.random.Generator) -> Floats:
    """Lay a finger, a pen or a paper clip on the paper; return where it lies, 0 to 1."""
    height, width = picture.shape[:2]
    extent = max(height, width)
    mask = np.zeros((height, width), np.float32)
    start = rng.uniform(-0.1, 1.1, 2) * [width, height]
    angle = rng.uniform(0, 2 * np.pi)
    end = start + extent * rng.uniform(0.2, 1.2) * np.array([np.cos(angle), np.sin(angle)])
    kind = rng.uniform()
    thickness = extent * (rng.uniform(0.08, 0.3) if kind < 0.5 else rng.uniform(0.03, 0.1))
    points = np.round([start, end]).astype(int)
    cv2.line(mask, tuple(points[0]), tuple(points[1]), 1, max(2, round(thickness)), cv2.LINE_AA)
    if kind < 0.5:
        color = np.array([0.8, 0.58, 0.48]) * rng.uniform(0.35, 1.15)
    else:
        color = rng.uniform(0.02, 0.9, 3)
    shade = cv2.GaussianBlur(mask, (0, 0), max(0.8, thickness * 0.15))
    picture *= 1 - 0.4 * np.roll(shade, round(thickness * 0.2), axis=(0, 1))[..., None]
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8)
    body = np.array(color, np.float32) * (0.6 + 0.4 * shade[..., None])
    picture += soft[..., None] * (body - picture)
    return to_float32(soft)
