"""Ink → lines of pieces, and the candidates: runs of pieces that may be one digit.

Connected components are the pieces. Which of them belong together is left open here: the
recognizer judges every candidate, and `path` finds the best way through a line. This is
over-segmentation with recognition-based search (R. Casey and E. Lecolinet 1996, A Survey of Methods
and Strategies in Character Segmentation).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from server.recognition.arrays import ComponentIds, Ink
from server.recognition.ink.pieces import Box, Components, Piece, cut_out, find_components

MAX_RUN = 4  # pieces of one digit
SMALL = 0.5  # of the taller piece: a piece less tall is a bar or a hook, no digit of its own
COVERED = 0.8  # of the narrower piece's width: so much shared width makes pieces one digit
NEAR_SMALL = 0.35  # of the taller piece: how near to it a small piece is a part of its digit
MAX_GAP = 0.4  # of the line's height: pieces further apart beside each other are two digits
TALL, APART = 0.7, 0.08  # of the line's height: neighbors so tall and so far apart are two digits
STACK_GAP = 0.25  # of the taller line's height: lines no further apart may be one digit
STACK_WIDTH = 1.0  # of its height: no digit of two lines is wider
MAX_WIDTH = 1.5  # of its height, or the line's: no digit of several pieces is wider


@dataclass(frozen=True)
class Candidate:
    """Ink that may be one digit: the run of pieces `first` to `last` of its line, cut out.

    `height`, and `gap`, the widest between its pieces, 0 where they overlap, are in heights of
    the line; `width` is in heights of the line or its own, whichever is greater.
    """

    first: int
    last: int
    box: Box
    ink: Ink
    width: float
    height: float
    gap: float = 0.0


@dataclass(frozen=True)
class Line:
    """The pieces of one line of writing from left to right, and all its candidates.

    `ink` and `component_ids` [H, W] are those of the whole picture. `stack` is the line together
    with the one above it, where both may be one digit: an 8 of two rings, a 5 with its bar apart.
    """

    ink: Ink
    component_ids: ComponentIds
    pieces: list[Piece]
    candidates: list[Candidate]
    stack: Candidate | None = None


def segment(ink: Ink) -> list[Line]:
    """Ink [H, W] → lines from top to bottom, each with all its candidates."""
    return arrange(find_components(ink))


def arrange(components: Components) -> list[Line]:
    """Connected components → lines from top to bottom, each with all its candidates."""
    ink, component_ids = components.ink, components.component_ids
    rows = _find_lines(_join_stacked(components.pieces))
    stacks = [None, *(_find_stack(ink, component_ids, *pair) for pair in pairwise(rows))]
    return [
        Line(ink, component_ids, row, _find_candidates(ink, component_ids, row), stack)
        for row, stack in zip(rows, stacks, strict=False)
    ]


def join(line: Line, first: int, last: int) -> Piece:
    """The pieces `first` to `last` of a line as one."""
    return reduce(Piece.join, line.pieces[first : last + 1])


def _join_stacked(components: list[Piece]) -> list[Piece]:
    """Join components that lie above each other so closely that they are surely one digit."""
    joined: list[Piece] = []
    for component in components:
        piece = component
        while partner := next((p for p in joined if _stacked(p.box, piece.box)), None):
            joined.remove(partner)
            piece = partner.join(piece)
        joined.append(piece)
    return joined


def _stacked(a: Box, b: Box) -> bool:
    covered = a.shared_width(b) > COVERED * min(a.width, b.width)
    shorter, taller = sorted((a.height, b.height))
    near = NEAR_SMALL if shorter < SMALL * taller else 0.0
    return covered and -a.shared_height(b) < near * taller


def _find_lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces in lines from top to bottom, each from left to right."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box.height):
        line = next((line for line in lines if _on_line(piece.box, line)), None)
        if line is None:
            lines.append([piece])
        else:
            line.append(piece)
    lines.sort(key=lambda line: line[0].box.top + line[0].box.bottom)
    return [sorted(line, key=lambda piece: piece.box.left + piece.box.right) for line in lines]


def _on_line(box: Box, line: list[Piece]) -> bool:
    """Whether a box is level with its neighbor on the line, whose pieces are all taller.

    A small one, the bar of a 5, may also lie a little above or below.
    """
    neighbor = min(line, key=lambda piece: -piece.box.shared_width(box)).box
    shared = neighbor.shared_height(box)
    small = box.height < SMALL * max(piece.box.height for piece in line)
    beside = -neighbor.shared_width(box) < MAX_GAP * neighbor.height
    return shared > SMALL * box.height or (
        small and beside and -shared < NEAR_SMALL * neighbor.height
    )


def _find_candidates(ink: Ink, component_ids: ComponentIds, pieces: list[Piece]) -> list[Candidate]:
    """Every run of neighboring pieces that is not too wide."""
    height = max(piece.box.height for piece in pieces)
    candidates = []
    for first in range(len(pieces)):
        for last in range(first, min(first + MAX_RUN, len(pieces))):
            run = pieces[first : last + 1]
            gap = _widest_gap(run) / height
            joined = reduce(Piece.join, run)
            width = joined.box.width / max(height, joined.box.height)
            if last > first and (gap > MAX_GAP or width > MAX_WIDTH):
                break
            if last > first and _are_two(run[-2].box, run[-1].box, height):
                break
            cut = cut_out(ink, component_ids, joined)
            candidates.append(
                Candidate(first, last, joined.box, cut, width, joined.box.height / height, gap)
            )
    return candidates


def _find_stack(
    ink: Ink, component_ids: ComponentIds, upper: list[Piece], lower: list[Piece]
) -> Candidate | None:
    """Two lines as one digit, if they are small, near and above each other."""
    if len(upper) + len(lower) > MAX_RUN:
        return None
    above, below = reduce(Piece.join, upper), reduce(Piece.join, lower)
    whole = above.join(below)
    gap = -above.box.shared_height(below.box) / max(above.box.height, below.box.height)
    narrower = min(above.box.width, below.box.width)
    over = above.box.shared_width(below.box) >= SMALL * narrower
    if gap > STACK_GAP or not over or whole.box.width > STACK_WIDTH * whole.box.height:
        return None
    return Candidate(0, 0, whole.box, cut_out(ink, component_ids, whole), 1.0, 1.0)


def _are_two(left: Box, right: Box, height: int) -> bool:
    """Whether neighbors on a line of this height are surely two digits."""
    tall = min(left.height, right.height) > TALL * height
    return tall and -left.shared_width(right) > APART * height


def _widest_gap(run: list[Piece]) -> int:
    reach, widest = run[0].box.right, 0
    for piece in run[1:]:
        widest = max(widest, piece.box.left - reach)
        reach = max(reach, piece.box.right)
    return widest
