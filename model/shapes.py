"""Drawings that are not digits: doodled shapes, scribbles, blots and specks."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from model.datasets import Drawing, Stroke
from model.paper.printing import draw_text
from model.templates import ANGULAR, Template, draw_stroke
from server.recognition.arrays import Ink

SHAPES: list[Template] = [
    [[ANGULAR, (0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]],
    [[ANGULAR, (50, 0), (100, 90), (0, 90), (50, 0)]],
    [[ANGULAR, (50, 0), (100, 50), (50, 100), (0, 50), (50, 0)]],
    [[ANGULAR, (50, 0), (98, 36), (80, 96), (20, 96), (2, 36), (50, 0)]],
    [[ANGULAR, (20, 100), (50, 0), (82, 100), (2, 38), (98, 38), (20, 100)]],
    [[ANGULAR, (0, 50), (100, 50)], [ANGULAR, (50, 0), (50, 100)]],
    [[ANGULAR, (0, 0), (80, 100)], [ANGULAR, (80, 0), (0, 100)]],
    [[ANGULAR, (0, 30), (100, 30)], [ANGULAR, (0, 70), (100, 70)]],
    [[ANGULAR, (30, 0), (20, 100)], [ANGULAR, (75, 0), (65, 100)],
     [ANGULAR, (0, 32), (100, 30)], [ANGULAR, (0, 68), (96, 66)]],
    [[ANGULAR, (0, 50), (100, 50)], [ANGULAR, (70, 20), (100, 50), (70, 80)]],
    [[ANGULAR, (40, 100), (40, 0)], [ANGULAR, (10, 34), (40, 0), (70, 34)]],
    [[ANGULAR, (0, 56), (30, 100), (100, 0)]],
    [[ANGULAR, (0, 60), (20, 30), (40, 70), (60, 30), (80, 70), (100, 30)]],
    [[(0, 50), (16, 26), (32, 50), (48, 74), (64, 50), (80, 26), (96, 50)]],
    [[(50, 30), (30, 2), (4, 20), (14, 60), (50, 100), (86, 60), (96, 20), (70, 2), (50, 30)]],
    [[(50, 50), (58, 44), (62, 56), (46, 64), (34, 46), (52, 30), (76, 46), (66, 80), (30, 80),
      (14, 44), (40, 8), (84, 18), (98, 56)]],
    [[(50, 2), (16, 16), (2, 50), (16, 84), (50, 98), (84, 84), (98, 50), (84, 16), (50, 2)],
     [ANGULAR, (34, 34), (34, 44)], [ANGULAR, (66, 34), (66, 44)],
     [(28, 62), (50, 80), (72, 62)]],
    [[ANGULAR, (0, 45), (50, 0), (100, 45), (100, 100), (0, 100), (0, 45), (100, 45)]],
    [[ANGULAR, (50, 0), (50, 100)], [ANGULAR, (8, 24), (92, 76)], [ANGULAR, (92, 24), (8, 76)]],
    [[ANGULAR, (0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], [ANGULAR, (0, 0), (100, 100)],
     [ANGULAR, (100, 0), (0, 100)]],
    [[(2, 50), (24, 24), (50, 50), (76, 76), (98, 50), (76, 24), (50, 50), (24, 76), (2, 50)]],
    [[(70, 4), (20, 20), (4, 60), (30, 96), (74, 90), (44, 66), (40, 34), (70, 4)]],
]  # fmt: skip

CORNERS: list[Template] = [  # pieces of printed boxes that are not written like a digit
    [[ANGULAR, (0, 100), (0, 0), (100, 0)]],
    [[ANGULAR, (0, 0), (0, 100), (100, 100)]],
    [[ANGULAR, (0, 100), (100, 100), (100, 0)]],
    [[ANGULAR, (0, 0), (100, 0)], [ANGULAR, (50, 0), (50, 100)]],
    [[ANGULAR, (0, 0), (0, 100), (100, 100), (100, 0)]],
    [[ANGULAR, (0, 100), (0, 0), (100, 0), (100, 100)]],
]
LETTERS = "ACEFHKLMNPRTVWXadehkmnpruvwx&@#€£"  # whose prints are not like a digit
LETTER_PX = (14, 60)

Floats = npt.NDArray[np.float64]

SPECK_SHARE = 0.4  # of the blots are only a few pixels large


def doodle(rng: np.random.Generator) -> Drawing:
    """Draw a random shape with an unsteady hand."""
    shape = SHAPES[int(rng.integers(len(SHAPES)))]
    width = float(rng.uniform(0.6, 1.4))
    return [draw_stroke(points, width, rng) for points in shape]


def corner(rng: np.random.Generator) -> Drawing:
    """Draw a piece of a printed box: straight lines of any length."""
    shape = CORNERS[int(rng.integers(len(CORNERS)))]
    width = float(np.exp(rng.uniform(np.log(0.5), np.log(4))))
    size = np.array([width, 1], dtype=np.float32)
    return [np.array(points[1:], dtype=np.float32) / np.float32(100) * size for points in shape]


def compound(drawing: Drawing, other: Drawing, rng: np.random.Generator) -> Drawing:
    """Draw two characters over or above each other, as one of an alphabet that nobody has."""
    along = int(rng.integers(2))  # side by side if 0, and above each other if 1
    start = np.zeros(2)
    start[along] = rng.uniform(0.2, 0.8)
    size = rng.uniform(0.5, 1.1, 2)
    return _fit(drawing, np.zeros(2), np.ones(2)) + _fit(other, start, size)


def _fit(drawing: Drawing, corner: Floats, size: Floats) -> Drawing:
    """Move and scale a drawing into a box, at most twice as wide or high as it is."""
    points = np.concatenate(drawing)
    extent = np.maximum(np.ptp(points, axis=0), 1e-6)
    scale = size / np.maximum(extent, extent.max() / 2)
    return [
        ((stroke - points.min(axis=0)) * scale + corner).astype(np.float32) for stroke in drawing
    ]


def printed_letter(rng: np.random.Generator) -> Ink:
    """Render a letter in a font, as print that was taken for handwriting."""
    size_px = float(rng.uniform(*LETTER_PX))
    field = np.zeros((round(1.6 * size_px), round(1.6 * size_px)), np.float32)
    letter = LETTERS[int(rng.integers(len(LETTERS)))]
    draw_text(field, (0.2 * size_px, 0.1 * size_px), size_px, letter, int(rng.integers(64)))
    softness = float(rng.uniform(0.01, 1.5))
    soft = cv2.GaussianBlur(field, (0, 0), softness)
    return np.asarray(soft / max(float(soft.max()), 1e-6) * 255, dtype=np.uint8)


def scribble(rng: np.random.Generator) -> Drawing:
    """Draw a tangle, a dash, many crossing lines, or a zigzag that fills an area."""
    kinds = (_tangle, _dash, _crossing_lines, _zigzag)
    return kinds[int(rng.integers(len(kinds)))](rng)


def blot(rng: np.random.Generator) -> Ink:
    """Render ink without strokes: a dot, a speck of a photo, a filled shape."""
    side = int(rng.integers(24, 64))
    if rng.uniform() < 0.5:
        ink = np.zeros((side * 2, side * 2), np.uint8)
        axes = (round(side / 2), max(2, round(side / 2 * rng.uniform(0.55, 1))))
        cv2.ellipse(ink, (side, side), axes, rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    else:
        ink = _keep_largest(_render_patches(side, rng))
    blurred = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, side / 16))
    if rng.uniform() < SPECK_SHARE:
        blurred = cv2.resize(blurred, (int(rng.integers(4, 14)),) * 2, interpolation=cv2.INTER_AREA)
    normalized = cv2.normalize(blurred, np.empty_like(blurred), 0, 255, cv2.NORM_MINMAX)
    return np.asarray(normalized, dtype=np.uint8)


def _render_patches(side: int, rng: np.random.Generator) -> Ink:
    noise = cv2.GaussianBlur(rng.normal(0, 1, (side, side)), (0, 0), side * rng.uniform(0.08, 0.2))
    return np.pad((noise > np.quantile(noise, 0.7)).astype(np.uint8) * np.uint8(255), side // 4)


def _keep_largest(ink: Ink) -> Ink:
    """Erase all connected components but the largest."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    return np.where(labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax(), ink, 0).astype(np.uint8)


def _tangle(rng: np.random.Generator) -> Drawing:
    corners = rng.uniform(size=(rng.integers(9, 16), 1, 2))
    tangle = cv2.resize(corners, None, fx=1, fy=8, interpolation=cv2.INTER_CUBIC)
    return [tangle.reshape(-1, 2).astype(np.float32)]


def _dash(rng: np.random.Generator) -> Drawing:
    rise, sag = rng.normal(0, 0.12), rng.normal(0, 0.08)
    return [_stroke([[0, 0], [0.3, sag], [0.7, sag + rise], [1, rise]])]


def _crossing_lines(rng: np.random.Generator) -> Drawing:
    return [rng.uniform(size=(2, 2)).astype(np.float32) for _ in range(rng.integers(6, 10))]


def _zigzag(rng: np.random.Generator) -> Drawing:
    turns = int(rng.integers(7, 14))
    x = np.arange(turns) % 2 + rng.normal(0, 0.08, turns)
    return [_stroke(np.stack([x, np.linspace(0, rng.uniform(0.5, 1.4), turns)], axis=1))]


def _stroke(points: object) -> Stroke:
    return np.array(points, dtype=np.float32)
