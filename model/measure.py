"""Measure a served model through the server's whole reading path.

    python -m model.measure

Writes the accuracy onto the model's card, and ends with an exit status of 1 if it is under its
target.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np

from model.datasets import has_strokes, load_drawings, load_mnist, select
from model.drawing import draw
from model.photos import Photo, cut_cells
from server.recognition.classifier import Classifier
from server.recognition.ink import Ink
from server.recognition.reader import Reader

TARGETS = {"mnist_test": 0.993, "held_out_writers": 0.97}
PHOTO_CUTS = {"photos": -0.12, "photos_framed": 0.08}  # margin beyond a cell, in its sides
CANVAS_PX = 280
DIGIT_PX = 180
PEN_PX = 12


class Result(TypedDict):
    """How many pictures of a set were read as exactly what was written."""

    set: str
    correct: int
    count: int
    accuracy: float


def measure_onto_card(onnx: Path) -> None:
    """Measure, write the card, and exit with 1 if a target is missed."""
    results = measure(onnx)
    card = json.loads(onnx.with_suffix(".json").read_text())
    onnx.with_suffix(".json").write_text(json.dumps(card | {"accuracy": results}, indent=2) + "\n")
    for r in results:
        print(f"{r['set']:16} {r['correct']:6} of {r['count']:6}  {r['accuracy']:.2%}")
    missed = [r["set"] for r in results if r["accuracy"] < TARGETS.get(r["set"], 0)]
    if missed:
        sys.exit(f"Under the target of accuracy: {', '.join(missed)}.")


def measure(onnx: Path) -> list[Result]:
    """Read every picture of the sets held out from training, as a user would send them."""
    reader = Reader(Classifier(onnx), max_pixels=1_000_000)
    images, labels, _ = load_mnist("test")
    results = [score("mnist_test", reader, zip(images, labels.astype(str), strict=True))]
    for part in ("held_out_sites", "held_out_writers") if has_strokes() else ():
        digits = select(load_drawings("strokes_digits"), part)
        canvases = (to_canvas(draw(drawing, DIGIT_PX, PEN_PX)) for drawing in digits.drawings)
        results.append(score(part, reader, zip(canvases, digits.labels, strict=True)))
    for name, margin in PHOTO_CUTS.items() if has_strokes() else ():
        results.append(score(name, reader, cut_cells(margin)))
    return results


def to_canvas(ink: Ink) -> Ink:
    """Dark ink in the middle of a light canvas."""
    height, width = ink.shape
    canvas = np.full((CANVAS_PX, CANVAS_PX), 255, dtype=np.uint8)
    top, left = (CANVAS_PX - height) // 2, (CANVAS_PX - width) // 2
    canvas[top : top + height, left : left + width] -= ink
    return canvas


def score(name: str, reader: Reader, samples: Iterable[tuple[Photo, str]]) -> Result:
    hits = [reader.read(encode_png(picture)).text == text for picture, text in samples]
    correct, count = sum(hits), len(hits)
    return Result(set=name, correct=correct, count=count, accuracy=round(correct / count, 5))


def encode_png(picture: Photo) -> bytes:
    return cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()


if __name__ == "__main__":
    measure_onto_card(Path(__file__).with_name("handwritten.onnx"))
