"""Ways to write a digit that few of the writers at hand use, made of what they wrote."""

from __future__ import annotations

import numpy as np

from model.datasets import Drawing, Stroke

UNFINISHED, BEGUN = 0.1, 0.06  # of the drawings
INK_SO_FAR = (0.25, 0.9)  # of those that are only begun
UPRIGHT = 0.4  # of its height: a 1 that is narrower is a bare stroke


def restyle(drawing: Drawing, digit: int, rng: np.random.Generator) -> Drawing:
    """Now and then: a barred 0 or 7, a 1 with an upstroke or a foot."""
    chance = rng.uniform()
    if digit == 0 and chance < 0.08:
        return [*drawing, _slash(drawing, rng)]
    if digit == 7 and chance < 0.2:
        return [*drawing, _bar(drawing, rng)]
    if digit == 1 and chance < 0.2 and _is_bare(drawing):
        return _dress(drawing[0], rng)
    return drawing


def leave_some_unfinished(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """One in ten without the end of its last stroke, as one sees it while the pen still moves.

    A few are only begun: what they become is still to be guessed.
    """
    chance = rng.uniform()
    if chance < UNFINISHED:
        last = drawing[-1]
        kept = max(2, round(len(last) * rng.uniform(0.8, 1)))
        return [*drawing[:-1], last[:kept]]
    if chance < UNFINISHED + BEGUN:
        return begin(drawing, rng.uniform(*INK_SO_FAR))
    return drawing


def begin(drawing: Drawing, share: float) -> Drawing:
    """The beginning of a drawing, up to a share of the length of all its strokes."""
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in drawing]
    left, begun = share * sum(lengths), []
    for stroke, length in zip(drawing, lengths, strict=True):
        kept = len(stroke) if length <= left else max(1, round(len(stroke) * left / length))
        begun.append(stroke[:kept])
        left -= length
        if left <= 0:
            break
    return begun


def _line(start: tuple[float, float], end: tuple[float, float]) -> Stroke:
    return np.linspace(start, end, 8).astype(np.float32)


def _slash(drawing: Drawing, rng: np.random.Generator) -> Stroke:
    """A stroke through a 0: from the lower left to the upper right, or level."""
    points = np.concatenate(drawing)
    (left, top), (width, height) = points.min(axis=0), np.ptp(points, axis=0)
    over = rng.uniform(-0.15, 0.3)
    rise = height * (rng.uniform(-0.1, 0.2) if rng.uniform() < 0.4 else rng.uniform(0.5, 1.2))
    middle = top + height * rng.uniform(0.4, 0.6)
    return _line(
        (left - over * width, middle + rise / 2), (left + (1 + over) * width, middle - rise / 2)
    )


def _bar(drawing: Drawing, rng: np.random.Generator) -> Stroke:
    """A short stroke through the stem of a 7."""
    points = np.concatenate(drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    y = low[1] + size[1] * rng.uniform(0.4, 0.62)
    stem = points[np.abs(points[:, 1] - y).argmin(), 0]
    left, right = size[0] * rng.uniform(0.15, 0.45, 2)
    return _line((stem - left, y + size[1] * rng.normal(0, 0.03)), (stem + right, y))


def _is_bare(drawing: Drawing) -> bool:
    width, height = np.ptp(np.concatenate(drawing), axis=0)
    return len(drawing) == 1 and bool(width < UPRIGHT * height)


def _dress(stroke: Stroke, rng: np.random.Generator) -> Drawing:
    """A bare 1 with an upstroke of any length, a foot, or both."""
    downward = stroke if stroke[0, 1] < stroke[-1, 1] else stroke[::-1]
    height = float(np.ptp(downward[:, 1]))
    tip, base = downward[0], downward[-1]
    length = height * rng.uniform(0.12, 0.6)
    angle = np.radians(rng.uniform(20, 52 if length < 0.4 * height else 38))
    upstroke = tip + length * np.array([-np.sin(angle), np.cos(angle)])
    dressed: Drawing = [np.concatenate([_line(tuple(upstroke), tuple(tip)), downward])]
    if rng.uniform() < 0.35:
        half = height * rng.uniform(0.12, 0.35)
        foot = base + np.array([[-half, 0], [half, rng.normal(0, 0.03) * height]])
        dressed.append(_line(tuple(foot[0]), tuple(foot[1])))
    return dressed
