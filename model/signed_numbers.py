"""Numbers with signs, of one writer each where that writer wrote the sign too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from model.composed_numbers import compose
from model.datasets import (
    Drawing,
    Writer,
    group_by_writer,
    load_drawings,
    select,
    without_dots,
)
from model.line_signs import SIGN_PLACES, choose_signs, place_sign
from server.recognition.labels import LINE_LABELS, SIGNS

SEED = 11
LENGTHS = (2, 6)  # digits of a number
GAPS = (0.1, 0.6)  # between digits, in widths of the narrower
SIGN_GAPS = (0.08, 0.3)  # around a sign, in heights of a digit
PEN = 0.07  # of the height
EQUAL_SHARES = dict.fromkeys(SIGNS, 1 / len(SIGNS))

Signs = dict[str, dict[Writer, list[tuple[Drawing, str]]]]


def signed_numbers(split: str, count: int) -> Iterator[tuple[Drawing, str]]:
    """Yield the strokes of numbers with a sign, about 1 high, with their texts."""
    rng = np.random.default_rng(SEED)
    writers = group_by_writer(without_dots(select(load_drawings("strokes_digits"), split)))
    signs = _load_signs(split)
    names = [*writers]
    for _ in range(count):
        writer = names[int(rng.integers(len(names)))]
        yield _compose(writers[writer], writer, signs, rng)


def _load_signs(split: str) -> Signs:
    others = select(load_drawings("strokes_nondigits"), split)
    return {
        sign: group_by_writer(others.where([label == sign for label in others.labels]))
        for sign in SIGN_PLACES
    }


def _compose(
    digits: Sequence[tuple[Drawing, str]], writer: Writer, signs: Signs, rng: np.random.Generator
) -> tuple[Drawing, str]:
    length = int(rng.integers(*LENGTHS, endpoint=True))
    chosen = [digits[k] for k in rng.integers(len(digits), size=length)]
    gaps = rng.uniform(*GAPS, length - 1).tolist()
    items = compose([drawing for drawing, _ in chosen], gaps, rng, PEN)
    text = [label for _, label in chosen]
    for sign, place in choose_signs(length, rng, EQUAL_SHARES):
        _insert(items, place, _write(sign, signs[sign], writer, rng), rng)
        text.insert(place, sign)
    return [stroke for item in items for stroke in item], "".join(text)


def _write(
    sign: str,
    written: Mapping[Writer, Sequence[tuple[Drawing, str]]],
    writer: Writer,
    rng: np.random.Generator,
) -> Drawing:
    """Return a sign by this writer, or by another, with its middle at its height on the line."""
    own = written.get(writer) or [*chain.from_iterable(written.values())]
    drawing, _ = own[int(rng.integers(len(own)))]
    placed = place_sign(sign, drawing, LINE_LABELS.index(sign), rng)
    points = np.concatenate(placed.drawing)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    corner = np.array([0, placed.middle - float(size[1]) / 2], np.float32)
    return [stroke - low + corner for stroke in placed.drawing]


def _insert(items: list[Drawing], place: int, sign: Drawing, rng: np.random.Generator) -> None:
    """Insert a sign, whose left is at 0, among the drawings of a line; move those behind it."""
    before, after = (rng.uniform(*SIGN_GAPS) + PEN for _ in range(2))
    left = _right(items[place - 1]) + before if place else 0.0
    shift = left + _right(sign) + after - (_left(items[place]) if place < len(items) else 0.0)
    for index in range(place, len(items)):
        items[index] = _move(items[index], shift)
    items.insert(place, _move(sign, left))


def _move(drawing: Drawing, shift: float) -> Drawing:
    return [stroke + np.array([shift, 0], np.float32) for stroke in drawing]


def _left(drawing: Drawing) -> float:
    return float(np.concatenate(drawing)[:, 0].min())


def _right(drawing: Drawing) -> float:
    return float(np.concatenate(drawing)[:, 0].max())
