"""Signs in numbers: where they stand, how large they are, and how they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.datasets import Drawing, Stroke

WRITTEN_SHARE = 0.65  # of the signs are people's, where there are any; the others are made here


@dataclass(frozen=True)
class Placed:
    """A drawing in a line whose digits are about 1 high and in the middle of it at 0.

    A small one keeps its size, which is in heights of a digit.
    """

    drawing: Drawing
    label: int
    height: float
    middle: float
    is_small: bool = False


# The range of heights of each sign and of its middle, in heights of a digit.
SIGN_PLACES: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "-": ((0.0, 0.1), (-0.12, 0.15)),
    ".": ((0.0, 0.1), (0.4, 0.55)),
    ",": ((0.15, 0.4), (0.42, 0.65)),
    "/": ((0.9, 1.4), (-0.1, 0.1)),
    ":": ((0.3, 0.7), (-0.05, 0.2)),
    "+": ((0.4, 0.8), (-0.1, 0.15)),
    "%": ((0.7, 1.1), (-0.1, 0.1)),
}

NEGATIVE_SHARE = 0.3  # of the numbers with another sign inside

# Where each sign stands among digits, as in -12, 3.5, 24/12, 7:45, 1+2 and 30%; and its share.
PLACES = {"-": "before", ".": "inside", ",": "inside", "/": "after two", ":": "before two",
          "+": "inside", "%": "behind"}  # fmt: skip
SHARES = {"-": 0.18, ".": 0.16, ",": 0.14, "/": 0.22, ":": 0.11, "+": 0.09, "%": 0.1}
DATE_SHARE = 0.2  # of the points and minuses, which stand as in 24.12. and 24-12


def choose_signs(
    count: int, rng: np.random.Generator, shares: Mapping[str, float] = SHARES
) -> list[tuple[str, int]]:
    """Return signs for a number of `count` digits, and where to insert each, one by one."""
    sign = str(rng.choice([*shares], p=[*shares.values()]))
    rule = "after two" if sign in ".-" and rng.uniform() < DATE_SHARE else PLACES[sign]
    place = {
        "before": 0,
        "inside": int(rng.integers(1, max(2, count))),
        "after two": min(2, max(1, count - 1)),
        "before two": max(1, count - 2),
        "behind": count,
    }[rule]
    chosen = [(sign, place)]
    if rule == "after two" and count > 4:
        chosen.insert(0, (sign, 4))
    if rule == "inside" and rng.uniform() < NEGATIVE_SHARE:
        chosen.append(("-", 0))
    return chosen


def place_sign(sign: str, drawing: Drawing, label: int, rng: np.random.Generator) -> Placed:
    """Scale a sign and place it as high on the line as people write it."""
    heights, middles = SIGN_PLACES[sign]
    height, middle = float(rng.uniform(*heights)), float(rng.uniform(*middles))
    points = np.concatenate(drawing)
    size = np.ptp(points, axis=0)
    if sign == "-":
        scale = rng.uniform(0.25, 0.75) / max(float(size[0]), 1e-6)
    elif sign == ".":
        scale = height / max(float(size.max()), 1e-6)
    else:
        scale = height / max(float(size[1]), 1e-6)
    scaled = [(stroke * np.float32(scale)).astype(np.float32) for stroke in drawing]
    return Placed(scaled, label, height, middle, is_small=True)


def draw_sign(sign: str, written: Sequence[Drawing], rng: np.random.Generator) -> Drawing:
    """Return a sign as somebody wrote it, or a made one."""
    if written and rng.uniform() < WRITTEN_SHARE:
        return written[int(rng.integers(len(written)))]
    return MAKERS[sign](rng)


def _line(points: list[tuple[float, float]], rng: np.random.Generator) -> Stroke:
    """Return a stroke through points, each a little off, with a slight bend."""
    corners = np.array(points) + rng.normal(0, 0.03, (len(points), 2))
    along = np.linspace(0, len(points) - 1, 8 * (len(points) - 1) + 1)
    x, y = (np.interp(along, range(len(points)), corners[:, axis]) for axis in (0, 1))
    bend = rng.normal(0, 0.03) * np.sin(np.linspace(0, np.pi, len(along)))
    return np.stack([x + bend, y + bend], axis=1).astype(np.float32)


def _minus(rng: np.random.Generator) -> Drawing:
    return [_line([(0, 0), (1, rng.normal(0, 0.08))], rng)]


def _dot(rng: np.random.Generator) -> Drawing:
    count = int(rng.integers(2, 8))
    return [rng.normal(0, 0.3, (count, 2)).astype(np.float32)]


def _comma(rng: np.random.Generator) -> Drawing:
    lean = rng.uniform(0, 0.6)
    return [_line([(lean, 0), (lean * rng.uniform(0.6, 1.1), 0.5), (0, 1)], rng)]


def _slash(rng: np.random.Generator) -> Drawing:
    return [_line([(rng.uniform(0.25, 0.8), 0), (0, 1)], rng)]


def _colon(rng: np.random.Generator) -> Drawing:
    lower = np.array([rng.normal(0, 0.08), 1], dtype=np.float32)
    size = np.float32(rng.uniform(0.02, 0.2))
    return [_dot(rng)[0] * size, _dot(rng)[0] * size + lower]


def _plus(rng: np.random.Generator) -> Drawing:
    x, y = rng.normal(0.5, 0.06, 2)
    return [_line([(x, 0), (x, 1)], rng), _line([(0, y), (1, y)], rng)]


def _percent(rng: np.random.Generator) -> Drawing:
    radius = rng.uniform(0.12, 0.2)
    upper, lower = _ring(0.15, 0.22, radius, rng), _ring(0.65, 0.8, radius, rng)
    return [upper, _line([(0.72, 0), (0.08, 1)], rng), lower]


def _ring(x: float, y: float, radius: float, rng: np.random.Generator) -> Stroke:
    angles = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.1), 14) + rng.uniform(0, 6)
    squeezed = radius * rng.uniform(0.7, 1.2, 2)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * squeezed + [x, y]
    return points.astype(np.float32)


MAKERS: dict[str, Callable[[np.random.Generator], Drawing]] = {
    "-": _minus, ".": _dot, ",": _comma, "/": _slash, ":": _colon, "+": _plus, "%": _percent,
}  # fmt: skip
