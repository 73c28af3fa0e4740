"""A picture → its Reading: decoding, ink, segmentation, normalization, classification."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from time import perf_counter
from typing import TypeVar

import cv2

from server.errors import DigitsError
from server.recognition.classifier import DIGITS, NO_DIGIT, NO_DIGIT_LABEL, Classifier
from server.recognition.doubts import ReadInk, Sign
from server.recognition.ink import extract_ink
from server.recognition.lines import read_lines
from server.recognition.picture import (
    ColourPicture,
    Picture,
    decode,
    decode_plain,
    open_picture,
)
from server.recognition.pieces import Components, find_components
from server.recognition.segmentation import Line, arrange, segment

SMALL_BYTES, SMALL_PX = 16_000, 100_000  # of a picture that is decoded in no time
FEW = 40  # pieces of ink, and candidates, that are read in no time

Before = TypeVar("Before")
After = TypeVar("After")


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
class Unfinished:
    """A reading that may take long; `finish` makes it. Raises UnreadableImage or ImageTooLarge."""

    finish: Callable[[], Reading]


Left = Unfinished | DigitsError  # what goes no further with its batch


@dataclass(frozen=True)
class _Found:
    picture: Picture
    components: Components


@dataclass(frozen=True)
class _Page:
    picture: Picture
    lines: list[Line]


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

    def decode(self, image: bytes) -> ColourPicture:
        """Decode a picture file. Raises UnreadableImage or ImageTooLarge."""
        return decode(open_picture(image, self._max_pixels))

    def read_picture(self, picture: Picture) -> Reading:
        started = perf_counter()
        page = _Page(picture, segment(extract_ink(picture.grey)))
        [reading] = self._read_pages([page], started)
        return reading

    def read_batch(self, images: Sequence[bytes]) -> list[Reading | Left]:
        """Read small picture files together, in about half a millisecond each.

        What may take longer is left unfinished, and a bad one's error stands in its place. Each
        step is taken with all pictures before the next, so that its code stays in the cache.
        """
        started = perf_counter()
        pictures = _each(self._decode_small, images)
        found = _each(self._find_few, pictures)
        pages = _each(self._arrange_few, found)
        arranged = [page for page in pages if isinstance(page, _Page)]
        readings = iter(self._read_pages(arranged, started))
        return [next(readings) if isinstance(page, _Page) else page for page in pages]

    def _decode_small(self, image: bytes) -> Picture | Left:
        try:
            if len(image) <= SMALL_BYTES:
                plain = decode_plain(image, SMALL_PX)
                if plain:
                    return plain
                opened = open_picture(image, self._max_pixels)
                if opened.width * opened.height <= SMALL_PX:
                    return decode(opened)
        except DigitsError as error:
            return error
        return Unfinished(partial(self.read, image))

    def _find_few(self, picture: Picture) -> _Found | Left:
        components = find_components(extract_ink(picture.grey))
        if len(components.pieces) > FEW:
            return Unfinished(partial(self.read_picture, picture))
        return _Found(picture, components)

    def _arrange_few(self, found: _Found) -> _Page | Left:
        lines = arrange(found.components)
        if sum(len(line.candidates) for line in lines) > FEW:
            return Unfinished(partial(self.read_picture, found.picture))
        return _Page(found.picture, lines)

    def _read_pages(self, pages: Sequence[_Page], started: float) -> list[Reading]:
        read = read_lines([page.lines for page in pages], self._classifier)
        seconds = (perf_counter() - started) / max(len(pages), 1)
        return [
            self._compose(page, lines, seconds) for page, lines in zip(pages, read, strict=True)
        ]

    def _compose(self, page: _Page, lines: list[ReadInk], seconds: float) -> Reading:
        found = [[_digit(sign, page.picture.scale) for sign in line.signs] for line in lines]
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


def _each(
    step: Callable[[Before], After | Left], works: Sequence[Before | Left]
) -> list[After | Left]:
    """Take a step with all works but those that go no further."""
    return [work if isinstance(work, Left) else step(work) for work in works]


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
