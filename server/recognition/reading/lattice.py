"""The lattice of a line: every way to cut it into candidates, and the texts that they read.

An edge leads from one place between pieces to another, over one candidate. A path from the start
of the line to its end reads a text: one label for each edge, or several where a candidate is ink
that the classifier takes for no digit, since digits that touch look like that, or none where it is
only a speck.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from server.recognition.arrays import Probabilities
from server.recognition.examples import Gains
from server.recognition.labels import (
    BLANK_LABEL,
    FIRST_SIGN_LABEL,
    LABEL_COUNT,
    LINE_LABELS,
    NO_DIGIT_LABEL,
)
from server.recognition.reading.candidates import Candidate

Labels = tuple[int, ...]

NO_DIGIT_COST = 1.0  # nats, for ink that is not a digit where other candidates may be digits
USUAL_WIDTH = 0.75  # of a digit, in heights of its line: wider ink that is not a digit costs more
SEVERAL_COST = 0.6  # nats, for each label of a candidate that is several digits
GAP_COST = 4.0  # nats, for a gap inside a digit, for each height of the line
COVER_COST = 4.0  # nats, for a digit whose width the next one covers, all of it
USUAL_COVER = 0.5  # of its width: digits that overlap so much cost nothing
SMALL_HEIGHT = 0.55  # in heights of the line: a lower candidate is rather a part of a digit
SMALL_COST = 12.0  # nats, for each height of the line that is missing
SIGN_PROBABILITY = 0.3  # of any sign, before the line network is asked
MAX_SPECK, DIRT_PROBABILITY = 0.2, 0.5  # in heights of the line: a smaller piece may be dirt
SIGN_GAP_COST = 8.0  # nats, for a gap inside a sign, for each height of the line
MIN_PROBABILITY = 1e-6
MIN_LABEL = 1e-3  # probability of a label that a text may have
MIN_DIGIT_WIDTH = 0.15  # in heights of the line: more digits do not fit into a candidate
MAX_TEXTS = 6
ANY = len(LINE_LABELS)  # in a text that is traced: whichever label is the most probable


@dataclass(frozen=True)
class Option:
    """A candidate with its probabilities [11], and what they gained from examples, if anything."""

    candidate: Candidate
    probabilities: Probabilities
    gains: Gains | None = None

    @cached_property
    def label(self) -> int:
        return int(self.probabilities.argmax())

    def learned(self, label: int) -> bool:
        """Whether examples made this label the greatest."""
        if self.gains is None or label != self.label:
            return False
        return int((self.probabilities / self.gains).argmax()) != label

    @cached_property
    def with_signs(self) -> Probabilities:
        """The probabilities [19] of LINE_LABELS; any sign is as likely as another.

        Ink that is no digit may be one, and so may some that looks like a digit, such as a slash.
        """
        likely = np.full(
            len(LINE_LABELS), max(SIGN_PROBABILITY, float(self.probabilities[NO_DIGIT_LABEL]))
        )
        likely[:LABEL_COUNT] = self.probabilities
        likely[BLANK_LABEL] = 0
        return likely


@dataclass(frozen=True)
class Step:
    """An option on a path, with the labels that it reads there."""

    option: Option
    labels: Labels


@dataclass(frozen=True)
class _Edge:
    """An option between two places, with the weight of each label and ANY, of several, and of none.

    `likely` are labels that it may well have.
    """

    option: Option
    start: int
    end: int
    weights: list[float]
    several: float
    nothing: float
    max_labels: int
    likely: list[int]

    def weight(self, text: Labels, first: int, end: int) -> float:
        """Return the weight of reading the labels `first` to `end`, exclusive, of a text."""
        count = end - first
        if count == 1:
            return self.weights[text[first]]
        return self.several * math.exp(-SEVERAL_COST * count) if count else self.nothing

    def ends(self, first: int, length: int, several: bool = True) -> range:
        """Return where the labels may end that it reads from `first` on in a text."""
        last = min(first + (self.max_labels if several else 1), length)
        return range(first if self.nothing else first + 1, last + 1)

    def scale(self, factor: float) -> _Edge:
        weights = [weight * factor for weight in self.weights]
        several, nothing = self.several * factor, self.nothing * factor
        return replace(self, weights=weights, several=several, nothing=nothing)


class Lattice:
    """All paths over the options of a line, which are all of its candidates.

    Weights are relative to the best path to each place, so that none of long lines underflows.
    """

    def __init__(self, options: Sequence[Option]) -> None:
        first = min(option.candidate.first for option in options)
        no_digit_cost = NO_DIGIT_COST if len(options) > 1 else 0.0
        edges = [_to_edge(option, first, no_digit_cost) for option in options]
        edges.sort(key=lambda edge: edge.end)
        costs = [0.0] + [math.inf] * edges[-1].end  # of the best path to each place, in nats
        for edge in edges:
            cost = costs[edge.start] - math.log(max(edge.nothing, *edge.weights[:LABEL_COUNT]))
            costs[edge.end] = min(costs[edge.end], cost)
        self.options = options
        self._edges = [edge.scale(math.exp(costs[edge.end] - costs[edge.start])) for edge in edges]
        self._end = edges[-1].end

    def texts(self, signs: Sequence[tuple[int, int]] = ()) -> dict[Labels, float]:
        """Return the most probable texts with the weight of their paths, without several labels.

        `signs` may stand at the columns that come with them. The search keeps the best texts up to
        each place (beam search).
        """
        beams: list[dict[Labels, float]] = [{} for _ in range(self._end + 1)]
        beams[0][()] = 1.0
        for end in range(1, self._end + 1):
            sums: dict[Labels, float] = defaultdict(float)
            for edge in self._edges:
                if edge.end == end:
                    box = edge.option.candidate.box
                    here = {sign for sign, column in signs if box.left <= column < box.right}
                    for text, weight in beams[edge.start].items():
                        for label in (*edge.likely, *here):
                            sums[(*text, label)] += weight * edge.weights[label]
                        if edge.nothing:
                            sums[text] += weight * edge.nothing
            best = sorted(sums, key=sums.__getitem__, reverse=True)[:MAX_TEXTS]
            beams[end] = {text: sums[text] for text in best}
        return {text: weight for text, weight in beams[-1].items() if text}

    def total(self) -> float:
        """Return the weight of all paths, without signs and several labels."""
        sums = [1.0] + [0.0] * self._end
        for edge in self._edges:
            sums[edge.end] += sums[edge.start] * (edge.nothing + sum(edge.weights[:LABEL_COUNT]))
        return sums[-1]

    def weight(self, text: Labels) -> float:
        """Return the weight of all paths that read a text (forward algorithm)."""
        sums = [[0.0] * (len(text) + 1) for _ in range(self._end + 1)]
        sums[0][0] = 1.0
        for edge in self._edges:
            after = sums[edge.end]
            for first, weight in enumerate(sums[edge.start]):
                if weight:
                    for end in edge.ends(first, len(text)):
                        after[end] += weight * edge.weight(text, first, end)
        return sums[-1][-1]

    def trace(self, text: Labels, several: bool = True) -> list[Step]:
        """Return the best path that reads a text (Viterbi), none if there is no path.

        `several` is whether one candidate may be several of its labels.
        """
        best = [[0.0] * (len(text) + 1) for _ in range(self._end + 1)]
        best[0][0] = 1.0
        last: dict[tuple[int, int], tuple[_Edge, int]] = {}
        for edge in self._edges:
            after = best[edge.end]
            for first, weight in enumerate(best[edge.start]):
                if weight:
                    for end in edge.ends(first, len(text), several):
                        found = weight * edge.weight(text, first, end)
                        if found > after[end]:
                            after[end] = found
                            last[edge.end, end] = edge, first
        path, place, end = [], self._end, len(text)
        while place > 0 and best[-1][-1]:
            edge, first = last[place, end]
            if first < end:
                path.append(Step(edge.option, text[first:end]))
            place, end = edge.start, first
        return path[::-1]


def _to_edge(option: Option, first: int, no_digit_cost: float) -> _Edge:
    candidate = option.candidate
    factor = math.exp(-_geometric_cost(candidate))
    likelihoods = option.with_signs.tolist()
    weights = [max(p, MIN_PROBABILITY) * factor for p in likelihoods]
    sign_factor = math.exp(-SIGN_GAP_COST * candidate.gap)  # its height does not count
    weights[FIRST_SIGN_LABEL:] = [p * sign_factor for p in likelihoods[FIRST_SIGN_LABEL:]]
    weights.append(max(weights))
    no_digit = weights[NO_DIGIT_LABEL]
    weights[NO_DIGIT_LABEL] *= math.exp(-no_digit_cost * max(1.0, candidate.width / USUAL_WIDTH))
    max_labels = 1 + int(candidate.width / MIN_DIGIT_WIDTH)
    start, end = candidate.first - first, candidate.last + 1 - first
    likely = [label for label, p in enumerate(option.probabilities) if p >= MIN_LABEL]
    is_speck = max(candidate.width, candidate.height) < MAX_SPECK
    nothing = DIRT_PROBABILITY if is_speck else 0.0
    return _Edge(option, start, end, weights, no_digit, nothing, max_labels, likely)


def _geometric_cost(candidate: Candidate) -> float:
    """Return how little a candidate resembles one digit of its line, by its measures alone."""
    small = SMALL_COST * max(0.0, SMALL_HEIGHT - candidate.height)
    covered = COVER_COST * max(0.0, candidate.cover - USUAL_COVER)
    return GAP_COST * candidate.gap + small + covered
