"""The reader: a picture → its Reading, by way of decoding, ink, segmentation and classification."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from itertools import chain
from time import perf_counter
from typing import TypeVar

import cv2
import numpy as np

from server.contract import Digit, Explanation, Reading, Shown, Strokes
from server.errors import DigitsError, NoInk
from server.recognition.alignment import align
from server.recognition.decoding.color import to_color
from server.recognition.decoding.fast_webp import decode_fast_webp
from server.recognition.decoding.picture import (
    ColorPicture,
    Picture,
    decode,
    open_picture,
    prepare_pillow,
)
from server.recognition.examples import Example
from server.recognition.ink.drawing import extract_drawn_ink, is_drawing
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.ink.page import InkPage
from server.recognition.ink.pieces import Components, find_components, trim
from server.recognition.ink.strokes import draw_strokes
from server.recognition.ink.traces import ink_of
from server.recognition.occlusion import find_evidence
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.composition import (
    compose_alternatives,
    compose_digit,
    compose_lines,
    hide_signs,
)
from server.recognition.reading.lines import read_lines
from server.recognition.reading.normalization import normalize
from server.recognition.reading.segmentation import Line, arrange, segment
from server.recognition.reading.symbols import InkReading
from server.recognition.upright import ReadPage, read_upright

# What `read_batch` reads at once; anything larger is left unfinished.
MAX_FAST_BYTES, MAX_FAST_PX = 16_000, 100_000
MAX_SMALL_PX = 2_000_000  # decoded in some tens of milliseconds
MAX_FAST_PIECES = MAX_FAST_CANDIDATES = 40

Before = TypeVar("Before")
After = TypeVar("After")


@dataclass(frozen=True)
class Unfinished:
    """A reading that may take long; `finish` makes it. It may raise DigitsError."""

    finish: Callable[[], Reading]


Unread = Unfinished | DigitsError  # takes no further step with its batch


@dataclass(frozen=True)
class _Inked:
    page: InkPage
    components: Components


@dataclass(frozen=True)
class _Segmented:
    page: InkPage
    lines: list[Line]


class Reader:
    """A reader of pictures. Several threads may share it; it knows no event loop and no socket."""

    def __init__(self, classifier: Classifier, ink_finder: InkFinder, max_pixels: int) -> None:
        self._classifier = classifier
        self._ink_finder = ink_finder
        self._max_pixels = max_pixels
        prepare_pillow()
        cv2.setNumThreads(1)  # on small pictures a second thread only spins

    @property
    def model(self) -> str:
        """The name of the networks that read digits and lines, as readings give it."""
        return self._classifier.name

    @property
    def threshold(self) -> float:
        """The confidence below which a reading is uncertain."""
        return self._classifier.card.threshold

    @property
    def can_learn(self) -> bool:
        """Whether the model can learn from examples."""
        return self._classifier.can_learn

    def knowing(self, examples: Sequence[Example]) -> Reader:
        """Return a reader that knows examples of one person, in the order in which they came.

        Requires `can_learn`.
        """
        personal = copy(self)
        personal._classifier = self._classifier.knowing(examples)
        return personal

    def reading_by(self, classifier: Classifier) -> Reader:
        """Return a reader that finds ink as this one does, and reads it by another classifier."""
        other = copy(self)
        other._classifier = classifier
        return other

    def hold_back(self, examples: Sequence[Example]) -> list[bool]:
        """Return for each example whether it is held back. Requires `can_learn`."""
        return self._classifier.knowing(examples).held_back

    def align(self, shown: Shown, text: str) -> list[Example]:
        """Return the digits of a drawing or picture that says `text`, those beyond doubt.

        Raise UnreadableImage, ImageTooLarge or InvalidPayload.
        """
        page = self._find_page(shown)
        return align(segment(page.ink, page.layers), text, self._classifier)

    def read(self, image: bytes, strokes: Strokes | None = None) -> Reading:
        """Read a picture file. Raise UnreadableImage, ImageTooLarge or InvalidPayload."""
        return self.read_picture(self.decode(image), strokes)

    def is_small(self, image: bytes) -> bool:
        """Return whether a picture file has few pixels. Raise UnreadableImage or ImageTooLarge."""
        opened = open_picture(image, self._max_pixels)
        return opened.width * opened.height <= MAX_SMALL_PX

    def decode(self, image: bytes) -> ColorPicture:
        """Decode a picture file. Raise UnreadableImage or ImageTooLarge."""
        return decode(open_picture(image, self._max_pixels))

    def read_picture(
        self, picture: ColorPicture, strokes: Strokes | None = None, digits_only: bool = False
    ) -> Reading:
        """Read a picture that was decoded; if its strokes are known, they are what is read.

        With `digits_only` signs are "?". Raise InvalidPayload if the strokes leave the picture.
        """
        started = perf_counter()
        return self._compose_page(self._read_page(picture, strokes), digits_only, started)

    def read_shown(self, shown: Shown) -> Reading:
        """Read a picture file or strokes.

        Raise UnreadableImage, ImageTooLarge or InvalidPayload.
        """
        started = perf_counter()
        return self._compose_page(self._read_shown(shown), shown.digits_only, started)

    def explain(self, shown: Shown, position: int | None) -> Explanation:
        """Read a picture file or strokes, and explain the digit at `position`.

        Without a digit there, explain the least sure one. Raise UnreadableImage, ImageTooLarge,
        InvalidPayload or NoInk.
        """
        started = perf_counter()
        read = self._read_shown(shown)
        reading = self._compose_page(read, shown.digits_only, started)
        if not read.symbols:
            raise NoInk("Nothing is written on this picture.")
        chosen = _choose(reading.digits, position)
        seen = normalize(trim(ink_of(read.symbols[chosen].ink)))
        evidence = find_evidence(seen, self._classifier.classify)
        return Explanation(
            position=chosen,
            reading=reading,
            seen=np.rint(seen * 255).astype(int).tolist(),
            evidence=evidence.round(2).tolist(),
        )

    def _read_shown(self, shown: Shown) -> ReadPage:
        if shown.image is None:
            return self._read_drawn(_draw(shown))
        return self._read_page(self.decode(shown.image), shown.strokes)

    def _read_page(self, picture: ColorPicture, strokes: Strokes | None) -> ReadPage:
        drawn = _to_page(picture, strokes)
        if drawn:
            return self._read_drawn(drawn)
        return read_upright(self._find_ink(picture), self._read_lines)

    def _find_page(self, shown: Shown) -> InkPage:
        if shown.image is None:
            return _draw(shown)
        picture = self.decode(shown.image)
        return _to_page(picture, shown.strokes) or self._find_ink(picture)

    def _find_ink(self, picture: ColorPicture) -> InkPage:
        """Return the ink on a photo."""
        return self._ink_finder.find(to_color(picture.upright)).enlarge(picture.scale)

    def _read_drawn(self, page: InkPage) -> ReadPage:
        return ReadPage(page, self._read_lines(page))

    def _read_lines(self, page: InkPage) -> list[InkReading]:
        [lines] = read_lines([segment(page.ink, page.layers)], self._classifier)
        return lines

    def _finish(self, page: InkPage) -> Reading:
        started = perf_counter()
        return self._compose(page, self._read_lines(page), perf_counter() - started)

    def read_batch(self, drawings: Sequence[Shown]) -> list[Reading | Unread]:
        """Read small drawings together.

        A picture that may take longer is left unfinished; a bad one's error takes its place. All
        pictures take each step before the next one, which keeps the step's code in the CPU's cache.
        """
        started = perf_counter()
        pages = _each(self._decode_fast, drawings)
        inked = _each(self._find_components, pages)
        arranged = _each(self._arrange, inked)
        segmented = [each for each in arranged if isinstance(each, _Segmented)]
        readings = iter(self._read_segmented(segmented, started))
        read = [next(readings) if isinstance(each, _Segmented) else each for each in arranged]
        return [
            _hide_signs(each) if drawing.digits_only else each
            for drawing, each in zip(drawings, read, strict=True)
        ]

    def _decode_fast(self, drawing: Shown) -> InkPage | Unread:
        try:
            if drawing.image is None:
                return _draw(drawing)
            picture = self._decode_small(drawing.image)
            page = _to_page(picture, drawing.strokes) if picture else None
        except DigitsError as error:
            return error
        return page or Unfinished(partial(self.read, drawing.image, drawing.strokes))

    def _decode_small(self, image: bytes) -> Picture | None:
        """Decode a file of few bytes and pixels. Raise UnreadableImage or ImageTooLarge."""
        if len(image) > MAX_FAST_BYTES:
            return None
        picture = decode_fast_webp(image, MAX_FAST_PX)
        if picture:
            return picture
        opened = open_picture(image, self._max_pixels)
        return decode(opened) if opened.width * opened.height <= MAX_FAST_PX else None

    def _find_components(self, page: InkPage) -> _Inked | Unread:
        components = find_components(page.ink)
        if len(components.pieces) > MAX_FAST_PIECES:
            return Unfinished(partial(self._finish, page))
        return _Inked(page, components)

    def _arrange(self, inked: _Inked) -> _Segmented | Unread:
        lines = arrange(inked.components, inked.page.layers)
        if sum(len(line.candidates) for line in lines) > MAX_FAST_CANDIDATES:
            return Unfinished(partial(self._finish, inked.page))
        return _Segmented(inked.page, lines)

    def _read_segmented(self, segmented: Sequence[_Segmented], started: float) -> list[Reading]:
        read = read_lines([each.lines for each in segmented], self._classifier)
        seconds = (perf_counter() - started) / max(len(segmented), 1)
        return [
            self._compose(each.page, lines, seconds)
            for each, lines in zip(segmented, read, strict=True)
        ]

    def _compose_page(self, read: ReadPage, digits_only: bool, started: float) -> Reading:
        reading = self._compose(read.page, read.lines, perf_counter() - started)
        return hide_signs(reading) if digits_only else reading

    def _compose(self, page: InkPage, lines: Sequence[InkReading], seconds: float) -> Reading:
        symbols = chain.from_iterable(line.symbols for line in lines)
        digits = tuple(compose_digit(symbol, page) for symbol in symbols)
        composed = compose_lines(lines, page)
        text = "\n".join(line.text for line in composed)
        confidence = math.prod(line.confidence for line in composed)
        return Reading(
            text=text,
            confidence=round(confidence, 4) if lines else 0.0,
            uncertain=bool(digits) and confidence < self.threshold,
            digits=digits,
            lines=composed,
            size=page.size,
            milliseconds=round(seconds * 1000, 3),
            model=self._classifier.name,
            alternatives=compose_alternatives(lines, page, text),
        )


def _to_page(picture: Picture, strokes: Strokes | None) -> InkPage | None:
    """Return the ink of a drawing, None if it is not one. Raise InvalidPayload."""
    if strokes:
        return draw_strokes(strokes, picture.size)
    if is_drawing(picture.gray):
        return InkPage(extract_drawn_ink(picture.gray), picture.size, picture.scale)
    return None


def _draw(shown: Shown) -> InkPage:
    """Return the ink of strokes that come without a picture. Raise InvalidPayload."""
    assert shown.strokes
    assert shown.size
    return draw_strokes(shown.strokes, shown.size)


def _hide_signs(read: Reading | Unread) -> Reading | Unread:
    match read:
        case Reading():
            return hide_signs(read)
        case Unfinished(finish):
            return Unfinished(lambda: hide_signs(finish()))
    return read


def _each(
    step: Callable[[Before], After | Unread], items: Sequence[Before | Unread]
) -> list[After | Unread]:
    """Take a step with all items except those that are left unread."""
    return [item if isinstance(item, Unread) else step(item) for item in items]


def _choose(digits: Sequence[Digit], position: int | None) -> int:
    """Return the position if there is a digit; otherwise that of the least sure digit."""
    if position is not None and position < len(digits):
        return position
    return min(range(len(digits)), key=lambda place: digits[place].confidence)
