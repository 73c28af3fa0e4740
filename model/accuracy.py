"""Accuracy of a served model, measured through the server's whole reading path.

    python -m model.accuracy

Writes the accuracy onto the model's card. The exit status is 1 if it is below MIN_ACCURACY.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TypedDict

import cv2

from model.card import update_card
from model.evaluation_catalog import Samples, available_sets
from model.evaluation_sets import StrokedPicture
from model.sudoku_photos import Photo
from server.contract import Reading
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.labels import NO_DIGIT
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier

ONNX = Path(__file__).with_name("handwritten.onnx")
INK_ONNX = Path(__file__).with_name("ink.onnx")
MIN_ACCURACY = {"mnist_test": 0.993, "held_out_writers": 0.97}
MAX_PIXELS = 40_000_000
FIRST = 25  # samples of a set


@dataclass(frozen=True)
class Outcome:
    """A reading beside the true text, with the picture if it was misread."""

    text: str
    reading: Reading
    misread: Photo | bytes | None
    milliseconds: float  # with decoding

    @property
    def correct(self) -> bool:
        return self.misread is None


class Result(TypedDict):
    """Accuracy on one set: the share of pictures whose whole text was read correctly.

    `correct_of_first` counts those among the first FIRST pictures.
    """

    set: str
    correct: int
    count: int
    accuracy: float
    correct_of_first: int


def measure_onto_card(onnx: Path) -> None:
    """Write the accuracy onto the card, and exit with 1 if it is below MIN_ACCURACY."""
    results = measure(onnx)
    update_card(onnx, accuracy=results)
    for r in results:
        print(f"{r['set']:20} {r['correct']:6} of {r['count']:6}  {r['accuracy']:.2%}")
    failed = [r["set"] for r in results if r["accuracy"] < MIN_ACCURACY.get(r["set"], 0)]
    if failed:
        sys.exit(f"The accuracy is too low on {', '.join(failed)}.")


def measure(onnx: Path, quickly: bool = False) -> list[Result]:
    """Read every picture of every set, or only the first FIRST of the slow sets."""
    reader = open_reader(onnx)
    results = []
    for evaluated in available_sets():
        count = FIRST if quickly and evaluated.is_slow else None
        samples = islice(evaluated.samples(), count)
        results.append(summarize(evaluated.name, [*read(reader, samples)]))
    return results


def open_reader(onnx: Path) -> Reader:
    return Reader(Classifier(onnx), InkFinder(INK_ONNX), MAX_PIXELS)


def read(reader: Reader, samples: Samples) -> Iterator[Outcome]:
    for sample, text in samples:
        strokes = sample.strokes if isinstance(sample, StrokedPicture) else None
        picture = sample.picture if isinstance(sample, StrokedPicture) else sample
        image = encode(picture)
        started = perf_counter()
        reading = reader.read(image, strokes)
        milliseconds = 1000 * (perf_counter() - started)
        misread = None if is_correct(text, reading) else picture
        yield Outcome(text, reading, misread, milliseconds)


def is_correct(text: str, reading: Reading) -> bool:
    """Tell whether the whole text was read, with its spaces, tabs and line breaks.

    If there is no digit in it, none may be read.
    """
    is_rejected = all(digit.digit is None for digit in reading.digits)
    if text == NO_DIGIT:
        return bool(reading.digits) and is_rejected
    return reading.text == text if text else is_rejected


def summarize(name: str, outcomes: list[Outcome]) -> Result:
    correct, count = sum(outcome.correct for outcome in outcomes), len(outcomes)
    return Result(
        set=name,
        correct=correct,
        count=count,
        accuracy=round(correct / count, 5),
        correct_of_first=sum(outcome.correct for outcome in outcomes[:FIRST]),
    )


def encode(picture: Photo | bytes) -> bytes:
    """Encode a photo as JPEG and a drawing as PNG; a file stays as it is."""
    if isinstance(picture, bytes):
        return picture
    if picture.ndim == 3:
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    return cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


if __name__ == "__main__":
    measure_onto_card(ONNX)
