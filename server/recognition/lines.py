"""Lines of ink → what stands in them: every candidate is classified, the best path chosen."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from server.recognition.classifier import NO_DIGIT_LABEL, Probabilities
from server.recognition.normalization import FIELD_PX, Normalized, normalize
from server.recognition.path import find_path
from server.recognition.segmentation import Candidate, Line, part

DOUBT = 0.9  # of probability: ink that reads worse may be touching digits, and is parted
WIDE = 1.2  # of its height: so may wider ink be
MAX_PARTED = 24  # pieces of one line; more of them are no handwritten number

Classify = Callable[[Normalized], Probabilities]


@dataclass(frozen=True)
class Sign:
    """A digit on the best path, or ink that is none, with its probabilities [11]."""

    candidate: Candidate
    probabilities: Probabilities

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        return float(self.probabilities.max())

    @property
    def doubtful(self) -> bool:
        box = self.candidate.box
        wide = box.width > WIDE * box.height
        return wide or self.label == NO_DIGIT_LABEL or self.confidence < DOUBT


@dataclass(frozen=True)
class ReadLine:
    """The signs of a line from left to right; `confidence` is that all of them are right."""

    signs: list[Sign]
    confidence: float


def read_lines(lines: Sequence[Line], classify: Classify) -> list[ReadLine]:
    """Read lines with one run of the model, and those with doubtful ink, parted, with another."""
    readings = _read(lines, classify)
    doubts = {k: _doubtful_pieces(reading) for k, reading in enumerate(readings)}
    parted = {
        k: part(lines[k], pieces) for k, pieces in doubts.items() if 0 < len(pieces) <= MAX_PARTED
    }
    for k, reading in zip(parted, _read(list(parted.values()), classify), strict=True):
        readings[k] = reading
    return readings


def _read(lines: Sequence[Line], classify: Classify) -> list[ReadLine]:
    candidates = [candidate for line in lines for candidate in line.candidates]
    fields = np.empty((len(candidates), FIELD_PX, FIELD_PX), np.float32)
    for field, candidate in zip(fields, candidates, strict=True):
        field[:] = normalize(candidate.ink)
    rows = iter(classify(fields))
    return [_choose(line, list(islice(rows, len(line.candidates)))) for line in lines]


def _choose(line: Line, rows: list[Probabilities]) -> ReadLine:
    path = find_path(line, rows)
    signs = [Sign(line.candidates[index], rows[index]) for index in path.indices]
    return ReadLine(signs, path.share * math.prod(sign.confidence for sign in signs))


def _doubtful_pieces(reading: ReadLine) -> set[int]:
    runs = (sign.candidate for sign in reading.signs if sign.doubtful)
    return {piece for run in runs for piece in range(run.first, run.last + 1)}
