"""Accuracy of a served model, measured through the server's whole reading path.

    python -m model.accuracy

Writes the accuracy onto the model's card. The exit status is 1 if it is below MIN_ACCURACY.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict

import cv2

from model import evaluation_sets as sets
from model.card import update_card
from model.datasets import has_strokes
from model.evaluation_sets import Samples
from model.sudoku_photos import Photo
from server.contract import Reading
from server.recognition.labels import NO_DIGIT
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier

ONNX = Path(__file__).with_name("handwritten.onnx")
MIN_ACCURACY = {"mnist_test": 0.993, "held_out_writers": 0.97}
HELD_OUT = ("held_out_sites", "held_out_writers")
MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class EvaluationSet:
    """Labeled pictures, and the accuracy to reach on them."""

    name: str
    description: str
    target: float
    samples: Callable[[], Samples]


EVALUATION_SETS = (
    EvaluationSet("mnist_test", "MNIST test images", 0.996, sets.mnist_test),
    EvaluationSet(
        "held_out_sites", "single digits of two sites, a pen of 12 px on 280 px", 0.985,
        partial(sets.digits, "held_out_sites"),
    ),
    EvaluationSet(
        "held_out_sites_pens", "the same, pens of 4 to 24 px", 0.983,
        partial(sets.digits, "held_out_sites", sets.PENS_PX),
    ),
    EvaluationSet(
        "held_out_writers", "single digits of other writers of the other sites", 0.985,
        partial(sets.digits, "held_out_writers"),
    ),
    EvaluationSet(
        "written_numbers", "numbers of 2 to 10 digits as written", 0.95, sets.written_numbers
    ),
    EvaluationSet(
        "numbers_spaced",
        "numbers of 2 to 8 digits composed of held-out writers' digits, spaced",
        0.96, partial(sets.composed_numbers, "held_out_writers", sets.SPACED_GAPS),
    ),
    EvaluationSet(
        "numbers_touching", "the same, overlapping by up to 15 % of the width", 0.85,
        partial(sets.composed_numbers, "held_out_writers", sets.TOUCHING_GAPS),
    ),
    EvaluationSet(
        "lists", "two or three numbers of 1 to 4 digits below each other, of held-out writers", 0.9,
        partial(sets.lists, "held_out_writers"),
    ),
    EvaluationSet(
        "photos", "cells of photographed sudokus, cut inside their borders", 0.96,
        partial(sets.sudoku_cells, sets.CELL_MARGIN),
    ),
    EvaluationSet(
        "photos_framed", "the same with the borders and their surroundings", 0.96,
        partial(sets.sudoku_cells, sets.FRAMED_CELL_MARGIN),
    ),
    EvaluationSet(
        "photos_large", "synthetic 12-megapixel photos with a small number", 0.9,
        sets.photos_of_numbers,
    ),
    EvaluationSet(
        "letters", "letters and signs unlike digits, rejected", 0.92,
        partial(sets.letters, *HELD_OUT),
    ),
    EvaluationSet("shapes", "shapes and zigzags, rejected", 0.92, sets.shapes),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A reading beside the true text, with the picture if it was misread."""

    text: str
    reading: Reading
    misread: Photo | None

    @property
    def correct(self) -> bool:
        return self.misread is None


class Result(TypedDict):
    """Accuracy on one set: the share of pictures whose whole text was read correctly."""

    set: str
    correct: int
    count: int
    accuracy: float


def measure_onto_card(onnx: Path) -> None:
    """Write the accuracy onto the card, and exit with 1 if it is below MIN_ACCURACY."""
    results = measure(onnx)
    update_card(onnx, accuracy=results)
    for r in results:
        print(f"{r['set']:20} {r['correct']:6} of {r['count']:6}  {r['accuracy']:.2%}")
    failed = [r["set"] for r in results if r["accuracy"] < MIN_ACCURACY.get(r["set"], 0)]
    if failed:
        sys.exit(f"The accuracy is too low on {', '.join(failed)}.")


def measure(onnx: Path) -> list[Result]:
    """Read every picture of every set."""
    reader = open_reader(onnx)
    return [summarize(s.name, [*read(reader, s.samples())]) for s in available_sets()]


def available_sets() -> tuple[EvaluationSet, ...]:
    """Return all sets, or only MNIST where there are no pen strokes."""
    return EVALUATION_SETS if has_strokes() else EVALUATION_SETS[:1]


def open_reader(onnx: Path) -> Reader:
    return Reader(Classifier(onnx), max_pixels=MAX_PIXELS)


def read(reader: Reader, samples: Samples) -> Iterator[Outcome]:
    for picture, text in samples:
        reading = reader.read(encode(picture))
        yield Outcome(text, reading, None if is_correct(text, reading) else picture)


def is_correct(text: str, reading: Reading) -> bool:
    """Tell whether the whole text was read, with its spaces, tabs and line breaks.

    If there is no digit, every sign must be rejected.
    """
    if text == NO_DIGIT:
        return bool(reading.digits) and all(digit.digit is None for digit in reading.digits)
    return reading.text == text


def summarize(name: str, outcomes: list[Outcome]) -> Result:
    correct, count = sum(outcome.correct for outcome in outcomes), len(outcomes)
    return Result(set=name, correct=correct, count=count, accuracy=round(correct / count, 5))


def encode(picture: Photo) -> bytes:
    """Encode a photo as JPEG and a drawing as PNG."""
    if picture.ndim == 3:
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    return cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


if __name__ == "__main__":
    measure_onto_card(ONNX)
