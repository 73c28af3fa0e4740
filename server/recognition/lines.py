"""Lines of ink → what stands in them: every candidate is classified, the best path chosen.

What reads badly on that path may be digits that touch, and is read once more as a string.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from server.recognition.classifier import NO_DIGIT_LABEL, Classifier, Probabilities
from server.recognition.normalization import normalize
from server.recognition.path import Option, find_path
from server.recognition.pieces import Box, cut_out
from server.recognition.segmentation import Candidate, Line, join
from server.recognition.strings import WIDEST, StringReading, normalize_string

DOUBT = 0.95  # of probability: ink that reads worse may be touching digits
WIDE = 1.6  # of its height: so may wider ink be
CLOSE = 0.06  # of the line's height: doubtful ink so near to each other is one string
MAX_STRINGS = 24  # of one page
ONE_DIGIT = 0.7  # of probability, for two lines together to be taken for a digit
LEAST = 1e-12  # of likelihood


@dataclass(frozen=True)
class Sign:
    """A digit, or ink that is none, with its probabilities [11]."""

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
    """What stands in a line, from left to right; `confidence` is that all of it is right."""

    signs: list[Sign]
    confidence: float


def read_lines(pages: Sequence[Sequence[Line]], classifier: Classifier) -> list[list[ReadLine]]:
    """Read the lines of each page, with one run of the model for all of them."""
    candidates = [c for lines in pages for line in lines for c in _candidates(line)]
    options = iter(_classify(candidates, classifier))
    return [_read_page(lines, options, classifier) for lines in pages]


def _classify(candidates: Sequence[Candidate], classifier: Classifier) -> list[Option]:
    if not candidates:
        return []
    rows = classifier.classify(np.array([normalize(candidate.ink) for candidate in candidates]))
    return [Option(candidate, row) for candidate, row in zip(candidates, rows, strict=True)]


def _candidates(line: Line) -> list[Candidate]:
    return [*line.candidates, line.stack] if line.stack else line.candidates


def _read_page(
    lines: Sequence[Line], options: Iterator[Option], classifier: Classifier
) -> list[ReadLine]:
    """Takes an option for each candidate of the lines.

    Of a page with very many doubts, which is no handwriting, none is read once more.
    """
    paths, stacks = [], []
    for line in lines:
        paths.append(find_path(line, [*islice(options, len(line.candidates))]))
        stacks.append(next(options) if line.stack else None)
    groups = [_find_groups(line, path.options) for line, path in zip(lines, paths, strict=True)]
    doubts = sum(group.doubtful for own in groups for group in own)
    again = classifier.reads_strings and doubts <= MAX_STRINGS
    read = [
        _compose([_read(line, group, classifier, again) for group in own], path.share)
        for line, path, own in zip(lines, paths, groups, strict=True)
    ]
    return _stack(read, stacks)


def _stack(read: Sequence[ReadLine], stacks: Sequence[Option | None]) -> list[ReadLine]:
    """The lines, but one for two that are likely one digit."""
    stacked: list[ReadLine] = []
    for line, option in zip(read, stacks, strict=True):
        if option and float(option.probabilities[:NO_DIGIT_LABEL].max()) >= ONE_DIGIT:
            stacked[-1] = _as_they_are([option])
        else:
            stacked.append(line)
    return stacked


def _as_they_are(options: Sequence[Option]) -> ReadLine:
    signs = [Sign(option.candidate.box, option.probabilities) for option in options]
    return ReadLine(signs, math.prod(sign.confidence for sign in signs))


def _compose(parts: Sequence[ReadLine], share: float) -> ReadLine:
    signs = [sign for part in parts for sign in part.signs]
    return ReadLine(signs, share * math.prod(part.confidence for part in parts))


@dataclass(frozen=True)
class _Group:
    """Neighbours on the best path of a line: one that reads well, or what may be a string."""

    options: tuple[Option, ...]
    doubtful: bool


def _find_groups(line: Line, options: Sequence[Option]) -> list[_Group]:
    close = CLOSE * max(piece.box.height for piece in line.pieces)
    groups: list[_Group] = []
    for option in options:
        doubtful = _is_doubtful(option)
        last = groups[-1] if groups else None
        if last and last.doubtful and doubtful and _gap(last.options[-1], option) <= close:
            groups[-1] = _Group((*last.options, option), True)
        else:
            groups.append(_Group((option,), doubtful))
    return groups


def _is_doubtful(option: Option) -> bool:
    box = option.candidate.box
    unsure = float(option.probabilities.max()) < DOUBT
    wide = box.width > WIDE * box.height
    return (unsure or wide or option.label == NO_DIGIT_LABEL) and box.width < WIDEST * box.height


def _gap(left: Option, right: Option) -> int:
    return -left.candidate.box.shared_width(right.candidate.box)


def _read(line: Line, group: _Group, classifier: Classifier, again: bool) -> ReadLine:
    """What a group says, as one sign, or as a string if that is likelier."""
    if group.doubtful and again:
        first, last = group.options[0].candidate.first, group.options[-1].candidate.last
        piece = join(line, first, last)
        ink = cut_out(line.ink, line.labels, piece)
        [string] = classifier.read_strings([normalize_string(ink)])
        return _weigh(group, piece.box, string)
    return _as_they_are(group.options)


def _weigh(group: _Group, box: Box, string: StringReading) -> ReadLine:
    """Both networks' opinions are multiplied; for the first, a string is "no digit"."""
    rows = [option.probabilities for option in group.options]
    other = math.prod(float(row[NO_DIGIT_LABEL]) for row in rows)
    whole = string.likelihood(string.labels) * other
    if len(rows) == 1:
        alone = rows[0] * string.single_likelihoods()
        total = float(alone.sum()) + (whole if len(string.labels) > 1 else 0.0)
        if len(string.labels) < 2 or alone.max() >= whole:
            row = alone / max(total, LEAST)
            return ReadLine([Sign(box, row)], float(row.max()))
        return ReadLine(_split(box, string), whole / total)
    labels = [option.label for option in group.options]
    apart = string.likelihood(labels) * math.prod(float(row.max()) for row in rows)
    if apart >= whole:
        signs = [Sign(option.candidate.box, option.probabilities) for option in group.options]
        return ReadLine(signs, apart / max(apart + whole, LEAST))
    return ReadLine(_split(box, string), whole / (apart + whole))


def _split(box: Box, string: StringReading) -> list[Sign]:
    """Each label's part of the box reaches halfway to its neighbours'."""
    centres = [box.left + box.width * place for place in string.places]
    inner = [round((a + b) / 2) for a, b in pairwise(centres)]
    edges = [box.left, *inner, box.right]
    return [
        Sign(Box(left, box.top, right, box.bottom), row)
        for (left, right), row in zip(pairwise(edges), string.rows, strict=True)
    ]
