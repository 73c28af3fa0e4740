"""Calibration of the confidence on photos, by numbers of validation writers.

    python -m model.confidence

Writes it onto the card of the model that finds ink.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from model.accuracy import INK_ONNX, ONNX
from model.card import update_card
from model.composed_numbers import scale_to_height
from model.evaluation_sets import SPACED_GAPS, compose_number, group_by_writer
from model.paper.photos import (
    BOX_STYLES,
    KINDS,
    photograph_blank,
    photograph_boxes,
    photograph_number,
)
from model.sudoku_photos import Photo
from server.recognition.confidence import MIN_CHANCE, Calibration, log_odds
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.composition import compose_lines
from server.recognition.reading.lines import read_lines
from server.recognition.reading.segmentation import segment

SEED = 5
PHOTOS = 60  # of each kind of page, and of each style of boxes
BLANKS = 150  # photos without writing: digits that are read there are wrong
LENGTHS = (1, 8)  # digits of a number
STEPS = 30  # of the search
MAX_ODDS = 30.0  # log odds; more would overflow
PRIOR = 1.0  # pull toward no change, in photos

Floats = npt.NDArray[np.float64]


def main() -> None:
    features, correct = _read_photos()
    calibration = fit(features, correct)
    update_card(INK_ONNX, calibration=calibration)
    print(f"{correct.mean():.1%} of {len(correct)} photos are right: {calibration}")


def fit(features: Floats, correct: Floats) -> dict[str, float]:
    """Return the Calibration of features [N, 3], 1, log odds and log certainty, by regression.

    It is logistic, by Newton's method (iteratively reweighted least squares).
    """
    start = np.array([Calibration().intercept, Calibration().slope, Calibration().certainty_slope])
    weights = np.zeros(3)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -MAX_ODDS, MAX_ODDS)))
        slope = features.T @ (correct - chance) - PRIOR * (weights - start)
        curvature = (features.T * (chance * (1 - chance))) @ features + PRIOR * np.eye(3)
        weights = weights + np.linalg.solve(curvature, slope)
    names = ("intercept", "slope", "certainty_slope")
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def _read_photos() -> tuple[Floats, Floats]:
    """Return the features [N, 3] of photos, and whether each was read right, 1 or 0."""
    finder, classifier = InkFinder(INK_ONNX), Classifier(ONNX)
    features, correct = [], []
    for photo, text in _take_photos():
        page = finder.find(np.ascontiguousarray(photo[..., ::-1]))
        [lines] = read_lines([segment(page.ink)], classifier)
        if not lines:
            continue
        confidence = math.prod(line.confidence for line in lines)
        certainty = math.log(max(page.certainty, MIN_CHANCE))
        features.append([1.0, log_odds(confidence), certainty])
        read = "".join(line.text for line in compose_lines(lines, page))
        correct.append(read == text or not (text or any(map(str.isdigit, read))))
    return np.array(features), np.array(correct, dtype=np.float64)


def _take_photos() -> Iterator[tuple[Photo, str]]:
    rng = np.random.default_rng(SEED)
    writers = group_by_writer("validation")
    for index in range(PHOTOS * len(KINDS)):
        length = int(rng.integers(*LENGTHS, endpoint=True))
        digits = writers[int(rng.integers(len(writers)))]
        number, text = compose_number(digits, length, SPACED_GAPS, rng)
        yield photograph_number(KINDS[index % len(KINDS)], number, rng), text
    for index in range(PHOTOS * len(BOX_STYLES)):
        digits = writers[int(rng.integers(len(writers)))]
        chosen = rng.integers(len(digits), size=int(rng.integers(*LENGTHS, endpoint=True)))
        drawings = [scale_to_height(digits[k][0], 1) for k in chosen]
        photo = photograph_boxes(drawings, BOX_STYLES[index % len(BOX_STYLES)], rng)
        yield photo, "".join(digits[k][1] for k in chosen)
    for _ in range(BLANKS):
        yield photograph_blank(rng), ""


if __name__ == "__main__":
    main()
