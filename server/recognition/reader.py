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
import numpy as np

from server.contract import Digit, Explanation, Reading
from server.errors import DigitsError, NoInk
from server.recognition.decoding.fast_webp import decode_fast_webp
from server.recognition.decoding.picture import (
    ColorPicture,
    Picture,
    decode,
    open_picture,
)
from server.recognition.ink.extraction import extract_ink
from server.recognition.ink.pieces import Components, find_components, trim
from server.recognition.occlusion import find_evidence
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.composition import describe, write
from server.recognition.reading.lines import read_lines
from server.recognition.reading.normalization import normalize
from server.recognition.reading.second_opinion import InkReading, Symbol
from server.recognition.reading.segmentation import Line, arrange, segment

MAX_FAST_BYTES, MAX_FAST_PX = 16_000, 100_000  # of a picture that is decoded in no time
FEW = 40  # pieces of ink, and candidates, that are read in no time

Before = TypeVar("Before")
After = TypeVar("After")


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

    def decode(self, image: bytes) -> ColorPicture:
        """Decode a picture file. Raises UnreadableImage or ImageTooLarge."""
        return decode(open_picture(image, self._max_pixels))

    def read_picture(self, picture: Picture) -> Reading:
        reading, _ = self._read_alone(picture)
        return reading

    def explain(self, image: bytes, position: int | None) -> Explanation:
        """Read one picture file, and tell why the digit at `position` was read as it was.

        Where there is none, it is the least sure one. Raises UnreadableImage, ImageTooLarge, NoInk.
        """
        reading, symbols = self._read_alone(self.decode(image))
        if not symbols:
            raise NoInk("Nothing is written on this picture.")
        chosen = _choose(reading.digits, position)
        seen = normalize(trim(symbols[chosen].ink))
        evidence = find_evidence(seen, self._classifier.classify)
        return Explanation(
            position=chosen,
            reading=reading,
            seen=np.rint(seen * 255).astype(int).tolist(),
            evidence=evidence.round(2).tolist(),
        )

    def _read_alone(self, picture: Picture) -> tuple[Reading, list[Symbol]]:
        started = perf_counter()
        page = _Page(picture, segment(extract_ink(picture.gray)))
        [lines] = read_lines([page.lines], self._classifier)
        reading = self._compose(page, lines, perf_counter() - started)
        return reading, [sign for line in lines for sign in line.symbols]

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
            if len(image) <= MAX_FAST_BYTES:
                plain = decode_fast_webp(image, MAX_FAST_PX)
                if plain:
                    return plain
                opened = open_picture(image, self._max_pixels)
                if opened.width * opened.height <= MAX_FAST_PX:
                    return decode(opened)
        except DigitsError as error:
            return error
        return Unfinished(partial(self.read, image))

    def _find_few(self, picture: Picture) -> _Found | Left:
        components = find_components(extract_ink(picture.gray))
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

    def _compose(self, page: _Page, lines: list[InkReading], seconds: float) -> Reading:
        found = [[describe(sign, page.picture.scale) for sign in line.symbols] for line in lines]
        digits = tuple(chain.from_iterable(found))
        confidence = math.prod(line.confidence for line in lines) if lines else 0.0
        return Reading(
            text="\n".join(map(write, found)),
            confidence=round(confidence, 4),
            uncertain=bool(digits) and confidence < self.threshold,
            digits=digits,
            size=page.picture.size,
            milliseconds=round(seconds * 1000, 3),
            model=self._classifier.name,
        )


def _each(
    step: Callable[[Before], After | Left], works: Sequence[Before | Left]
) -> list[After | Left]:
    """Take a step with all works but those that go no further."""
    return [work if isinstance(work, Left) else step(work) for work in works]


def _choose(digits: Sequence[Digit], position: int | None) -> int:
    """The position, if there is a digit; if not, that of the least sure digit."""
    if position is not None and position < len(digits):
        return position
    return min(range(len(digits)), key=lambda place: digits[place].confidence)
