"""The best way through a line: which candidates its digits are."""

from __future__ import annotations

import math
from collections.abc import Sequence

from server.recognition.classifier import DIGITS, Probabilities
from server.recognition.segmentation import Candidate, Line

NO_DIGIT_COST = 4.0  # nats: how much rarer ink that is no digit is than any other reading
GAP_COST = 4.0  # nats for a gap as wide as the line is high, inside one digit
SMALL = 0.55  # of the line's height: what is less high is rather a part of a digit
SMALL_COST = 12.0  # nats for no height at all
LEAST = 1e-6  # of probability


def best_path(line: Line, rows: Sequence[Probabilities]) -> list[int]:
    """The indices of the candidates that together read the whole line best, left to right.

    `rows` are the candidates' probabilities [11]. Costs are negative log probabilities, found by
    dynamic programming (Viterbi) over the pieces.
    """
    pieces = 1 + max(candidate.last for candidate in line)
    costs = [0.0] + [math.inf] * pieces
    chosen = [-1] * (pieces + 1)
    for index in sorted(range(len(line)), key=lambda index: line[index].last):
        candidate = line[index]
        cost = costs[candidate.first] + _cost(rows[index]) + _geometric_cost(candidate)
        if cost < costs[candidate.last + 1]:
            costs[candidate.last + 1], chosen[candidate.last + 1] = cost, index
    path, end = [], pieces
    while end > 0:
        path.append(chosen[end])
        end = line[chosen[end]].first
    return path[::-1]


def _geometric_cost(candidate: Candidate) -> float:
    """How unlike one digit of its line a candidate is, by its measures alone."""
    return GAP_COST * candidate.gap + SMALL_COST * max(0.0, SMALL - candidate.height)


def _cost(row: Probabilities) -> float:
    digit = float(row[: len(DIGITS)].max())
    no_digit = float(row[len(DIGITS)]) * math.exp(-NO_DIGIT_COST)
    return -math.log(max(digit, no_digit, LEAST))
