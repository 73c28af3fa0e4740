"""Candidates: the ink of neighboring pieces, cut out, that may be one digit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from server.recognition.arrays import Ink, Trace
from server.recognition.ink.pieces import Box, Parts, Piece

MAX_PIECES_OF_DIGIT = 8
MAX_GAP = 0.4  # between pieces of one digit, in heights of the line
MAX_ASPECT = 1.5  # of a digit of several pieces: width over its own or its line's height
MIN_WIDTH = 0.25  # of a digit, in its heights: a thin 1 counts as so wide
MIN_TALL = 0.7  # in heights of the line: neighbors of this height and
MIN_TALL_GAP = 0.08  # more than this gap between them are two digits
MAX_STACK_GAP = 0.25  # in heights of the taller of two lines: they may be one digit
MAX_STACK_ASPECT = 1.0  # width over height of a digit of two lines
MIN_STACK_OVERLAP = 0.5  # of the narrower line's width: one is above the other


@dataclass(frozen=True)
class Candidate:
    """Ink, or a trace, that may be one digit: the pieces `first` to `last` of its line, cut out.

    `height`, and `gap`, the widest between its pieces or 0, are in heights of the line; `width` is
    in heights of the line or its own, whichever is greater. `cover`, 0 to 1, is the share of its
    width that its last piece has in common with the next one, or that with it, if that is more.
    """

    first: int
    last: int
    box: Box
    ink: Ink | Trace
    width: float
    height: float
    gap: float = 0.0
    cover: float = 0.0


def find_candidates(parts: Parts, pieces: list[Piece]) -> list[Candidate]:
    """Return every run of neighbors on a line that may be one digit; `pieces` are the line's."""
    height = max(piece.box.height for piece in pieces)
    candidates = []
    for first in range(len(pieces)):
        for last in range(first, min(first + MAX_PIECES_OF_DIGIT, len(pieces))):
            run = pieces[first : last + 1]
            joined = reduce(Piece.join, run)
            box = joined.box
            gap, width = _widest_gap(run) / height, box.width / max(height, box.height)
            if last > first and (gap > MAX_GAP or width > MAX_ASPECT or _ends_apart(run, height)):
                break
            cut = parts.cut_out(joined)
            cover = _cover(pieces[last].box, pieces[last + 1].box) if pieces[last + 1 :] else 0.0
            candidates.append(
                Candidate(first, last, box, cut, width, box.height / height, gap, cover)
            )
    return candidates


def find_stack(parts: Parts, upper: list[Piece], lower: list[Piece]) -> Candidate | None:
    """Return two lines as one candidate if they are small, near, and one above the other."""
    if len(upper) + len(lower) > MAX_PIECES_OF_DIGIT:
        return None
    above, below = reduce(Piece.join, upper), reduce(Piece.join, lower)
    whole = above.join(below)
    gap = -above.box.shared_height(below.box) / max(above.box.height, below.box.height)
    narrower = min(above.box.width, below.box.width)
    overlaps = above.box.shared_width(below.box) >= MIN_STACK_OVERLAP * narrower
    is_wide = whole.box.width > MAX_STACK_ASPECT * whole.box.height
    if gap > MAX_STACK_GAP or not overlaps or is_wide:
        return None
    return Candidate(0, 0, whole.box, parts.cut_out(whole), 1.0, 1.0)


def _ends_apart(run: list[Piece], height: int) -> bool:
    """Return whether the last piece of a run, on a line of this height, is surely another digit."""
    left, right = run[-2].box, run[-1].box
    tall = min(left.height, right.height) > MIN_TALL * height
    return tall and -left.shared_width(right) > MIN_TALL_GAP * height


def _cover(box: Box, other: Box) -> float:
    """Return the share of the narrower box's width that both have in common."""
    narrower = max(min(box.width, other.width), MIN_WIDTH * max(box.height, other.height))
    return max(box.shared_width(other), 0) / narrower


def _widest_gap(run: list[Piece]) -> int:
    reach, widest = run[0].box.right, 0
    for piece in run[1:]:
        widest = max(widest, piece.box.left - reach)
        reach = max(reach, piece.box.right)
    return widest
