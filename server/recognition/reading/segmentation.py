"""Segmentation of ink into lines of pieces, each line with its candidates.

Connected components are the pieces. Which of them belong together is left open here: a network
judges every candidate, and `best_path` chooses among them. This is over-segmentation with
recognition-based search (R. Casey and E. Lecolinet 1996, A Survey of Methods and Strategies in
Character Segmentation).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from server.recognition.arrays import ComponentIds, Ink
from server.recognition.ink.pieces import Box, Components, Piece, find_components
from server.recognition.reading.candidates import Candidate, find_candidates, find_stack

MIN_DIGIT_HEIGHT = 0.5  # of the taller piece: a lower piece is a bar or a hook, not a digit
MIN_COVERED_WIDTH = 0.8  # of the narrower piece: pieces that share so much width are one digit
MAX_PART_GAP = 0.35  # of the taller piece's height, between a digit and a small part of it
MAX_NEIGHBOR_GAP = 0.4  # of a piece's height, between it and a small piece beside it
MIN_SHARED_HEIGHT = 0.5  # of a piece: it is level with a neighbor that shares so much


@dataclass(frozen=True)
class Line:
    """The pieces of one line of writing from left to right, and all its candidates.

    `ink` and `component_ids` [H, W] are those of the whole picture. `stack` is this line together
    with the one above, if both may be one digit: an 8 of two rings, a 5 with its bar apart.
    """

    ink: Ink
    component_ids: ComponentIds
    pieces: list[Piece]
    candidates: list[Candidate]
    stack: Candidate | None = None


def segment(ink: Ink) -> list[Line]:
    """Return the lines of ink [H, W] from top to bottom."""
    return arrange(find_components(ink))


def arrange(components: Components) -> list[Line]:
    """Return the lines of connected components from top to bottom."""
    ink, ids = components.ink, components.component_ids
    rows = _find_rows(_join_stacked(components.pieces))
    stacks = [None, *(find_stack(ink, ids, upper, lower) for upper, lower in pairwise(rows))]
    return [
        Line(ink, ids, row, find_candidates(ink, ids, row), stack)
        for row, stack in zip(rows, stacks, strict=False)
    ]


def join(line: Line, first: int, last: int) -> Piece:
    """Return the pieces `first` to `last` of a line as one."""
    return reduce(Piece.join, line.pieces[first : last + 1])


def _join_stacked(components: list[Piece]) -> list[Piece]:
    """Join components that are surely parts of one digit, one above the other."""
    joined: list[Piece] = []
    for component in components:
        piece = component
        while partner := next((p for p in joined if _are_stacked(p.box, piece.box)), None):
            joined.remove(partner)
            piece = partner.join(piece)
        joined.append(piece)
    return joined


def _are_stacked(a: Box, b: Box) -> bool:
    is_covered = a.shared_width(b) > MIN_COVERED_WIDTH * min(a.width, b.width)
    lower, taller = sorted((a.height, b.height))
    max_gap = MAX_PART_GAP if lower < MIN_DIGIT_HEIGHT * taller else 0.0
    return is_covered and -a.shared_height(b) < max_gap * taller


def _find_rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Return rows of pieces from top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.box.height):
        row = next((row for row in rows if _is_level(piece.box, row)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    rows.sort(key=lambda row: row[0].box.top + row[0].box.bottom)
    return [sorted(row, key=lambda piece: piece.box.left + piece.box.right) for row in rows]


def _is_level(box: Box, row: list[Piece]) -> bool:
    """Return whether a box is level with its neighbor in a row of taller pieces.

    A small one, such as the bar of a 5, may also lie a little above or below.
    """
    neighbor = min(row, key=lambda piece: -piece.box.shared_width(box)).box
    shared = neighbor.shared_height(box)
    is_small = box.height < MIN_DIGIT_HEIGHT * max(piece.box.height for piece in row)
    is_beside = -neighbor.shared_width(box) < MAX_NEIGHBOR_GAP * neighbor.height
    is_near = -shared < MAX_PART_GAP * neighbor.height
    return shared > MIN_SHARED_HEIGHT * box.height or (is_small and is_beside and is_near)
