"""Lines of writing: which pieces of ink are on one line, however it rises, falls or bends."""

from __future__ import annotations

from collections.abc import Sequence

from server.recognition.ink.pieces import Box, Piece
from server.recognition.reading.linking import link, usual_height

MAX_PART_HEIGHT = 0.5  # of the piece that it belongs to
MAX_SIDE_GAP = 0.4  # between a part and its piece, in heights of the latter
MAX_SPECK_GAP = 1.5  # the same of a speck, which may be a point
MAX_UPPER_GAP = 0.35  # the same, if the part is above or below

Line = list[Piece]


def find_lines(pieces: Sequence[Piece], specks: Sequence[Piece] = ()) -> list[Line]:
    """Return the pieces of each line from left to right; the lines from top to bottom.

    A speck is on the line of the nearest piece, or left out if none is near.
    """
    lines, slope = _link(pieces)
    for speck in specks:
        near = [
            (_distance(speck.box, piece.box), index)
            for index, line in enumerate(lines)
            for piece in line
            if _is_near(speck.box, piece.box, piece.box.height, MAX_SPECK_GAP)
        ]
        if near:
            lines[min(near)[1]].append(speck)
    return [sorted(line, key=lambda piece: _reach(piece.box, slope)) for line in lines]


def _link(pieces: Sequence[Piece]) -> tuple[list[Line], float]:
    """Return the pieces of each line, the lines from top to bottom, and the slope of the page."""
    if len(pieces) < 2:
        return [[piece] for piece in pieces], 0.0
    ordered = sorted(pieces, key=lambda piece: piece.box.left + piece.box.right)
    boxes = [piece.box for piece in ordered]
    hosts = _find_hosts(boxes)
    mains = [index for index in range(len(boxes)) if index not in hosts]
    links = link([boxes[index] for index in mains])
    lines = [[mains[place] for place in chain] for chain in links.chains]
    _attach(lines, hosts)
    lines.sort(key=lambda line: _mean_depth([boxes[index] for index in line], links.slope))
    return [[ordered[index] for index in line] for line in lines], links.slope


def _find_hosts(boxes: Sequence[Box]) -> dict[int, int]:
    """Return, for each small piece such as the bar of a 5, the piece that it belongs to.

    The tallest of the small ones comes first. A piece that is much taller than most may be digits
    of two lines that touch, so it counts as not taller than they are.
    """
    usual = usual_height(boxes)
    heights = [min(box.bottom - box.top, usual) for box in boxes]
    small = [k for k, height in enumerate(heights) if height < MAX_PART_HEIGHT * usual]
    hosts = {}
    for part in sorted(small, key=lambda k: -heights[k]):
        taller = [k for k, height in enumerate(heights) if heights[part] < MAX_PART_HEIGHT * height]
        near = [k for k in taller if _is_near(boxes[part], boxes[k], heights[k])]
        if near:
            hosts[part] = min(near, key=lambda k: _distance(boxes[part], boxes[k]))
    return hosts


def _is_near(part: Box, piece: Box, height: int, max_side_gap: float = MAX_SIDE_GAP) -> bool:
    is_beside = -piece.shared_width(part) < max_side_gap * height
    return is_beside and -piece.shared_height(part) < MAX_UPPER_GAP * height


def _distance(a: Box, b: Box) -> int:
    return max(-a.shared_width(b), 0) + max(-a.shared_height(b), 0)


def _attach(lines: Sequence[list[int]], hosts: dict[int, int]) -> None:
    """Add small pieces to the lines of their hosts, which may be small pieces themselves."""
    line_of = {index: line for line in lines for index in line}
    for part, host in hosts.items():
        line_of[part] = line_of[host]
        line_of[part].append(part)


def _reach(box: Box, slope: float) -> float:
    """Return how far along lines of a slope a box is, twice."""
    return box.left + box.right + slope * (box.top + box.bottom)


def _mean_depth(boxes: Sequence[Box], slope: float) -> float:
    """Return how far down across lines of a slope boxes are on average, twice."""
    depths = [box.top + box.bottom - slope * (box.left + box.right) for box in boxes]
    return sum(depths) / len(depths)
