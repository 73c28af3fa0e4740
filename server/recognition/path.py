"""The best way through a line: which of its candidates are its digits, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from server.recognition.classifier import DIGITS, Probabilities
from server.recognition.segmentation import Candidate, Line

NO_DIGIT_COST = 4.0  # nats: how much rarer ink that is no digit is than any other reading
CUT_COST = 6.0  # nats for a seam through ink for all of its height
GAP_COST = 4.0  # nats for a gap as wide as the line is high, inside one digit
SMALL = 0.55  # of the line's height: what is less high is rather a part of a digit
SMALL_COST = 12.0  # nats for no height at all
LEAST = 1e-6  # of probability


@dataclass(frozen=True)
class Path:
    """The candidates that read a whole line best, by their indices from left to right.

    `share` is how likely their text is among the texts of all ways through the line, 0 to 1.
    """

    indices: list[int]
    share: float


@dataclass(frozen=True)
class _Edge:
    """A candidate as a step from one place between pieces to another, with its cost in nats."""

    index: int
    start: int
    end: int
    label: int
    cost: float


def find_path(line: Line, rows: Sequence[Probabilities]) -> Path:
    """The best path through a line, whose candidates have the probabilities `rows` [11].

    Costs are negative log probabilities, found by dynamic programming (Viterbi) over the pieces.
    """
    edges = [
        _Edge(index, c.first, c.last + 1, int(row.argmax()), _cost(row) + _geometric_cost(c))
        for index, (c, row) in enumerate(zip(line.candidates, rows, strict=True))
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
    return Path([edge.index for edge in path], _share([e.label for e in path], edges, least))


def _share(text: list[int], edges: list[_Edge], least: list[float]) -> float:
    """The weight of all ways that read as `text`, of the weight of all ways (forward algorithm).

    Weights are taken relative to the least cost of each place, so that none of them vanishes.
    """
    whole = [1.0] + [0.0] * (len(least) - 1)
    same = [[0.0] * (len(text) + 1) for _ in least]  # by place and signs read so far
    same[0][0] = 1.0
    for edge in edges:
        weight = math.exp(least[edge.end] - least[edge.start] - edge.cost)
        whole[edge.end] += whole[edge.start] * weight
        for position, label in enumerate(text):
            if label == edge.label:
                same[edge.end][position + 1] += same[edge.start][position] * weight
    return same[-1][-1] / whole[-1]


def _geometric_cost(candidate: Candidate) -> float:
    """How unlike one digit of its line a candidate is, by its measures alone."""
    return (
        CUT_COST * candidate.cut / 2
        + GAP_COST * candidate.gap
        + SMALL_COST * max(0.0, SMALL - candidate.height)
    )


def _cost(row: Probabilities) -> float:
    digit = float(row[: len(DIGITS)].max())
    no_digit = float(row[len(DIGITS)]) * math.exp(-NO_DIGIT_COST)
    return -math.log(max(digit, no_digit, LEAST))
