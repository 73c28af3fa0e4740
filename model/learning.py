"""Measurement of what corrections teach, on writers that no network was trained on.

    python -m model.learning

Each writer of the held-out splits writes all of their digits and corrects some in four fifths of
them; counted are the errors in the last fifth, before and after, each fifth in turn. A drawing that
is one line, but no upright 1, is left out: nobody can read it (`_is_cut_off`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.accuracy import INK_ONNX, ONNX
from model.datasets import Drawing
from model.evaluation_catalog import HELD_OUT
from model.evaluation_sets import LabeledDrawing, group_by_writer, stroke_picture
from server.contract import Reading, Shown
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.labels import DIGITS
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier

SEED, FOLDS = 0, 5
MANY_ERRORS = 4  # of all digits of a writer
WORSE = 1  # errors more than before
MAX_LINE_WIDTH = 0.12  # over its length, as standard deviations

Written = tuple[Shown, str]


@dataclass(frozen=True)
class Habit:
    """Habit of correcting: so many errors, or any digits; some of them to any digit."""

    name: str
    most: int
    of_all: bool = False
    wrong_share: float = 0.0


@dataclass(frozen=True)
class Result:
    """The errors of one writer."""

    digits: int
    before: int
    after: int


HABITS = (
    Habit("at most 10 errors corrected", 10),
    Habit("at most 30 errors corrected", 30),
    Habit("10 digits entered", 10, of_all=True),
    Habit("30 digits entered", 30, of_all=True),
    Habit("30 digits entered, half of them as any digit", 30, of_all=True, wrong_share=0.5),
)


def main() -> None:
    reader = Reader(Classifier(ONNX), InkFinder(INK_ONNX), 1_000_000)
    writers = [_show(digits) for split in HELD_OUT for digits in group_by_writer(split)]
    for habit in HABITS:
        print(f"{habit.name}: {_sum_up(reader, writers, habit)}", flush=True)


def _show(digits: Sequence[LabeledDrawing]) -> list[Written]:
    shown = []
    for drawing, label in digits:
        if not _is_cut_off(drawing, label):
            drawn = stroke_picture(drawing)
            height, width = drawn.picture.shape
            shown.append((Shown(strokes=drawn.strokes, size=(width, height)), label))
    return shown


def _is_cut_off(drawing: Drawing, label: str) -> bool:
    points = np.concatenate(drawing)
    length, width = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)[:2]
    across, down = np.ptp(points, axis=0)
    return bool(width < MAX_LINE_WIDTH * length and (label != "1" or across > down))


def _sum_up(reader: Reader, writers: Sequence[Sequence[Written]], habit: Habit) -> str:
    """Return in words what a habit of correcting changes."""
    rng = np.random.default_rng(SEED)
    results = [_measure(reader, written, habit, rng) for written in writers]
    many = [each for each in results if each.before >= MANY_ERRORS]
    digits = sum(each.digits for each in results)
    before, after = (sum(getattr(x, name) for x in results) for name in ("before", "after"))
    worse = sum(each.after > each.before + WORSE for each in results)
    return (
        f"{len(results)} writers, {before} errors of {digits}, then {after}; of {len(many)} with "
        f"at least {MANY_ERRORS}, {sum(x.before for x in many)}, then "
        f"{sum(x.after for x in many)}; {worse} worse by more than one"
    )


def _measure(
    reader: Reader, written: Sequence[Written], habit: Habit, rng: np.random.Generator
) -> Result:
    errors, after = _errors(reader, written), 0
    for fold in np.array_split(rng.permutation(len(written)), FOLDS):
        others = rng.permutation(np.setdiff1d(np.arange(len(written)), fold))
        corrected = [k for k in others if habit.of_all or errors[k]][: habit.most]
        said = [(written[k][0], _say(written[k][1], habit.wrong_share, rng)) for k in corrected]
        examples = [each for shown, text in said for each in reader.align(shown, text)]
        taught = reader.knowing(examples) if examples else reader
        after += sum(_errors(taught, [written[k] for k in fold]))
    return Result(len(written), sum(errors), after)


def _say(label: str, wrong_share: float, rng: np.random.Generator) -> str:
    return str(rng.choice([*DIGITS])) if rng.random() < wrong_share else label


def _errors(reader: Reader, written: Sequence[Written]) -> list[bool]:
    return [
        text != label for text, (_, label) in zip(_texts(reader, written), written, strict=True)
    ]


def _texts(reader: Reader, written: Sequence[Written]) -> Iterator[str]:
    for shown, _ in written:
        [read] = reader.read_batch([shown])
        yield read.text if isinstance(read, Reading) else ""


if __name__ == "__main__":
    main()
