"""Ink → lines of pieces, and the candidates: runs of pieces that may be one digit.

Connected components are the pieces, and where one of them reads badly, what seams part it into.
Which of them belong together is left open here: the recogniser judges every candidate, and
`path` finds the best way through a line. This is over-segmentation with recognition-based search
(R. Casey and E. Lecolinet 1996, A Survey of Methods and Strategies in Character Segmentation).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.ink import Ink
from server.recognition.seams import find_seams

INKED = 40  # of 255: a pixel that belongs to a stroke
SPECK = 0.15  # of the tallest piece: pieces smaller than this in both directions are dirt
MAX_PIECES = 200  # more than that is no handwriting: only the largest are kept
MAX_RUN = 4  # pieces of one digit
MAX_PARTS = 8  # of one digit, or two, that was one piece
SMALL = 0.5  # of the taller piece: a piece less tall is a bar or a hook, no digit of its own
COVERED = 0.8  # of the narrower piece's width: so much shared width makes pieces one digit
NEAR_SMALL, NEAR = 0.35, 0.08  # of the taller piece: gaps in which pieces still are one digit
MAX_GAP = 0.4  # of the line's height: pieces further apart beside each other are two digits
MAX_WIDTH = 1.5  # of its height, or the line's: no digit of several pieces is wider
PARTS_WIDTH = 1.8  # likewise, of the parts of one piece
PAIR_WIDTH = (0.45, 2.8)  # likewise: no two touching digits are narrower or wider
PAIR_GAP = 0.06  # of the line's height: what is further apart does not touch


Labels = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels; `right` and `bottom` are just outside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def shared_width(self, other: Box) -> int:
        """Negative for the gap between boxes beside each other."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: Box) -> int:
        """Negative for the gap between boxes above each other."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)


@dataclass(frozen=True)
class Piece:
    """Ink that surely belongs to one digit: its box, and its labels among the components.

    `cut` is the ink that its seams cross, left and right, in heights of what was parted, and 0
    where there is no seam; `parted` is whether it was looked for seams.
    """

    box: Box
    labels: tuple[int, ...]
    cut: tuple[float, float] = (0.0, 0.0)
    parted: bool = False

    def join(self, other: Piece) -> Piece:
        """This piece and one that begins further to the right."""
        cut = (self.cut[0], other.cut[1])
        parted = self.parted or other.parted
        return Piece(self.box.union(other.box), self.labels + other.labels, cut, parted)


@dataclass(frozen=True)
class Candidate:
    """Ink that may be one digit or two: the run of pieces `first` to `last` of its line, cut out.

    `height`, and `gap`, the widest between its pieces, 0 where they overlap, are in heights of
    the line; `width` is in heights of the line or its own, whichever is greater. `cut` is the ink
    crossed to part it from its neighbours, left and right, in heights of what was parted; 0 where
    it was not parted. `touching` is whether it may hold two digits that touch.
    """

    first: int
    last: int
    box: Box
    ink: Ink
    width: float
    height: float
    gap: float = 0.0
    cut: tuple[float, float] = (0.0, 0.0)
    parted: bool = False
    touching: bool = False

    @property
    def single(self) -> bool:
        """Whether it may be one digit."""
        widest = PARTS_WIDTH if self.parted else MAX_WIDTH
        return self.first == self.last or self.width <= widest


@dataclass(frozen=True)
class Line:
    """The pieces of one line of writing from left to right, and all its candidates.

    `ink` [H, W] and `labels` [H, W] are those of the whole picture.
    """

    ink: Ink
    labels: Labels
    pieces: list[Piece]
    candidates: list[Candidate]


def segment(ink: Ink) -> list[Line]:
    """Ink [H, W] → lines from top to bottom, each with all its candidates."""
    labels, components = _find_components(ink)
    lines = _find_lines(_join_stacked(components))
    return [_make_line(ink, labels, pieces) for pieces in lines]


def part(line: Line, doubtful: Container[int]) -> Line:
    """The line with the pieces of these indices parted at all their seams."""
    labels = line.labels.copy()
    pieces: list[Piece] = []
    for index, piece in enumerate(line.pieces):
        pieces += _part(line.ink, labels, piece) if index in doubtful else [piece]
    return _make_line(line.ink, labels, pieces)


def _make_line(ink: Ink, labels: Labels, pieces: list[Piece]) -> Line:
    return Line(ink, labels, pieces, _find_candidates(ink, labels, pieces))


def _part(ink: Ink, labels: Labels, piece: Piece) -> list[Piece]:
    """The parts of a piece from left to right, written into `labels` as new components."""
    box = piece.box
    window = labels[box.top : box.bottom, box.left : box.right]
    own = _is_any(window, piece.labels)
    seams = find_seams(_cut(ink, labels, piece))
    if not seams:
        return [replace(piece, parted=True)]
    across = np.arange(box.width)
    region = np.sum([across >= seam.columns[:, None] for seam in seams], axis=0, dtype=np.int32)
    window[own] = (1 + labels.max() + region)[own]
    costs = [piece.cut[0], *(seam.cost for seam in seams), piece.cut[1]]
    return [
        Piece(_bounds(window == label, box), (label,), (costs[k], costs[k + 1]), parted=True)
        for k, label in enumerate(np.unique(window[own]).tolist())
    ]


def _find_components(ink: Ink) -> tuple[Labels, list[Piece]]:
    """The connected components without the dirt, the tallest first."""
    _, inked = cv2.threshold(ink, INKED, 255, cv2.THRESH_BINARY)
    x, y, across, down = cv2.boundingRect(inked)
    labels = np.zeros(ink.shape, dtype=np.int32)
    if not across:
        return labels, []
    window = np.s_[y : y + down, x : x + across]
    _, labels[window], stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        inked[window], 8, cv2.CV_32S, cv2.CCL_BBDT
    )
    sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    order = np.argsort(-sizes, kind="stable")[:MAX_PIECES]
    large = order[sizes[order] > SPECK * sizes.max()] + 1
    pieces = [
        Piece(Box(x + left, y + top, x + left + width, y + top + height), (label,))
        for label, (left, top, width, height, _) in zip(
            large.tolist(), stats[large].tolist(), strict=True
        )
    ]
    pieces.sort(key=lambda piece: -piece.box.height)
    return labels, pieces


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
    near = NEAR_SMALL if shorter < SMALL * taller else NEAR
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
    """Whether a box is level with its neighbour on the line, whose pieces are all taller.

    A small one, the bar of a 5, may also lie a little above or below.
    """
    neighbour = min(line, key=lambda piece: -piece.box.shared_width(box)).box
    shared = neighbour.shared_height(box)
    small = box.height < SMALL * max(piece.box.height for piece in line)
    beside = -neighbour.shared_width(box) < MAX_GAP * neighbour.height
    return shared > SMALL * box.height or (
        small and beside and -shared < NEAR_SMALL * neighbour.height
    )


def _find_candidates(ink: Ink, labels: Labels, pieces: list[Piece]) -> list[Candidate]:
    """Every run of neighbouring pieces that is not too wide."""
    height = max(piece.box.height for piece in pieces)
    candidates = []
    for first in range(len(pieces)):
        for last in range(first, min(first + MAX_PARTS, len(pieces))):
            run = pieces[first : last + 1]
            gap = _widest_gap(run) / height
            joined = reduce(Piece.join, run)
            width = joined.box.width / max(height, joined.box.height)
            widest = PAIR_WIDTH[1] if joined.parted else MAX_WIDTH
            longest = MAX_PARTS if joined.parted else MAX_RUN
            if last > first and (gap > MAX_GAP or width > widest or len(run) > longest):
                break
            touching = gap <= PAIR_GAP and PAIR_WIDTH[0] <= width <= PAIR_WIDTH[1]
            candidates.append(
                Candidate(
                    first, last, joined.box, _cut(ink, labels, joined), width,
                    joined.box.height / height, gap, joined.cut, joined.parted,
                    touching and joined.parted,
                )
            )  # fmt: skip
    return candidates


def _widest_gap(run: list[Piece]) -> int:
    reach, widest = run[0].box.right, 0
    for piece in run[1:]:
        widest = max(widest, piece.box.left - reach)
        reach = max(reach, piece.box.right)
    return widest


def _bounds(mask: npt.NDArray[np.bool_], window: Box) -> Box:
    """The box around what is set in a window's mask."""
    left, top, width, height = cv2.boundingRect(mask.astype(np.uint8))
    left, top = left + window.left, top + window.top
    return Box(left, top, left + width, top + height)


def _cut(ink: Ink, labels: Labels, piece: Piece) -> Ink:
    """The box's pixels, the faint ones too, without those of neighbours that reach into it."""
    box = piece.box
    window = np.s_[box.top : box.bottom, box.left : box.right]
    own = _is_any(labels[window], (0, *piece.labels))
    return np.asarray(ink[window] * own, dtype=np.uint8)


def _is_any(window: Labels, labels: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """As np.isin, but many times as fast for few labels."""
    found = window == labels[0]
    for label in labels[1:]:
        found |= window == label
    return np.asarray(found)
