"""Lines of ink → what stands in them: every candidate is classified, the best path chosen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.best_path import Option, find_best_path
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.normalization import normalize
from server.recognition.reading.second_opinion import (
    Group,
    InkReading,
    ask_second_opinion,
    find_groups,
    read_as_found,
)
from server.recognition.reading.segmentation import Candidate, Line

MAX_SECOND_OPINIONS = 24  # on one page; with more of them it is no handwriting
ONE_DIGIT = 0.7  # of probability, for two lines together to be taken for a digit
TWO_LINES = 0.8  # of probability, for two lines to be taken for two
EIGHT, RINGS = 8, [0, 0]


def read_lines(pages: Sequence[Sequence[Line]], classifier: Classifier) -> list[list[InkReading]]:
    """What stands in the lines of each page, with one run of the model for all that is sure."""
    candidates = [c for lines in pages for line in lines for c in _candidates(line)]
    options = iter(_classify(candidates, classifier))
    return [_read_page(lines, options, classifier) for lines in pages]


def _candidates(line: Line) -> list[Candidate]:
    return [*line.candidates, line.stack] if line.stack else line.candidates


def _classify(candidates: Sequence[Candidate], classifier: Classifier) -> list[Option]:
    if not candidates:
        return []
    rows = classifier.classify(np.array([normalize(candidate.ink) for candidate in candidates]))
    return [Option(candidate, row) for candidate, row in zip(candidates, rows, strict=True)]


def _read_page(
    lines: Sequence[Line], options: Iterator[Option], classifier: Classifier
) -> list[InkReading]:
    """Takes an option for each candidate of the lines."""
    paths, stacks = [], []
    for line in lines:
        paths.append(find_best_path(line, [*islice(options, len(line.candidates))]))
        stacks.append(next(options) if line.stack else None)
    groups = [find_groups(line, path.options) for line, path in zip(lines, paths, strict=True)]
    doubts = sum(group.doubtful for own in groups for group in own)
    again = classifier.reads_touching and doubts <= MAX_SECOND_OPINIONS
    read = [
        _compose([_read(line, group, classifier, again) for group in own], path.share)
        for line, path, own in zip(lines, paths, groups, strict=True)
    ]
    return _stack(read, stacks)


def _read(line: Line, group: Group, classifier: Classifier, again: bool) -> InkReading:
    if group.doubtful and again:
        return ask_second_opinion(line, group, classifier)
    return read_as_found(group.options)


def _compose(parts: Sequence[InkReading], share: float) -> InkReading:
    symbols = [sign for part in parts for sign in part.symbols]
    return InkReading(symbols, share * math.prod(part.confidence for part in parts))


def _stack(read: Sequence[InkReading], stacks: Sequence[Option | None]) -> list[InkReading]:
    """The lines, but one for two that are likely one digit."""
    stacked: list[InkReading] = []
    for line, option in zip(read, stacks, strict=True):
        if option and _is_one_digit(option, stacked[-1], line):
            stacked[-1] = read_as_found([option])
        else:
            stacked.append(line)
    return stacked


def _is_one_digit(whole: Option, upper: InkReading, lower: InkReading) -> bool:
    """Whether two lines are one digit. If both read well they are two, but for rings of an 8."""
    likely = float(whole.probabilities[:NO_DIGIT_LABEL].max()) >= ONE_DIGIT
    labels = [sign.label for line in (upper, lower) for sign in line.symbols]
    well = upper.confidence * lower.confidence >= TWO_LINES and NO_DIGIT_LABEL not in labels
    return likely and (not well or (whole.label == EIGHT and labels == RINGS))
