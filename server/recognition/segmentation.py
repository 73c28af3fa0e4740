"""Ink → candidate digits, in reading order.

Connected components are the pieces; pieces that lie above each other belong to one digit (the
bar of a 5), pieces beside each other do not; lines are told apart by height.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.ink import Ink

INKED = 40  # of 255: a pixel that belongs to a stroke
SPECK = 0.18  # of the tallest piece: pieces smaller than this in both directions are dirt
STACKED = 0.45  # of the narrower piece's width: so much shared width makes pieces one digit
SMALL = 0.5  # of the taller piece: a piece less tall is a bar or a hook, no digit of its own
NEAR_SMALL, NEAR = 0.25, 0.08  # of the taller piece: gaps in which pieces still are one digit
MAX_PIECES = 400  # more than that is no handwriting: only the largest are kept


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
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: Box) -> int:
        return min(self.bottom, other.bottom) - max(self.top, other.top)


@dataclass(frozen=True)
class Candidate:
    """Ink that may be one digit: its box in the picture, and its pixels [height, width]."""

    box: Box
    ink: Ink


@dataclass(frozen=True)
class _Group:
    box: Box
    pieces: tuple[int, ...]

    def join(self, other: _Group) -> _Group:
        return _Group(self.box.union(other.box), self.pieces + other.pieces)


def segment(ink: Ink) -> list[list[Candidate]]:
    """Ink [H, W] → lines from top to bottom, each its candidates from left to right."""
    labels, pieces = _find_pieces(ink)
    return [[_cut(ink, labels, group) for group in line] for line in _find_lines(pieces)]


def _find_pieces(ink: Ink) -> tuple[npt.NDArray[np.int32], list[_Group]]:
    """The connected components without the dirt, as groups of one piece each."""
    _, inked = cv2.threshold(ink, INKED, 255, cv2.THRESH_BINARY)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1, initial=0)
    order = np.argsort(-sizes, kind="stable")[:MAX_PIECES]
    kept = [int(piece) for piece in order if sizes[piece] > SPECK * sizes.max(initial=0)]
    boxes = stats[1:, :4].tolist()
    groups = []
    for piece in kept:
        left, top, width, height = boxes[piece]
        groups.append(_Group(Box(left, top, left + width, top + height), (piece + 1,)))
    return np.asarray(labels, dtype=np.int32), groups


def _find_lines(pieces: list[_Group]) -> list[list[_Group]]:
    """Join the pieces of each digit, and put the digits into lines."""
    groups = _join(pieces)
    lines: list[list[_Group]] = []
    for group in sorted(groups, key=lambda group: -group.box.height):
        line = next((line for line in lines if _on_line(group.box, line)), None)
        if line is None:
            lines.append([group])
        else:
            line.append(group)
    lines.sort(key=lambda line: line[0].box.top + line[0].box.bottom)
    return [sorted(line, key=lambda group: group.box.left + group.box.right) for line in lines]


def _on_line(box: Box, line: list[_Group]) -> bool:
    """Whether a box shares half its height with a digit of the line, all of which are taller."""
    nearest = min(line, key=lambda group: abs(group.box.left - box.left))
    return nearest.box.shared_height(box) > 0.5 * box.height


def _join(groups: list[_Group]) -> list[_Group]:
    """Join groups until no two belong to one digit."""
    joined: list[_Group] = []
    for piece in groups:
        group = piece
        while partner := next((g for g in joined if _one_digit(g.box, group.box)), None):
            joined.remove(partner)
            group = partner.join(group)
        joined.append(group)
    return joined


def _one_digit(a: Box, b: Box) -> bool:
    stacked = a.shared_width(b) > STACKED * min(a.width, b.width)
    shorter, taller = sorted((a.height, b.height))
    near = NEAR_SMALL if shorter < SMALL * taller else NEAR
    return stacked and -a.shared_height(b) < near * taller


def _cut(ink: Ink, labels: npt.NDArray[np.int32], group: _Group) -> Candidate:
    """The group's own pixels, without those of its neighbours that reach into its box."""
    box = group.box
    window = np.s_[box.top : box.bottom, box.left : box.right]
    own = np.isin(labels[window], group.pieces)
    return Candidate(box, np.where(own, ink[window], 0).astype(np.uint8))
