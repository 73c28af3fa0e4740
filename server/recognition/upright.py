"""Pages that lie on their side or upside down, turned upright where that reads clearly better."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from server.recognition.ink.page import InkPage
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.symbols import InkReading, Symbol

MIN_LEGIBILITY = 0.85  # of a page as it lies: it is not worth turning
MIN_GAIN = 0.2  # of legibility by turning: an upside-down 6 is a legible 9
RIGHT_ANGLES = (1, 2, 3)

Lines = Sequence[InkReading]


@dataclass(frozen=True)
class ReadPage:
    """A page and its lines."""

    page: InkPage
    lines: Lines

    @property
    def symbols(self) -> list[Symbol]:
        return [symbol for line in self.lines for symbol in line.symbols]

    @property
    def legibility(self) -> float:
        """The mean confidence of the symbols, of which those that are not digits count as 0."""
        confidences = [0.0 if s.label == NO_DIGIT_LABEL else s.confidence for s in self.symbols]
        return float(np.mean(confidences)) if confidences else 0.0


def read_upright(page: InkPage, read: Callable[[InkPage], Lines]) -> ReadPage:
    """Read a page by `read`, as it lies or turned by right angles if that is clearly better."""
    as_it_lies = ReadPage(page, read(page))
    if not as_it_lies.lines or as_it_lies.legibility >= MIN_LEGIBILITY:
        return as_it_lies
    turned = (page.turn(turns) for turns in RIGHT_ANGLES)
    best = max((ReadPage(each, read(each)) for each in turned), key=lambda each: each.legibility)
    return best if best.legibility >= as_it_lies.legibility + MIN_GAIN else as_it_lies
