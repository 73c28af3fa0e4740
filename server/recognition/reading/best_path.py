"""The best way through a line: which of its candidates are its digits, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from server.recognition.arrays import Probabilities
from server.recognition.labels import DIGITS
from server.recognition.reading.segmentation import Candidate, Line

NO_DIGIT_COST = 4.0  # nats: how much rarer than a digit ink of its width is that is none
USUAL_WIDTH = 0.75  # of the line's height: as much ink as one digit has
GAP_COST = 4.0  # nats for a gap as wide as the line is high, inside one digit
SMALL = 0.55  # of the line's height: what is less high is rather a part of a digit
SMALL_COST = 12.0  # nats for no height at all
LEAST = 1e-6  # of probability


@dataclass(frozen=True)
class Option:
    """A candidate with its probabilities [11]: the ten digits, and "no digit"."""

    candidate: Candidate
    probabilities: Probabilities

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())


@dataclass(frozen=True)
class BestPath:
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
    label: int
    cost: float


def find_best_path(line: Line, options: Sequence[Option]) -> BestPath:
    """The best path through a line, of its candidates with their probabilities.

    Costs are negative log probabilities, found by dynamic programming (Viterbi) over the pieces.
    """
    if len(options) == 1:
        return BestPath([*options], 1.0)  # most frames
    edges = [_Edge(o, o.candidate.first, o.candidate.last + 1, o.label, _cost(o)) for o in options]
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
    text = [edge.label for edge in path]
    return BestPath([edge.option for edge in path], _share(text, edges, least))


def _share(text: list[int], edges: list[_Edge], least: list[float]) -> float:
    """The weight of all ways that read as `text`, of the weight of all ways (forward algorithm).

    Weights are taken relative to the least cost of each place, so that none of them vanishes.
    """
    whole = [1.0] + [0.0] * (len(least) - 1)
    same = [[0.0] * (len(text) + 1) for _ in least]  # by place and symbols read so far
    same[0][0] = 1.0
    for edge in edges:
        weight = math.exp(least[edge.end] - least[edge.start] - edge.cost)
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
    """How unlike one digit of its line a candidate is, by its measures alone."""
    return GAP_COST * candidate.gap + SMALL_COST * max(0.0, SMALL - candidate.height)


def _reading_cost(row: Probabilities, no_digit_cost: float) -> float:
    digit = float(row[: len(DIGITS)].max())
    no_digit = float(row[len(DIGITS)]) * math.exp(-no_digit_cost)
    return -math.log(max(digit, no_digit, LEAST))
