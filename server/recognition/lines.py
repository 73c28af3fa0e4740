"""Lines of ink → what stands in them: every candidate is classified, the best path chosen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from server.recognition.classifier import NO_DIGIT_LABEL, Classifier, Probabilities
from server.recognition.normalization import normalize
from server.recognition.pairs import normalize_pair
from server.recognition.path import Option, find_path
from server.recognition.pieces import Box, count_strokes
from server.recognition.segmentation import Candidate, Line, part

DOUBT = 0.95  # of probability: ink that reads worse may be touching digits, and is parted
WIDE = 1.6  # of its height: so may wider ink be
STROKES_MET = 1.6  # by a row of it, on average: ink that meets fewer is no two digits
NARROW = 1.1  # of its height: no more than two digits touch in narrower ink,
PAIR_SEEN = 0.02  # and none where two are less probable than this
MAX_PARTED = 24  # candidates of one page


@dataclass(frozen=True)
class Sign:
    """A digit on the best path, or ink that is none, with its probabilities [11]."""

    box: Box
    probabilities: Probabilities

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())


@dataclass(frozen=True)
class ReadLine:
    """The best path through a line; `confidence` is that all of its signs are right."""

    line: Line
    options: list[Option]
    confidence: float

    @property
    def signs(self) -> list[Sign]:
        """From left to right."""
        return [sign for option in self.options for sign in _signs(option)]


def read_lines(pages: Sequence[Sequence[Line]], classifier: Classifier) -> list[list[ReadLine]]:
    """Read the lines of each page, none of them parted, with one run of the model for all."""
    readings = iter(_read([*chain.from_iterable(pages)], classifier))
    return [list(islice(readings, len(page))) for page in pages]


def find_doubts(page: Sequence[ReadLine], classifier: Classifier) -> list[set[int]]:
    """For each line of a page, the pieces that may be touching digits.

    A page with very many of them is no handwriting, and stays as it is.
    """
    doubts: list[set[int]] = [set() for _ in page]
    doubtful = [
        (pieces, option.candidate)
        for pieces, reading in zip(doubts, page, strict=True)
        for option in reading.options
        if _is_doubtful(option)
    ]
    if len(doubtful) <= MAX_PARTED:
        narrow = [c for _, c in doubtful if c.box.width <= NARROW * c.box.height]
        pairs = iter(_classify_pairs(narrow, classifier))
        for pieces, c in doubtful:
            wide = c.box.width > NARROW * c.box.height
            if wide or float(next(pairs)[:, :NO_DIGIT_LABEL].max(axis=1).prod()) >= PAIR_SEEN:
                pieces.update(range(c.first, c.last + 1))
    return doubts


def part_doubts(
    page: Sequence[ReadLine], doubts: Sequence[set[int]], classifier: Classifier
) -> list[ReadLine]:
    """Read the page's lines again with these of their pieces parted."""
    parted = [part(each.line, pieces) for each, pieces in zip(page, doubts, strict=True) if pieces]
    readings = iter(_read(parted, classifier))
    return [next(readings) if pieces else each for each, pieces in zip(page, doubts, strict=True)]


def _read(lines: Sequence[Line], classifier: Classifier) -> list[ReadLine]:
    singles = [c for line in lines for c in line.candidates if c.single]
    rows = iter(_classify(singles, classifier))
    pairs = [c for line in lines for c in line.candidates if c.touching]
    pair_rows = iter(_classify_pairs(pairs, classifier))
    return [_choose(line, rows, pair_rows) for line in lines]


def _classify(singles: Sequence[Candidate], classifier: Classifier) -> Iterable[Probabilities]:
    """[11] for each."""
    return classifier.classify(np.array([normalize(c.ink) for c in singles])) if singles else []


def _classify_pairs(pairs: Sequence[Candidate], classifier: Classifier) -> Iterable[Probabilities]:
    """[2, 11] for each."""
    fields = [normalize_pair(c.ink) for c in pairs]
    return classifier.classify_pairs(np.array(fields)) if pairs else []


def _choose(
    line: Line, rows: Iterator[Probabilities], pair_rows: Iterator[Probabilities]
) -> ReadLine:
    """Takes a row [11] for each single candidate of the line, and [2, 11] for each touching one."""
    options = [Option(c, next(rows)[None]) for c in line.candidates if c.single]
    pairs = [Option(c, next(pair_rows)) for c in line.candidates if c.touching]
    options += [pair for pair in pairs if NO_DIGIT_LABEL not in pair.labels]
    path = find_path(line, options)
    read = math.prod(float(o.probabilities.max(axis=1).prod()) for o in path.options)
    return ReadLine(line, path.options, path.share * read)


def _is_doubtful(option: Option) -> bool:
    box = option.candidate.box
    unsure = float(option.probabilities.max(axis=1).min()) < DOUBT
    misread = unsure or NO_DIGIT_LABEL in option.labels or box.width > WIDE * box.height
    strokes = max(STROKES_MET, box.width / box.height)  # a digit wider than high meets one at least
    return misread and count_strokes(option.candidate.ink) >= strokes


def _signs(option: Option) -> list[Sign]:
    """Of two digits, each gets half of the box."""
    box, count = option.candidate.box, len(option.probabilities)
    edges = [box.left + box.width * k // count for k in range(count + 1)]
    return [
        Sign(Box(edges[k], box.top, edges[k + 1], box.bottom), row)
        for k, row in enumerate(option.probabilities)
    ]
