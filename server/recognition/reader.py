"""A picture → its Reading: decoding, ink, segmentation, normalization, classification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from server.errors import DigitsError
from server.recognition.classifier import NO_DIGIT, Classifier, Probabilities
from server.recognition.ink import extract_ink
from server.recognition.normalization import FIELD_PX, normalize
from server.recognition.picture import Picture, decode
from server.recognition.segmentation import Candidate, segment

MAX_DIGITS = 200  # a picture with more candidates than this is read as far as they go


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
    """The candidates of one picture, line by line, the scale of their boxes, the time it took."""

    lines: list[list[Candidate]]
    scale: float
    seconds: float

    @property
    def candidates(self) -> list[Candidate]:
        return [candidate for line in self.lines for candidate in line][:MAX_DIGITS]


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
        [reading] = self._read_pages([_find_candidates(picture)])
        return reading

    def read_batch(self, images: Sequence[bytes]) -> list[Reading | DigitsError]:
        """Read picture files with one run of the model; a bad one's error stands in its place."""
        pages = [self._open(image) for image in images]
        readings = iter(self._read_pages([page for page in pages if isinstance(page, _Page)]))
        return [page if isinstance(page, DigitsError) else next(readings) for page in pages]

    def _open(self, image: bytes) -> _Page | DigitsError:
        started = perf_counter()
        try:
            return _find_candidates(self.decode(image), started)
        except DigitsError as error:
            return error

    def _read_pages(self, pages: list[_Page]) -> list[Reading]:
        started = perf_counter()
        batch = [normalize(c.ink) for page in pages for c in page.candidates]
        fields = np.stack(batch) if batch else np.empty((0, FIELD_PX, FIELD_PX), np.float32)
        rows = iter(self._classifier.classify(fields))
        seconds = (perf_counter() - started) / max(len(pages), 1)
        return [self._compose(page, rows, page.seconds + seconds) for page in pages]

    def _compose(self, page: _Page, rows: Iterator[Probabilities], seconds: float) -> Reading:
        digits = [_digit(c, next(rows), page.scale) for c in page.candidates]
        confidence = float(np.prod([digit.confidence for digit in digits])) if digits else 0.0
        return Reading(
            text=_text(page.lines, digits),
            confidence=round(confidence, 4),
            uncertain=bool(digits) and confidence < self.threshold,
            digits=tuple(digits),
            milliseconds=round(seconds * 1000, 3),
            model=self._classifier.name,
        )


def _find_candidates(picture: Picture, started: float | None = None) -> _Page:
    started = perf_counter() if started is None else started
    lines = segment(extract_ink(picture.grey))
    return _Page(lines, picture.scale, perf_counter() - started)


def _digit(candidate: Candidate, probabilities: Probabilities, scale: float) -> Digit:
    best = int(probabilities.argmax())
    box = candidate.box
    left, top, width, height = (
        round(side * scale) for side in (box.left, box.top, box.width, box.height)
    )
    return Digit(
        digit=best if best < 10 else None,
        confidence=round(float(probabilities[best]), 4),
        probabilities=tuple(round(float(p), 4) for p in probabilities[:10]),
        box=(left, top, width, height),
    )


def _text(lines: list[list[Candidate]], digits: list[Digit]) -> str:
    marks = iter(NO_DIGIT if digit.digit is None else str(digit.digit) for digit in digits)
    return "\n".join(
        "".join(mark for _, mark in zip(line, marks, strict=False)) for line in lines
    ).strip("\n")
