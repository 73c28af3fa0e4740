"""Measure a served model through the server's whole reading path.

    python -m model.accuracy

Writes the accuracy onto the model's card, and ends with an exit status of 1 if it is under what
was once reached.
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
from model.card import write_onto_card
from model.datasets import has_strokes
from model.evaluation_sets import Samples
from model.sudoku_photos import Photo
from server.contract import Reading
from server.recognition.reader import Reader
from server.recognition.reading.classifier import NO_DIGIT, Classifier

ONNX = Path(__file__).with_name("handwritten.onnx")
FLOORS = {"mnist_test": 0.993, "held_out_writers": 0.97}
HELD_OUT = ("held_out_sites", "held_out_writers")


@dataclass(frozen=True)
class MeasuredSet:
    """A set, and the share of it that is to be read right."""

    name: str
    description: str
    target: float
    samples: Callable[[], Samples]


SETS = (
    MeasuredSet("mnist_test", "MNIST test images", 0.996, sets.mnist_test),
    MeasuredSet(
        "held_out_sites", "single digits of two sites, a pen of 12 px on 280 px", 0.985,
        partial(sets.digits, "held_out_sites"),
    ),
    MeasuredSet(
        "held_out_sites_pens", "the same, pens of 4 to 24 px", 0.983,
        partial(sets.digits, "held_out_sites", sets.PENS_PX),
    ),
    MeasuredSet(
        "held_out_writers", "single digits of other writers of the other sites", 0.985,
        partial(sets.digits, "held_out_writers"),
    ),
    MeasuredSet(
        "written_numbers", "numbers of 2 to 10 digits as written", 0.95, sets.written_numbers
    ),
    MeasuredSet(
        "numbers_spaced", "numbers of 2 to 8 digits made of held-out writers' digits, spaced",
        0.96, partial(sets.made_numbers, "held_out_writers", sets.SPACED),
    ),
    MeasuredSet(
        "numbers_touching", "the same, overlapping by up to 15 % of the width", 0.85,
        partial(sets.made_numbers, "held_out_writers", sets.TOUCHING),
    ),
    MeasuredSet(
        "lists", "two or three numbers of 1 to 4 digits below each other, of held-out writers", 0.9,
        partial(sets.lists, "held_out_writers"),
    ),
    MeasuredSet(
        "photos", "cells of photographed sudokus, cut inside their frame", 0.96,
        partial(sets.cells, sets.CELL_CUT),
    ),
    MeasuredSet(
        "photos_framed", "the same with the frame and its surroundings", 0.96,
        partial(sets.cells, sets.CELL_FRAMED),
    ),
    MeasuredSet(
        "photos_large", "drawn photos of 12 megapixels with a small number", 0.9,
        sets.photographed_numbers,
    ),
    MeasuredSet(
        "letters", "letters and signs unlike digits, refused", 0.92,
        partial(sets.letters, *HELD_OUT),
    ),
    MeasuredSet("shapes", "shapes and zigzags, refused", 0.92, sets.shapes),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What was written, what was read, and the picture if that is not the same."""

    text: str
    reading: Reading
    misread: Photo | None

    @property
    def right(self) -> bool:
        return self.misread is None


class Result(TypedDict):
    """How many pictures of a set were read as exactly what was written."""

    set: str
    correct: int
    count: int
    accuracy: float


def measure_onto_card(onnx: Path) -> None:
    """Measure, write it onto the card, and exit with 1 if the accuracy is under a floor."""
    results = measure(onnx)
    write_onto_card(onnx, accuracy=results)
    for r in results:
        print(f"{r['set']:20} {r['correct']:6} of {r['count']:6}  {r['accuracy']:.2%}")
    missed = [r["set"] for r in results if r["accuracy"] < FLOORS.get(r["set"], 0)]
    if missed:
        sys.exit(f"Under the least accuracy: {', '.join(missed)}.")


def measure(onnx: Path) -> list[Result]:
    """Read every picture of every set, as users would send them."""
    reader = open_reader(onnx)
    return [summarize(s.name, list(read(reader, s.samples()))) for s in available_sets()]


def available_sets() -> tuple[MeasuredSet, ...]:
    """All sets; only MNIST where there are no pen strokes."""
    return SETS if has_strokes() else SETS[:1]


def open_reader(onnx: Path) -> Reader:
    return Reader(Classifier(onnx), max_pixels=40_000_000)


def read(reader: Reader, samples: Samples) -> Iterator[Outcome]:
    for picture, text in samples:
        reading = reader.read(encode(picture))
        yield Outcome(text, reading, None if is_right(text, reading) else picture)


def is_right(text: str, reading: Reading) -> bool:
    """Whether exactly this was read; of what is no digit, that there is no digit."""
    if text == NO_DIGIT:
        return bool(reading.digits) and all(digit.digit is None for digit in reading.digits)
    return reading.text == text


def summarize(name: str, outcomes: list[Outcome]) -> Result:
    correct, count = sum(outcome.right for outcome in outcomes), len(outcomes)
    return Result(set=name, correct=correct, count=count, accuracy=round(correct / count, 5))


def encode(picture: Photo) -> bytes:
    """A photo as JPEG, a drawing as PNG."""
    if picture.ndim == 3:
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    return cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


if __name__ == "__main__":
    measure_onto_card(ONNX)
