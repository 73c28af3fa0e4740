"""The best path through a line: which of its candidates are its digits, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from server.recognition.arrays import Probabilities
from server.recognition.labels import NO_DIGIT_LABEL
from server.recognition.reading.candidates import Candidate
from server.recognition.reading.segmentation import Line

NO_DIGIT_COST = 4.0  # nats, for ink that is not a digit, since digits are much more frequent
USUAL_WIDTH = 0.75  # of a digit, in heights of its line: wider ink that is not a digit costs more
GAP_COST = 4.0  # nats, for a gap inside a digit, for each height of the line
SMALL_HEIGHT = 0.55  # in heights of the line: a lower candidate is rather a part of a digit
SMALL_COST = 12.0  # nats, for each height of the line that is missing
MIN_PROBABILITY = 1e-6


@dataclass(frozen=True)
class Option:
    """A candidate with its probabilities [11]."""

    candidate: Candidate
    probabilities: Probabilities

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())


@dataclass(frozen=True)
class BestPath:
    """The options that read a whole line best, from left to right.

    `share`, 0 to 1, is the weight of the paths with the same text among all paths.
    """

    options: list[Option]
    share: float


@dataclass(frozen=True)
class _Edge:
    """An option as an edge from one place between pieces to another, with its cost in nats."""

    option: Option
    start: int
    end: int
    label: int
    cost: float


def find_best_path(line: Line, options: Sequence[Option]) -> BestPath:
    """Return the best path through a line; `options` are all its candidates.

    Costs are negative log probabilities, minimized by dynamic programming (Viterbi).
    """
    if len(options) == 1:
        return BestPath([*options], 1.0)  # true of most frames
    edges = [_to_edge(option) for option in options]
    edges.sort(key=lambda edge: edge.end)
    costs = [0.0] + [math.inf] * len(line.pieces)  # of the best path to each place
    last: dict[int, _Edge] = {}
    for edge in edges:
        if costs[edge.start] + edge.cost < costs[edge.end]:
            costs[edge.end], last[edge.end] = costs[edge.start] + edge.cost, edge
    path, place = [], len(line.pieces)
    while place > 0:
        path.append(last[place])
        place = last[place].start
    path.reverse()
    text = [edge.label for edge in path]
    return BestPath([edge.option for edge in path], _share(text, edges, costs))


def _to_edge(option: Option) -> _Edge:
    candidate = option.candidate
    return _Edge(option, candidate.first, candidate.last + 1, option.label, _cost(option))


def _share(text: list[int], edges: list[_Edge], costs: list[float]) -> float:
    """Return the weight of all paths that read `text`, relative to all paths (forward algorithm).

    Weights are relative to the best path to each place, so that none of them underflows.
    """
    whole = [1.0] + [0.0] * (len(costs) - 1)  # by place
    same = [[0.0] * (len(text) + 1) for _ in costs]  # by place and number of labels read
    same[0][0] = 1.0
    for edge in edges:
        weight = math.exp(costs[edge.end] - costs[edge.start] - edge.cost)
        whole[edge.end] += whole[edge.start] * weight
        for count, label in enumerate(text):
            if label == edge.label:
                same[edge.end][count + 1] += same[edge.start][count] * weight
    return same[-1][-1] / whole[-1]


def _cost(option: Option) -> float:
    candidate = option.candidate
    no_digit_cost = NO_DIGIT_COST * max(1.0, candidate.width / USUAL_WIDTH)
    return _reading_cost(option.probabilities, no_digit_cost) + _geometric_cost(candidate)


def _geometric_cost(candidate: Candidate) -> float:
    """Return how little a candidate resembles one digit of its line, by its measures alone."""
    return GAP_COST * candidate.gap + SMALL_COST * max(0.0, SMALL_HEIGHT - candidate.height)


def _reading_cost(row: Probabilities, no_digit_cost: float) -> float:
    digit = float(row[:NO_DIGIT_LABEL].max())
    no_digit = float(row[NO_DIGIT_LABEL]) * math.exp(-no_digit_cost)
    return -math.log(max(digit, no_digit, MIN_PROBABILITY))
