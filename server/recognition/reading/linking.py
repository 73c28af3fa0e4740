"""Linking of pieces of ink from left to right into the chains that are lines of writing.

A link to the next piece on the right costs more the less level the two are along their line, and
the farther apart. The cheapest links are made first, and a piece has at most one on either side,
unless two that are parts of one digit, one above the other, have the same neighbor.
How a page slopes is not known beforehand: of several slopes, the one with the lowest cost counts.
Then the slope at each piece is estimated from its neighbors on the chain, and all are linked again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.recognition.ink.pieces import Box
from server.recognition.reading.slopes import common_slope, local_slopes

PAGE_SLOPES = (0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.27, -0.27, 0.36, -0.36)  # up to 20 degrees
MAX_OFFSET = 0.7  # of the lower of two level pieces, above or below the other one
FAR_COST = 0.6  # of a link over a gap that is much wider than the pieces are high
LINE_COST = 1.0  # of a chain: a link that costs more is not made
CLEAR_COST = 0.25  # of the links on average: no other slope is tried
MIN_PART_OVERLAP = 0.5  # of the narrower one's width: two boxes are above each other
MAX_PARTS_HEIGHT = 1.5  # of their neighbor's: two boxes may be one digit
MAX_ROUNDS = 3
PRIOR_HEIGHTS = 1.0  # between pieces: their own slope counts as much as the page's

Chain = tuple[int, ...]  # indices of boxes
Costs = dict[tuple[int, int], float]  # of the links that may be made, the cheapest first


@dataclass(frozen=True)
class Links:
    """Chains of boxes from left to right, the slope of the page, and the cost of all links."""

    chains: list[Chain]
    slope: float
    cost: float


def link(boxes: Sequence[Box]) -> Links:
    """Link boxes, which are ordered by their centers from left to right."""
    links = _link(boxes, 0.0, [0.0] * len(boxes))
    if _is_clear(links, boxes):
        return links
    slanted = [_link(boxes, slope, [slope] * len(boxes)) for slope in PAGE_SLOPES]
    links = min([links, *slanted], key=lambda each: each.cost)
    for _ in range(MAX_ROUNDS):
        again = _link_along(boxes, links)
        if again.cost >= links.cost:
            break
        links = again
    return links


def usual_height(boxes: Sequence[Box]) -> int:
    """Return the upper quartile of heights: most boxes are digits, a few are parts or touch."""
    return sorted(box.bottom - box.top for box in boxes)[len(boxes) * 3 // 4]


def _is_clear(links: Links, boxes: Sequence[Box]) -> bool:
    """Return whether no slope can be much better: level chains that lie above each other."""
    chains = links.chains
    left = max(boxes[chain[0]].left for chain in chains)
    right = min(boxes[chain[-1]].right for chain in chains)
    cost = links.cost - LINE_COST * len(chains)
    return left < right and cost <= CLEAR_COST * (len(boxes) - len(chains))


def _link_along(boxes: Sequence[Box], links: Links) -> Links:
    """Link boxes again along the chains that were found."""
    prior = (PRIOR_HEIGHTS * usual_height(boxes)) ** 2
    lines = [[boxes[index] for index in chain] for chain in links.chains]
    page = common_slope(lines, links.slope, prior)
    slopes = [page] * len(boxes)
    for chain, line in zip(links.chains, lines, strict=True):
        for index, slope in zip(chain, local_slopes(line, page, prior), strict=True):
            slopes[index] = slope
    return _link(boxes, page, slopes)


def _link(boxes: Sequence[Box], page: float, slopes: Sequence[float]) -> Links:
    """Link boxes, given the slopes of the page and at each box."""
    costs = {(a, b): cost for cost, a, b in sorted(_find_links(boxes, slopes))}
    right: dict[int, int] = {}
    left: dict[int, int] = {}
    for a, b in costs:
        if a not in right and b not in left:
            right[a], left[b] = b, a
    chains = [_follow(index, right) for index in range(len(boxes)) if index not in left]
    chains = _interleave(chains, costs)
    return Links(_join_parts(chains, costs, boxes), page, _cost(chains, costs))


def _follow(start: int, right: dict[int, int]) -> Chain:
    chain = [start]
    while chain[-1] in right:
        chain.append(right[chain[-1]])
    return tuple(chain)


def _interleave(chains: Sequence[Chain], costs: Costs) -> list[Chain]:
    """Merge chains that cost less as one, such as one that fits into a gap of another."""
    chain_of = _by_index(chains)
    tried: set[tuple[Chain, Chain]] = set()
    for a, b in costs:
        pair = chain_of[a], chain_of[b]
        if pair[0] is pair[1] or pair in tried:
            continue
        tried.add(pair)
        both = tuple(sorted(pair[0] + pair[1]))
        if _cost([both], costs) < _cost(pair, costs):
            chain_of |= dict.fromkeys(both, both)
    return _distinct(chain_of)


def _by_index(chains: Iterable[Chain]) -> dict[int, Chain]:
    return {index: chain for chain in chains for index in chain}


def _distinct(chain_of: dict[int, Chain]) -> list[Chain]:
    return [chain for index, chain in sorted(chain_of.items()) if chain[0] == index]


def _cost(chains: Sequence[Chain], costs: Costs) -> float:
    links = (costs.get(pair, math.inf) for chain in chains for pair in pairwise(chain))
    return sum(links) + LINE_COST * len(chains)


def _join_parts(chains: Sequence[Chain], costs: Costs, boxes: Sequence[Box]) -> list[Chain]:
    """Join chains that end at two parts of one digit, which have the same neighbor."""
    chain_of = _by_index(chains)
    usual = usual_height(boxes)
    links = [pair for chain in chains for pair in pairwise(chain)]
    right, left = dict(links), {b: a for a, b in links}
    for a, b in costs:
        for own, rival, neighbor in ((a, left.get(b, a), b), (b, right.get(a, b), a)):
            chain, other = chain_of[own], chain_of[rival]
            height = min(boxes[neighbor].height, usual)
            if chain is not other and _are_parts(boxes[own], boxes[rival], height):
                both = tuple(sorted(chain + other))
                chain_of |= dict.fromkeys(both, both)
    return _distinct(chain_of)


def _are_parts(a: Box, b: Box, height: int) -> bool:
    """Return whether two boxes are above each other, and together about as high as a digit."""
    are_above = a.shared_width(b) > MIN_PART_OVERLAP * min(a.width, b.width)
    return are_above and a.union(b).height < MAX_PARTS_HEIGHT * height


def _find_links(boxes: Sequence[Box], slopes: Sequence[float]) -> Iterator[tuple[float, int, int]]:
    """Yield the links that may be made: their cost, and the indices of both boxes."""
    sides = [
        (b.left, b.top, b.right, b.bottom, b.bottom - b.top, s)
        for b, s in zip(boxes, slopes, strict=True)
    ]
    for a, (left, top, right, bottom, height, slope) in enumerate(sides):
        for b in range(a + 1, len(sides)):
            left_b, top_b, right_b, bottom_b, height_b, slope_b = sides[b]
            fall = (slope + slope_b) * (left_b + right_b - left - right) / 4
            if bottom_b - fall <= top or top_b - fall >= bottom:
                continue
            shared = min(bottom, bottom_b - fall) - max(top, top_b - fall)
            offset = 1 - shared / min(height, height_b)
            if offset > MAX_OFFSET:
                continue
            gap = max(left_b - right, 0) / max(height, height_b)
            cost = offset + FAR_COST * gap / (1 + gap)
            if cost < LINE_COST:
                yield cost, a, b
