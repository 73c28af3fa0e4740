"""Segmentation of ink into lines of pieces, each line with its candidates.

Connected components are the pieces. Which of them belong together is left open here: a network
judges every candidate, and `weighing` chooses among the ways through them. This is
over-segmentation with recognition-based search (R. Casey and E. Lecolinet 1996, A Survey of Methods
and Strategies in Character Segmentation).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from server.recognition.arrays import Ink
from server.recognition.ink.pieces import Box, Components, Parts, Piece, find_components
from server.recognition.ink.stroke_layers import StrokeLayers
from server.recognition.reading.candidates import Candidate, find_candidates, find_stack
from server.recognition.reading.line_finding import find_lines

MIN_DIGIT_HEIGHT = 0.5  # of the taller piece: a lower piece is a bar or a hook, not a digit
MIN_COVERED_WIDTH = 0.8  # of the narrower piece: pieces that share so much width are one digit
MAX_PART_GAP = 0.35  # of the taller piece's height, between a digit and a small part of it
MIN_SHARED_HEIGHT = 0.2  # of the lower piece: digits of two lines may overlap a little less


@dataclass(frozen=True)
class Line:
    """The pieces of one line of writing from left to right, and all its candidates.

    `parts` are those of the whole picture. `stack` is this line together with the one above, if
    both may be one digit: an 8 of two rings, a 5 with its bar apart.
    """

    parts: Parts
    pieces: list[Piece]
    candidates: list[Candidate]
    stack: Candidate | None = None


def segment(ink: Ink, layers: StrokeLayers | None = None) -> list[Line]:
    """Return the lines of ink [H, W] from top to bottom, as `arrange` does."""
    return arrange(find_components(ink), layers)


def arrange(components: Components, layers: StrokeLayers | None = None) -> list[Line]:
    """Return the lines of connected components from top to bottom.

    If the layers of the strokes are known, the strokes are the pieces of each line.
    """
    rows = find_lines(_join_stacked(components.pieces), components.specks)
    stacks = [None, *(find_stack(components, upper, lower) for upper, lower in pairwise(rows))]
    parts: Parts = components
    if layers:
        rows = [layers.pieces_on(components.ids, reduce(Piece.join, row).ids) for row in rows]
        parts = layers
    return [
        Line(parts, row, find_candidates(parts, row), stack)
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
    min_shared = (
        -MAX_PART_GAP * taller if lower < MIN_DIGIT_HEIGHT * taller else MIN_SHARED_HEIGHT * lower
    )
    return is_covered and a.shared_height(b) > min_shared
