"""Writing styles that are rare in the data, made from the drawings in it."""

from __future__ import annotations

import numpy as np

from model.datasets import Drawing, Stroke

UNFINISHED_SHARE = 0.1  # of the drawings lack the end of their last stroke
BEGUN_SHARE = 0.06  # of the drawings are cut off much earlier
BEGUN_LENGTHS = (0.25, 0.9)  # of those, in shares of the length of all strokes
MAX_PLAIN_ONE_WIDTH = 0.4  # in heights: a wider 1 has an upstroke already


def restyle(drawing: Drawing, digit: int, rng: np.random.Generator) -> Drawing:
    """Sometimes bar a 0 or 7, or give a 1 an upstroke or a foot."""
    chance = rng.uniform()
    if digit == 0 and chance < 0.08:
        return [*drawing, _slash(drawing, rng)]
    if digit == 7 and chance < 0.2:
        return [*drawing, _bar(drawing, rng)]
    if digit == 1 and chance < 0.2 and _is_plain_one(drawing):
        return _add_serifs(drawing[0], rng)
    return drawing


def truncate_some(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """Cut off some drawings, as the page sends them while the pen still moves."""
    chance = rng.uniform()
    if chance < UNFINISHED_SHARE:
        last = drawing[-1]
        count = max(2, round(len(last) * rng.uniform(0.8, 1)))
        return [*drawing[:-1], last[:count]]
    if chance < UNFINISHED_SHARE + BEGUN_SHARE:
        return truncate(drawing, rng.uniform(*BEGUN_LENGTHS))
    return drawing


def truncate(drawing: Drawing, share: float) -> Drawing:
    """Return the beginning of a drawing, up to a share of the length of all its strokes."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing]
    left, strokes = share * sum(lengths), []
    for stroke, length in zip(drawing, lengths, strict=True):
        count = len(stroke) if length <= left else max(1, round(len(stroke) * left / length))
        strokes.append(stroke[:count])
        left -= length
        if left <= 0:
            break
    return strokes


def _line(start: tuple[float, float], end: tuple[float, float]) -> Stroke:
    return np.linspace(start, end, 8).astype(np.float32)


def _slash(drawing: Drawing, rng: np.random.Generator) -> Stroke:
    """Draw a stroke through a 0, from the lower left to the upper right or horizontally."""
    points = np.concatenate(drawing)
    (left, top), (width, height) = points.min(axis=0), np.ptp(points, axis=0)
    overhang = rng.uniform(-0.15, 0.3)
    rise = height * (rng.uniform(-0.1, 0.2) if rng.uniform() < 0.4 else rng.uniform(0.5, 1.2))
    middle = top + height * rng.uniform(0.4, 0.6)
    return _line(
        (left - overhang * width, middle + rise / 2),
        (left + (1 + overhang) * width, middle - rise / 2),
    )


def _bar(drawing: Drawing, rng: np.random.Generator) -> Stroke:
    """Draw a short stroke through the stem of a 7."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    y = low[1] + size[1] * rng.uniform(0.4, 0.62)
    stem = points[np.abs(points[:, 1] - y).argmin(), 0]
    left, right = size[0] * rng.uniform(0.15, 0.45, 2)
    return _line((stem - left, y + size[1] * rng.normal(0, 0.03)), (stem + right, y))


def _is_plain_one(drawing: Drawing) -> bool:
    width, height = np.ptp(np.concatenate(drawing), axis=0)
    return len(drawing) == 1 and bool(width < MAX_PLAIN_ONE_WIDTH * height)


def _add_serifs(stroke: Stroke, rng: np.random.Generator) -> Drawing:
    """Give a plain 1 an upstroke of any length, and sometimes a foot."""
    downward = stroke if stroke[0, 1] < stroke[-1, 1] else stroke[::-1]
    height = float(np.ptp(downward[:, 1]))
    tip, base = downward[0], downward[-1]
    length = height * rng.uniform(0.12, 1.0)
    angle = np.radians(rng.uniform(20, 52 if length < 0.4 * height else 38))
    upstroke = tip + length * np.array([-np.sin(angle), np.cos(angle)])
    strokes: Drawing = [np.concatenate([_line(tuple(upstroke), tuple(tip)), downward])]
    if rng.uniform() < 0.35:
        half = height * rng.uniform(0.12, 0.35)
        foot = base + np.array([[-half, 0], [half, rng.normal(0, 0.03) * height]])
        strokes.append(_line(tuple(foot[0]), tuple(foot[1])))
    return strokes
