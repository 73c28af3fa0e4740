"""Reading of lines of ink: classify every candidate, weigh the texts, join split digits."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeVar

import numpy as np

from server.recognition.ink.pieces import cut_out
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.candidates import MAX_GAP, Candidate
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.lattice import Lattice, Option
from server.recognition.reading.line_network import normalize_line
from server.recognition.reading.normalization import normalize
from server.recognition.reading.segmentation import Line, join
from server.recognition.reading.symbols import InkReading, Symbol
from server.recognition.reading.weighing import weigh

MIN_SURE = 0.95  # probability above which a lone candidate needs no other reading
MIN_SURE_OF_MANY = 0.98  # the same for each digit of several candidates
MAX_SURE_ASPECT = 1.6  # width over height of a candidate that is surely no more than one digit
MAX_PART_WIDTH = 16.0  # in heights, of ink that is read as a whole
MAX_PART_PIECES = 40  # of such ink: more is not handwriting
MAX_PARTS = 60  # of one page: with more it is not handwriting, and the classifier has to do
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


@dataclass(frozen=True)
class _Part:
    """The pieces `first` to `last` of a line, which no candidate joins to others."""

    line: Line
    options: list[Option]
    first: int
    last: int


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
    parts = [_find_parts(each) for each in classified]
    asks = classifier.reads_lines and sum(map(len, parts)) <= MAX_PARTS
    read = [_join([_read_part(part, classifier, asks) for part in line]) for line in parts]
    return _merge_stacks(read, [each.stack for each in classified])


def _find_parts(classified: _ClassifiedLine) -> list[_Part]:
    """Cut a line where no candidate reaches across, if it is too wide to be read as a whole."""
    line = classified.line
    height = max(piece.box.height for piece in line.pieces)
    joins = {place for c in line.candidates for place in range(c.first + 1, c.last + 1)}
    cuts, width = [0], 0.0
    for place, piece in enumerate(line.pieces):
        width += min(piece.box.width / height, MAX_PART_WIDTH) + MAX_GAP
        if width > MAX_PART_WIDTH and place not in joins and place > cuts[-1]:
            cuts.append(place)
            width = piece.box.width / height
    bounds = zip(cuts, [*cuts[1:], len(line.pieces)], strict=True)
    return [
        _Part(line, [o for o in classified.own if start <= o.candidate.first < end], start, end - 1)
        for start, end in bounds
    ]


def _read_part(part: _Part, classifier: Classifier, asks: bool) -> InkReading:
    if len(part.options) == 1 and (not asks or _is_one_digit_surely(part.options[0])):
        return _read_as_found(part.options[0])
    asks = asks and part.last - part.first < MAX_PART_PIECES
    lattice = Lattice(part.options, several=asks)
    as_found = _read_lattice(lattice)
    if not asks or (len(part.options) > 1 and _is_sure(as_found)):
        return as_found
    piece = join(part.line, part.first, part.last)
    ink = cut_out(part.line.ink, part.line.component_ids, piece)
    return weigh(lattice, classifier.read_line(normalize_line(ink)), piece.box.left)


def _is_one_digit_surely(option: Option) -> bool:
    is_probable = float(option.probabilities.max()) >= MIN_SURE and option.label != NO_DIGIT_LABEL
    return is_probable and option.candidate.width <= MAX_SURE_ASPECT


def _is_sure(reading: InkReading) -> bool:
    """Return whether the line network could hardly change a reading."""
    labels = [symbol.label for symbol in reading.symbols]
    return NO_DIGIT_LABEL not in labels and reading.confidence >= MIN_SURE_OF_MANY ** len(labels)


def _read_as_found(option: Option) -> InkReading:
    """Return an option as one symbol."""
    return InkReading([_to_symbol(option, option.label)], float(option.probabilities.max()))


def _read_lattice(lattice: Lattice) -> InkReading:
    """Return the heaviest text of a lattice."""
    texts = lattice.texts()
    best = max(texts, key=texts.__getitem__)
    symbols = [_to_symbol(step.option, step.labels[0]) for step in lattice.trace(best)]
    return InkReading(symbols, texts[best] / lattice.total())


def _to_symbol(option: Option, label: int) -> Symbol:
    return Symbol(option.candidate.box, option.candidate.ink, option.probabilities, label)


def _join(parts: Sequence[InkReading]) -> InkReading:
    symbols = [symbol for part in parts for symbol in part.symbols]
    return InkReading(symbols, math.prod(part.confidence for part in parts))


def _merge_stacks(read: Sequence[InkReading], stacks: Sequence[Option | None]) -> list[InkReading]:
    """Return the lines; a line that is likely one digit with the one above replaces both."""
    merged: list[InkReading] = []
    for line, option in zip(read, stacks, strict=True):
        if option and _is_one_digit(option, merged[-1], line):
            merged[-1] = _read_as_found(option)
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
