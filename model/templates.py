"""Stroke templates of the digits, as people around the world write them.

A template is a list of strokes, and a stroke a list of points (x right, y down, a digit 100 high)
on a curve, or on straight lines if its first point is ANGULAR. The templates are our own, after
the forms taught in many countries and common variants of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from model.datasets import Drawing, Stroke

Points = list[tuple[float, float]]
Template = list[Points]
Coordinates = npt.NDArray[np.float64]

ANGULAR = (-1.0, -1.0)  # as the first point: the stroke has corners
JITTER = 4.0  # standard deviation of a point, in hundredths of the height
SAMPLES = 10  # for each segment

OVAL: Points = [
    (38, 2),
    (10, 20),
    (2, 52),
    (12, 88),
    (34, 98),
    (60, 82),
    (66, 46),
    (56, 14),
    (36, 3),
]

TEMPLATES: dict[int, list[Template]] = {
    0: [
        [OVAL],
        [[(30, 0), (4, 30), (4, 70), (30, 100), (58, 70), (58, 30), (34, 4), (14, 12)]],
        [[(24, 6), (50, 2), (64, 30), (62, 72), (40, 98), (12, 86), (2, 50), (14, 14), (40, 4)]],
        [OVAL, [ANGULAR, (4, 92), (62, 8)]],
        [OVAL, [ANGULAR, (-10, 104), (76, -4)]],
        [OVAL, [ANGULAR, (12, 72), (54, 30)]],
    ],
    1: [
        [[ANGULAR, (0, 0), (0, 100)]],
        [[ANGULAR, (24, 0), (0, 100)]],
        [[ANGULAR, (0, 24), (22, 0), (22, 100)]],
        [[ANGULAR, (0, 38), (26, 0), (26, 100)]],
        [[ANGULAR, (0, 52), (34, 0), (30, 100)]],
        [[ANGULAR, (0, 64), (36, 0), (32, 100)]],
        [[ANGULAR, (0, 44), (42, 0), (22, 100)]],
        [[(0, 34), (14, 20), (27, 0), (26, 30), (25, 100)]],
        [[ANGULAR, (8, 22), (28, 0), (28, 100)], [ANGULAR, (2, 100), (56, 100)]],
        [[ANGULAR, (0, 40), (32, 0), (32, 98)], [ANGULAR, (8, 99), (58, 97)]],
        [[ANGULAR, (20, 0), (20, 100)], [ANGULAR, (0, 100), (42, 100)]],
        [[ANGULAR, (6, 28), (28, 0), (28, 98), (2, 99), (54, 98)]],
    ],
    2: [
        [[(4, 22), (22, 2), (50, 4), (58, 28), (34, 62), (2, 97), (30, 96), (66, 97)]],
        [[(2, 26), (26, 0), (56, 16), (40, 58), (14, 90), (4, 84), (20, 78), (44, 96), (70, 92)]],
        [[(6, 16), (36, 0), (54, 22), (34, 66), (6, 96), (2, 86), (16, 80), (34, 92), (62, 100)]],
        [[ANGULAR, (4, 4), (56, 4), (4, 97), (62, 97)]],
        [[(0, 10), (30, 2), (60, 14), (46, 50), (4, 96), (14, 98), (66, 98)]],
        [[(10, 30), (4, 14), (24, 0), (50, 10), (50, 36), (26, 72), (0, 98), (36, 90), (64, 96)]],
        [[(0, 20), (30, -2), (52, 24), (30, 66), (0, 100), (24, 100), (50, 100), (52, 86)]],
    ],
    3: [
        [[(4, 12), (30, 0), (54, 20), (38, 44), (20, 48), (46, 54), (58, 76), (32, 100), (0, 88)]],
        [[ANGULAR, (2, 3), (56, 3), (26, 40)], [(26, 40), (56, 52), (56, 84), (28, 100), (0, 90)]],
        [[(6, 14), (36, 0), (48, 24), (26, 46), (16, 44), (24, 38), (54, 62), (36, 98), (0, 90)]],
        [[(0, 6), (40, 2), (56, 22), (22, 44), (58, 62), (50, 92), (16, 100), (-4, 86)]],
        [[(8, 8), (44, 4), (44, 34), (20, 48), (52, 60), (42, 98), (4, 96)]],
    ],
    4: [
        [[ANGULAR, (16, 0), (2, 58), (62, 58)], [ANGULAR, (46, 18), (44, 100)]],
        [[ANGULAR, (4, 2), (4, 50), (56, 50)], [ANGULAR, (54, 0), (52, 100)]],
        [[ANGULAR, (42, 0), (0, 66), (66, 66)], [ANGULAR, (44, 2), (44, 100)]],
        [[ANGULAR, (48, 100), (48, 0), (0, 66), (68, 66)]],
        [[ANGULAR, (44, 0), (0, 64), (66, 62)], [ANGULAR, (48, 36), (42, 100)]],
        [[(4, 0), (0, 40), (18, 54), (50, 44)], [ANGULAR, (52, 0), (50, 100)]],
        [[ANGULAR, (30, 0), (0, 62), (60, 60)], [ANGULAR, (40, 40), (28, 100)]],
        [[ANGULAR, (6, 4), (0, 50), (44, 48), (50, 4), (46, 100)]],
        [[(40, 0), (18, 34), (0, 64), (20, 66), (60, 58)], [(54, 26), (46, 64), (36, 104)]],
        [[ANGULAR, (40, 2), (2, 52), (44, 50), (46, 4), (40, 100)]],
    ],
    5: [
        [[ANGULAR, (12, 4), (6, 44)], [(6, 44), (36, 38), (56, 64), (40, 96), (0, 92)],
         [ANGULAR, (12, 4), (56, 2)]],
        [[ANGULAR, (56, 3), (14, 3), (8, 44)], [(8, 44), (34, 36), (56, 60), (42, 94), (2, 94)]],
        [[(54, 2), (22, 2), (10, 24), (10, 44), (40, 42), (54, 68), (34, 98), (0, 90)]],
        [[(10, 6), (8, 26), (8, 46), (44, 44), (54, 74), (26, 100), (-4, 88)],
         [ANGULAR, (14, 6), (66, -2)]],
        [[(50, 0), (20, 8), (8, 34), (34, 50), (50, 70), (34, 96), (0, 96)]],
        [[ANGULAR, (6, 8), (6, 48), (50, 50), (52, 96), (0, 98)], [ANGULAR, (6, 8), (54, 6)]],
        [[(10, 10), (8, 48), (40, 42), (52, 70), (30, 98), (0, 94)],
         [ANGULAR, (20, -2), (62, -4)]],
    ],
    6: [
        [[(46, 0), (18, 28), (4, 66), (18, 98), (46, 90), (52, 64), (28, 54), (6, 74)]],
        [[(14, 0), (4, 40), (4, 80), (28, 100), (54, 82), (44, 58), (16, 60), (6, 76)]],
        [[(52, 4), (26, 6), (4, 46), (8, 88), (36, 98), (52, 72), (30, 54), (8, 70)]],
        [[(34, 0), (8, 44), (2, 80), (22, 100), (46, 82), (36, 64), (14, 72), (6, 88)]],
        [[(64, 12), (30, 34), (4, 72), (18, 98), (54, 92), (58, 70), (34, 66), (10, 82)]],
        [[(8, 0), (2, 60), (10, 96), (44, 96), (50, 70), (24, 62), (4, 78)]],
    ],
    7: [
        [[ANGULAR, (2, 4), (58, 4), (22, 100)]],
        [[(0, 8), (30, 4), (60, 6), (44, 40), (28, 72), (22, 100)]],
        [[ANGULAR, (2, 20), (4, 4), (58, 4), (26, 100)]],
        [[ANGULAR, (2, 4), (58, 4), (22, 100)], [ANGULAR, (14, 52), (62, 50)]],
        [[(0, 14), (12, 2), (30, 8), (62, 2), (40, 48), (26, 100)], [ANGULAR, (12, 56), (58, 50)]],
        [[(2, 16), (8, 4), (58, 4), (40, 50), (30, 100)], [ANGULAR, (16, 48), (66, 44)]],
        [[ANGULAR, (4, 34), (4, 4), (52, 2), (36, 100)]],
        [[ANGULAR, (0, 6), (46, 2), (42, 100)], [ANGULAR, (22, 50), (64, 50)]],
        [[(0, 10), (30, 2), (56, 8), (52, 44), (40, 100)]],
    ],
    8: [
        [[(48, 10), (20, 2), (6, 22), (28, 46), (52, 72), (32, 98), (6, 80), (24, 50), (50, 24),
          (46, 8)]],
        [[(30, 48), (8, 26), (28, 2), (50, 22), (30, 48), (4, 74), (28, 100), (56, 76), (30, 48)]],
        [[(28, 2), (8, 22), (28, 44), (48, 24), (28, 2)],
         [(28, 46), (2, 72), (28, 100), (56, 72), (28, 46)]],
        [[(52, 4), (22, 0), (10, 24), (44, 56), (46, 88), (20, 98), (4, 78), (30, 48), (60, 6)]],
        [[(54, 14), (26, 0), (8, 26), (48, 66), (34, 98), (4, 84), (20, 56), (46, 36)]],
    ],
    9: [
        [[(48, 12), (22, 2), (2, 26), (20, 50), (46, 32), (50, 8), (48, 50), (44, 100)]],
        [[(48, 8), (18, 4), (4, 30), (26, 48), (48, 26), (50, 6), (50, 60), (34, 98), (2, 88)]],
        [[(46, 20), (24, 0), (2, 24), (22, 46), (46, 22)], [ANGULAR, (48, 8), (46, 100)]],
        [[(48, 6), (16, 8), (8, 36), (40, 40), (52, 6), (52, 72), (30, 104), (-2, 92), (8, 78)]],
        [[(44, 22), (20, 2), (2, 28), (26, 48), (46, 20), (34, 66), (16, 100)]],
        [[(28, 2), (4, 24), (26, 48), (50, 26), (30, 2), (50, 14), (48, 60), (26, 100)]],
        [[ANGULAR, (46, 6), (4, 10), (6, 44), (46, 42), (48, 4), (46, 100)]],
    ],
}  # fmt: skip


def write_digit(digit: int, rng: np.random.Generator) -> Drawing:
    """Draw a random template of a digit with an unsteady hand."""
    templates = TEMPLATES[digit]
    template = templates[int(rng.integers(len(templates)))]
    width = float(rng.uniform(0.7, 1.35))
    return [draw_stroke(points, width, rng) for points in template]


def draw_stroke(points: Points, width: float, rng: np.random.Generator) -> Stroke:
    """Draw a stroke through jittered points, scaled horizontally by `width`."""
    angular = points[0] == ANGULAR
    exact = np.array(points[1:] if angular else points)
    jittered = (exact + rng.normal(0, JITTER, exact.shape)) * (width, 1)
    if angular and rng.uniform() < 0.6:
        return _interpolate(_round_corners(jittered), curved=False)
    return _interpolate(jittered, curved=not angular)


def _round_corners(corners: Coordinates) -> Coordinates:
    """Cut each corner by two points near it (G. Chaikin 1974)."""
    ends = np.stack(
        [0.8 * corners[:-1] + 0.2 * corners[1:], 0.2 * corners[:-1] + 0.8 * corners[1:]], 1
    )
    return np.concatenate([corners[:1], ends.reshape(-1, 2), corners[-1:]])


def _interpolate(points: Coordinates, curved: bool) -> Stroke:
    """Sample a Catmull-Rom spline through the points, or the straight lines between them."""
    t = np.linspace(0, 1, SAMPLES, endpoint=False)[:, None]
    before = np.concatenate([points[:1], points[:-2]])
    after = np.concatenate([points[2:], points[-1:]])
    start, end = points[:-1], points[1:]
    segments = []
    for p0, p1, p2, p3 in zip(before, start, end, after, strict=True):
        line = p1 + (p2 - p1) * t
        spline = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
                        + (3 * p1 - p0 - 3 * p2 + p3) * t**3)  # fmt: skip
        segments.append(spline if curved else line)
    return np.concatenate([*segments, points[-1:]]).astype(np.float32)
