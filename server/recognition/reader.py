"""A picture → its Reading: decoding, ink, segmentation, normalization, classification."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

import numpy as np

from server.errors import DigitsError
from server.recognition.classifier import DIGITS, NO_DIGIT, Classifier, Probabilities
from server.recognition.ink import extract_ink
from server.recognition.normalization import FIELD_PX, normalize
from server.recognition.path import best_path
from server.recognition.picture import Picture, decode
from server.recognition.segmentation import Box, Line, segment


@dataclass(frozen=True)
class Digit:
    """One digit that was found; `digit` is None for ink that is no digit.

    `probabilities` are those of the ten digits, `box` is [x, y, width, height] in pixels of the
    picture that was sent, turned upright.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Reading:
    """What was read, as the contract has it; `confidence` is that the whole text is right."""

    text: str
    confidence: float
    uncertain: bool
    digits: tuple[Digit, ...]
    milliseconds: float
    model: str


@dataclass(frozen=True)
class _Page:
    """The lines of one picture, the scale of their boxes, and the time it took to find them."""

    lines: list[Line]
    scale: float
    seconds: float


class Reader:
    """Reads pictures. Safe to call from several threads; knows no loop and no socket."""

    def __init__(self, classifier: Classifier, max_pixels: int) -> None:
        self._classifier = classifier
        self._max_pixels = max_pixels

    @property
    def threshold(self) -> float:
        """The confidence below which a reading is uncertain."""
        return self._classifier.card.threshold

    def read(self, image: bytes) -> Reading:
        """Read one picture file. Raises UnreadableImage or ImageTooLarge."""
        return self.read_picture(self.decode(image))

    def decode(self, image: bytes) -> Picture:
        """Decode a picture file. Raises UnreadableImage or ImageTooLarge."""
        return decode(image, self._max_pixels)

    def read_picture(self, picture: Picture) -> Reading:
        [reading] = self._read_pages([_find_page(picture)])
        return reading

    def read_batch(self, images: Sequence[bytes]) -> list[Reading | DigitsError]:
        """Read picture files with one run of the model; a bad one's error stands in its place."""
        pages = [self._open(image) for image in images]
        readings = iter(self._read_pages([page for page in pages if isinstance(page, _Page)]))
        return [page if isinstance(page, DigitsError) else next(readings) for page in pages]

    def _open(self, image: bytes) -> _Page | DigitsError:
        started = perf_counter()
        try:
            return _find_page(self.decode(image), started)
        except DigitsError as error:
            return error

    def _read_pages(self, pages: list[_Page]) -> list[Reading]:
        started = perf_counter()
        candidates = [c for page in pages for line in page.lines for c in line]
        fields = np.empty((len(candidates), FIELD_PX, FIELD_PX), np.float32)
        for field, candidate in zip(fields, candidates, strict=True):
            field[:] = normalize(candidate.ink)
        rows = iter(self._classifier.classify(fields))
        pages_digits = [
            [_read_line(line, rows, page.scale) for line in page.lines] for page in pages
        ]
        seconds = (perf_counter() - started) / max(len(pages), 1)
        return [
            self._compose(lines, page.seconds + seconds)
            for page, lines in zip(pages, pages_digits, strict=True)
        ]

    def _compose(self, lines: list[list[Digit]], seconds: float) -> Reading:
        digits = tuple(digit for line in lines for digit in line)
        confidence = math.prod(digit.confidence for digit in digits) if digits else 0.0
        return Reading(
            text="\n".join("".join(map(_mark, line)) for line in lines),
            confidence=round(confidence, 4),
            uncertain=bool(digits) and confidence < self.threshold,
            digits=digits,
            milliseconds=round(seconds * 1000, 3),
            model=self._classifier.name,
        )


def _find_page(picture: Picture, started: float | None = None) -> _Page:
    started = perf_counter() if started is None else started
    lines = segment(extract_ink(picture.grey))
    return _Page(lines, picture.scale, perf_counter() - started)


def _read_line(line: Line, rows: Iterator[Probabilities], scale: float) -> list[Digit]:
    """The digits on the best path through a line; takes one row for each of its candidates."""
    own = list(islice(rows, len(line)))
    return [_digit(line[index].box, own[index], scale) for index in best_path(line, own)]


def _digit(box: Box, probabilities: Probabilities, scale: float) -> Digit:
    best = int(probabilities.argmax())
    left, top, width, height = (
        round(side * scale) for side in (box.left, box.top, box.width, box.height)
    )
    return Digit(
        digit=best if best < len(DIGITS) else None,
        confidence=round(float(probabilities[best]), 4),
        probabilities=tuple(round(float(p), 4) for p in probabilities[: len(DIGITS)]),
        box=(left, top, width, height),
    )


def _mark(digit: Digit) -> str:
    return NO_DIGIT if digit.digit is None else str(digit.digit)
