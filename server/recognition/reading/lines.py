"""Reading of lines of ink: classify every candidate, choose the best path, join split digits."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import numpy as np

from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.best_path import Option, find_best_path
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.normalization import normalize
from server.recognition.reading.second_opinion import (
    Group,
    ask_second_opinion,
    group_options,
    read_as_found,
)
from server.recognition.reading.segmentation import Line
from server.recognition.reading.symbols import InkReading

MAX_SECOND_OPINIONS = 24  # on one page: with more doubtful groups it is not handwriting
MIN_ONE_DIGIT = 0.7  # probability for two lines to be one digit
MIN_TWO_LINES = 0.8  # confidence in two lines above which they are two
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
    rows = classifier.classify(np.array([normalize(candidate.ink) for candidate in candidates]))
    return [Option(candidate, row) for candidate, row in zip(candidates, rows, strict=True)]


def _split(items: Sequence[Item], groups: Sequence[Sized]) -> list[list[Item]]:
    """Return items in runs that are as long as each of the groups."""
    remaining = iter(items)
    return [[*islice(remaining, len(group))] for group in groups]


def _read_page(classified: Sequence[_ClassifiedLine], classifier: Classifier) -> list[InkReading]:
    paths = [find_best_path(each.line, each.own) for each in classified]
    grouped = [
        group_options(each.line, path.options) for each, path in zip(classified, paths, strict=True)
    ]
    doubtful = sum(group.is_doubtful for groups in grouped for group in groups)
    asks = classifier.reads_touching and doubtful <= MAX_SECOND_OPINIONS
    read = [
        _join([_read_group(each.line, group, classifier, asks) for group in groups], path.share)
        for each, path, groups in zip(classified, paths, grouped, strict=True)
    ]
    return _merge_stacks(read, [each.stack for each in classified])


def _read_group(line: Line, group: Group, classifier: Classifier, asks: bool) -> InkReading:
    if group.is_doubtful and asks:
        return ask_second_opinion(line, group, classifier)
    return read_as_found(group.options)


def _join(parts: Sequence[InkReading], share: float) -> InkReading:
    symbols = [symbol for part in parts for symbol in part.symbols]
    return InkReading(symbols, share * math.prod(part.confidence for part in parts))


def _merge_stacks(read: Sequence[InkReading], stacks: Sequence[Option | None]) -> list[InkReading]:
    """Return the lines; a line that is likely one digit with the one above replaces both."""
    merged: list[InkReading] = []
    for line, option in zip(read, stacks, strict=True):
        if option and _is_one_digit(option, merged[-1], line):
            merged[-1] = read_as_found([option])
        else:
            merged.append(line)
    return merged


def _is_one_digit(whole: Option, upper: InkReading, lower: InkReading) -> bool:
    """Return whether two lines are one digit.

    If both read well they are two lines, unless they are the two rings of an 8.
    """
    is_likely = float(whole.probabilities[:NO_DIGIT_LABEL].max()) >= MIN_ONE_DIGIT
    labels = [symbol.label for line in (upper, lower) for symbol in line.symbols]
    reads_well = upper.confidence * lower.confidence >= MIN_TWO_LINES
    are_digits = reads_well and NO_DIGIT_LABEL not in labels
    return is_likely and (not are_digits or (whole.label == EIGHT and labels == RINGS))
