"""A picture → its Reading: decoding, ink, segmentation, normalization, classification."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from time import perf_counter

import cv2

from server.calls import MakeCall, call_here
from server.errors import DigitsError
from server.recognition.classifier import DIGITS, NO_DIGIT, NO_DIGIT_LABEL, Classifier
from server.recognition.ink import extract_ink
from server.recognition.lines import ReadLine, Sign, read_lines
from server.recognition.picture import Picture, decode, open_picture
from server.recognition.segmentation import Line, segment

SMALL_BYTES, SMALL_PX = 16_000, 100_000  # of a picture that is found and decoded in no time


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
        cv2.setNumThreads(1)  # on small pictures a second thread waits busily and wins nothing

    @property
    def threshold(self) -> float:
        """The confidence below which a reading is uncertain."""
        return self._classifier.card.threshold

    def read(self, image: bytes) -> Reading:
        """Read one picture file. Raises UnreadableImage or ImageTooLarge."""
        return self.read_picture(self.decode(image))

    def decode(self, image: bytes) -> Picture:
        """Decode a picture file. Raises UnreadableImage or ImageTooLarge."""
        return decode(open_picture(image, self._max_pixels))

    def read_picture(self, picture: Picture) -> Reading:
        [reading] = self._read_pages([_find_page(picture)], call_here)
        return reading

    def read_batch(
        self, images: Sequence[bytes], make_long: MakeCall = call_here
    ) -> list[Reading | DigitsError]:
        """Read picture files with one run of the model; a bad one's error stands in its place.

        Whatever may take long is done by `make_long`, which makes a call and returns its result:
        the rest takes about a millisecond for each picture.
        """
        pages = [self._open(image, make_long) for image in images]
        found = [page for page in pages if isinstance(page, _Page)]
        readings = iter(self._read_pages(found, make_long))
        return [page if isinstance(page, DigitsError) else next(readings) for page in pages]

    def _open(self, image: bytes, make_long: MakeCall) -> _Page | DigitsError:
        started = perf_counter()
        try:
            if len(image) > SMALL_BYTES:
                return make_long(self._find, image, started)
            opened = open_picture(image, self._max_pixels)
            if opened.width * opened.height > SMALL_PX:
                return make_long(self._find, image, started)
            return _find_page(decode(opened), started)
        except DigitsError as error:
            return error

    def _find(self, image: bytes, started: float) -> _Page:
        return _find_page(self.decode(image), started)

    def _read_pages(self, pages: list[_Page], make_long: MakeCall) -> list[Reading]:
        started = perf_counter()
        read = read_lines([page.lines for page in pages], self._classifier, make_long)
        seconds = (perf_counter() - started) / max(len(pages), 1)
        return [
            self._compose(page, lines, page.seconds + seconds)
            for page, lines in zip(pages, read, strict=True)
        ]

    def _compose(self, page: _Page, lines: list[ReadLine], seconds: float) -> Reading:
        found = [[_digit(sign, page.scale) for sign in line.signs] for line in lines]
        digits = tuple(chain.from_iterable(found))
        confidence = math.prod(line.confidence for line in lines) if lines else 0.0
        return Reading(
            text="\n".join(map(_write, found)),
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


def _digit(sign: Sign, scale: float) -> Digit:
    box, label = sign.box, sign.label
    probabilities = [round(p, 4) for p in sign.probabilities.tolist()]
    return Digit(
        digit=None if label == NO_DIGIT_LABEL else label,
        confidence=probabilities[label],
        probabilities=tuple(probabilities[: len(DIGITS)]),
        box=(
            round(box.left * scale),
            round(box.top * scale),
            round(box.width * scale),
            round(box.height * scale),
        ),
    )


def _write(digits: Sequence[Digit]) -> str:
    return "".join(NO_DIGIT if d.digit is None else DIGITS[d.digit] for d in digits)
