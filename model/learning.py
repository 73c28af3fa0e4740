"""What corrections teach, measured on writers that no network was trained on.

    python -m model.learning [--shuffles 5]

Each writer of the held-out splits writes half of their digits and corrects those that are read
wrong, up to some number. Counted are the errors on the other half, before and after.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.accuracy import INK_ONNX, ONNX
from model.evaluation_catalog import HELD_OUT
from model.evaluation_sets import LabeledDrawing, group_by_writer, stroke_picture
from server.contract import Reading, Shown
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.labels import DIGITS
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier

SEED = 0
CORRECTIONS = (10, 30)
MANY_ERRORS = 4  # of all digits of a writer
WORSE = 1.0  # errors more than before
Written = tuple[Shown, str]


@dataclass(frozen=True)
class Result:
    """The errors of one writer on half of the digits, and their number."""

    digits: int
    all_errors: int
    before: float
    after: float


@dataclass(frozen=True)
class Trial:
    """How people correct: at most so many digits, in several orders of all that they write.

    With a `wrong_share` any digit is corrected, and so many of them to any other.
    """

    most: int
    shuffles: int
    wrong_share: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser("model.learning", description=__doc__)
    parser.add_argument("--shuffles", type=int, default=5, help="of each writer's digits")
    shuffles = parser.parse_args().shuffles
    reader = Reader(Classifier(ONNX), InkFinder(INK_ONNX), 1_000_000)
    writers = [_show(digits) for split in HELD_OUT for digits in group_by_writer(split)]
    for most in CORRECTIONS:
        found = _sum_up(reader, writers, Trial(most, shuffles))
        print(f"at most {most} errors corrected: {found}")
    found = _sum_up(reader, writers, Trial(max(CORRECTIONS), shuffles, wrong_share=0.5))
    print(f"{max(CORRECTIONS)} digits corrected, half of them to any digit: {found}")


def _show(digits: Sequence[LabeledDrawing]) -> list[Written]:
    shown = []
    for drawing, label in digits:
        drawn = stroke_picture(drawing)
        height, width = drawn.picture.shape
        shown.append((Shown(strokes=drawn.strokes, size=(width, height)), label))
    return shown


def _sum_up(reader: Reader, writers: Sequence[Sequence[Written]], trial: Trial) -> str:
    """Return in words what the corrections of a trial change."""
    rng = np.random.default_rng(SEED)
    results = [_measure(reader, written, trial, rng) for written in writers]
    many = [each for each in results if each.all_errors >= MANY_ERRORS]
    digits = sum(each.digits for each in results)
    before, after = (sum(getattr(x, name) for x in results) for name in ("before", "after"))
    worse = sum(each.after > each.before + WORSE for each in results)
    return (
        f"{len(results)} writers, {before:.1f} errors of {digits}, then {after:.1f}; "
        f"of {len(many)} with at least {MANY_ERRORS}, {sum(x.before for x in many):.1f}, "
        f"then {sum(x.after for x in many):.1f}; {worse} worse by more than one"
    )


def _measure(
    reader: Reader, written: Sequence[Written], trial: Trial, rng: np.random.Generator
) -> Result:
    errors = _errors(reader, written)
    before, after = [], []
    for _ in range(trial.shuffles):
        order, half = rng.permutation(len(written)), len(written) // 2
        corrected = [k for k in order[:half] if trial.wrong_share or errors[k]][: trial.most]
        said = [(written[k][0], _say(written[k][1], trial.wrong_share, rng)) for k in corrected]
        examples = [each for shown, text in said for each in reader.align(shown, text)]
        taught = reader.knowing(examples) if examples else reader
        before.append(sum(errors[k] for k in order[half:]))
        after.append(sum(_errors(taught, [written[k] for k in order[half:]])))
    count = len(written) - len(written) // 2
    return Result(count, sum(errors), float(np.mean(before)), float(np.mean(after)))


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
