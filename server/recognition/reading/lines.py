"""Reading of lines of ink: classify every candidate, weigh the texts, join split digits."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import numpy as np

from server.recognition.ink.traces import ink_of
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.lattice import Option
from server.recognition.reading.normalization import normalize
from server.recognition.reading.parts import Part, find_parts, read_as_found, read_part
from server.recognition.reading.segmentation import Line
from server.recognition.reading.symbols import InkReading, join_readings

MAX_DOUBTFUL = 30  # parts of one page: with more it is not handwriting
MIN_ONE_DIGIT = 0.7  # probability for two lines to be one digit
MIN_TWO_LINES = 0.8  # confidence in two lines above which they are two
MIN_LINE_GAP_PX = 3  # between two lines of one digit each: less is a broken stroke
EIGHT, RINGS = 8, [0, 0]


Item = TypeVar("Item")


@dataclass(frozen=True)
class _ClassifiedLine:
    """A line with the options of its candidates, and of its stack if it has one."""

    line: Line
    options: list[Option]

    @property
    def own(self) -> list[Option]:
        return self.options[: len(self.line.candidates)]

    @property
    def stack(self) -> Option | None:
        return self.options[-1] if self.line.stack else None


def read_lines(pages: Sequence[Sequence[Line]], classifier: Classifier) -> list[list[InkReading]]:
    """Read the lines of each page; lines that are one digit together become one reading.

    The candidates of all pages are classified in one batch.
    """
    classified = _classify_lines([*chain.from_iterable(pages)], classifier)
    return [_read_page(page, classifier) for page in _split(classified, pages)]


def find_line_parts(lines: Sequence[Line], classifier: Classifier) -> list[list[Part]]:
    """Return the parts of each line, with what their candidates read."""
    return [find_parts(each.line, each.own) for each in _classify_lines(lines, classifier)]


def _classify_lines(lines: Sequence[Line], classifier: Classifier) -> list[_ClassifiedLine]:
    candidates = [
        [*line.candidates, line.stack] if line.stack else line.candidates for line in lines
    ]
    options = _classify([*chain.from_iterable(candidates)], classifier)
    parts = _split(options, candidates)
    return [_ClassifiedLine(line, part) for line, part in zip(lines, parts, strict=True)]


def _classify(candidates: Sequence[Candidate], classifier: Classifier) -> list[Option]:
    if not candidates:
        return []
    pictures = np.array([normalize(ink_of(each.ink)) for each in candidates])
    rows, gains = classifier.classify_with_gains(pictures)
    each_gains = [None] * len(candidates) if gains is None else gains
    return [Option(*each) for each in zip(candidates, rows, each_gains, strict=True)]


def _split(items: Sequence[Item], groups: Sequence[Sized]) -> list[list[Item]]:
    """Return items in runs that are as long as each of the groups."""
    remaining = iter(items)
    return [[*islice(remaining, len(group))] for group in groups]


def _read_page(classified: Sequence[_ClassifiedLine], classifier: Classifier) -> list[InkReading]:
    parts = [find_parts(each.line, each.own) for each in classified]
    doubtful = sum(not part.is_sure for line in parts for part in line)
    asks = classifier.reads_lines and doubtful <= MAX_DOUBTFUL
    read = [join_readings([read_part(part, classifier, asks) for part in line]) for line in parts]
    return _merge_stacks(read, [each.stack for each in classified])


def _merge_stacks(read: Sequence[InkReading], stacks: Sequence[Option | None]) -> list[InkReading]:
    """Return the lines; a line that is likely one digit with the one above replaces both."""
    merged: list[InkReading] = []
    for line, option in zip(read, stacks, strict=True):
        if option and _is_one_digit(option, merged[-1], line):
            merged[-1] = read_as_found(option)
        else:
            merged.append(line)
    return merged


def _is_one_digit(whole: Option, upper: InkReading, lower: InkReading) -> bool:
    """Return whether two lines are one digit.

    If both read well they are two lines, unless they are the two rings of an 8, or hardly apart.
    """
    is_likely = float(whole.probabilities[:NO_DIGIT_LABEL].max()) >= MIN_ONE_DIGIT
    labels = [symbol.label for line in (upper, lower) for symbol in line.symbols]
    reads_well = upper.confidence * lower.confidence >= MIN_TWO_LINES
    are_digits = reads_well and NO_DIGIT_LABEL not in labels
    is_eight = whole.label == EIGHT and labels == RINGS
    bottom = max(symbol.box.bottom for symbol in upper.symbols)
    is_broken = min(symbol.box.top for symbol in lower.symbols) - bottom < MIN_LINE_GAP_PX
    return is_likely and (not are_digits or is_eight or is_broken)
