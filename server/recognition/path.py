"""The best way through a line: which of its candidates are its digits, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from server.recognition.classifier import DIGITS, Probabilities
from server.recognition.segmentation import Candidate, Line

NO_DIGIT_COST = 4.0  # nats: how much rarer than a digit ink of its width is that is none
USUAL_WIDTH = 0.75  # of the line's height: as much ink as one digit has
SEAM_COST = 8.0  # nats for parting ink in which no two touching digits are seen
CUT_COST = 4.0  # nats for a seam through ink for all of its height
PAIR_COST = -0.5  # nats: two touching digits are whole, which single parts need not be
GAP_COST = 4.0  # nats for a gap as wide as the line is high, inside one digit
SMALL = 0.55  # of the line's height: what is less high is rather a part of a digit
SMALL_COST = 12.0  # nats for no height at all
LEAST = 1e-6  # of probability


@dataclass(frozen=True)
class Option:
    """One way to read a candidate: its probabilities [1, 11] as one digit, or [2, 11] as two."""

    candidate: Candidate
    probabilities: Probabilities

    @property
    def labels(self) -> tuple[int, ...]:
        return tuple(self.probabilities.argmax(axis=1).tolist())


@dataclass(frozen=True)
class Path:
    """The options that read a whole line best, from left to right.

    `share` is how likely their text is among the texts of all ways through the line, 0 to 1.
    """

    options: list[Option]
    share: float


@dataclass(frozen=True)
class _Edge:
    """An option as a step from one place between pieces to another, with its cost in nats."""

    option: Option
    start: int
    end: int
    labels: tuple[int, ...]
    cost: float


def find_path(line: Line, options: Sequence[Option]) -> Path:
    """The best path through a line, of these ways to read its candidates.

    Costs are negative log probabilities, found by dynamic programming (Viterbi) over the pieces.
    """
    seam_costs = _seam_costs(len(line.pieces), options)
    edges = [
        _Edge(o, o.candidate.first, o.candidate.last + 1, o.labels, _cost(o, seam_costs))
        for o in options
    ]
    edges.sort(key=lambda edge: edge.end)
    least = [0.0] + [math.inf] * len(line.pieces)
    last: dict[int, _Edge] = {}
    for edge in edges:
        if least[edge.start] + edge.cost < least[edge.end]:
            least[edge.end], last[edge.end] = least[edge.start] + edge.cost, edge
    path, place = [], len(line.pieces)
    while place > 0:
        path.append(last[place])
        place = last[place].start
    path.reverse()
    text = tuple(label for edge in path for label in edge.labels)
    return Path([edge.option for edge in path], _share(text, edges, least))


def _share(text: tuple[int, ...], edges: list[_Edge], least: list[float]) -> float:
    """The weight of all ways that read as `text`, of the weight of all ways (forward algorithm).

    Weights are taken relative to the least cost of each place, so that none of them vanishes.
    """
    whole = [1.0] + [0.0] * (len(least) - 1)
    same = [[0.0] * (len(text) + 1) for _ in least]  # by place and signs read so far
    same[0][0] = 1.0
    for edge in edges:
        weight = math.exp(least[edge.end] - least[edge.start] - edge.cost)
        whole[edge.end] += whole[edge.start] * weight
        for begin in range(len(text) - len(edge.labels) + 1):
            end = begin + len(edge.labels)
            if text[begin:end] == edge.labels:
                same[edge.end][end] += same[edge.start][begin] * weight
    return same[-1][-1] / whole[-1]


def _seam_costs(pieces: int, options: Sequence[Option]) -> list[float]:
    """For each place between pieces the cost of a seam there: little where two digits touch."""
    seen = [0.0] * (pieces + 1)
    for option in options:
        if len(option.probabilities) > 1:
            likely = float(option.probabilities.max(axis=1).prod())
            for place in range(option.candidate.first + 1, option.candidate.last + 1):
                seen[place] = max(seen[place], likely)
    return [SEAM_COST * (1 - likely) for likely in seen]


def _cost(option: Option, seam_costs: list[float]) -> float:
    candidate, count = option.candidate, len(option.probabilities)
    no_digit_cost = NO_DIGIT_COST * max(1.0, candidate.width / USUAL_WIDTH)
    read = sum(_reading_cost(row, no_digit_cost) for row in option.probabilities)
    places = (candidate.first, candidate.last + 1)
    cuts = sum(
        seam_costs[place] + CUT_COST * cut
        for place, cut in zip(places, candidate.cut, strict=True)
        if cut > 0
    )
    return read + cuts / 2 + _geometric_cost(candidate) + PAIR_COST * (count - 1)


def _geometric_cost(candidate: Candidate) -> float:
    """How unlike one digit of its line a candidate is, by its measures alone."""
    return GAP_COST * candidate.gap + SMALL_COST * max(0.0, SMALL - candidate.height)


def _reading_cost(row: Probabilities, no_digit_cost: float) -> float:
    digit = float(row[: len(DIGITS)].max())
    no_digit = float(row[len(DIGITS)]) * math.exp(-no_digit_cost)
    return -math.log(max(digit, no_digit, LEAST))
