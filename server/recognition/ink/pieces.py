"""Pieces of ink: the connected components of a picture, joined and cut out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import ComponentIds, Ink, Trace
from server.recognition.ink.masks import to_mask

MIN_STROKE_LEVEL = 40  # of 255: a pixel above it belongs to a stroke
MIN_PIECE_SHARE = 0.15  # of the longest side of any piece: a piece with shorter sides is a speck
MIN_SPECK_SHARE = 0.04  # of the height of the tallest piece: a smaller one is dirt
MAX_PIECES, MAX_SPECKS = 200, 40  # only the largest are kept: handwriting has fewer
MAX_PX_FOR_16_BITS = 65_000  # a picture of so many pixels has fewer components than 2^16


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

    @property
    def longer_side(self) -> int:
        return max(self.width, self.height)

    @property
    def window(self) -> tuple[slice, slice]:
        """The index of its pixels in a picture [H, W]."""
        return np.s_[self.top : self.bottom, self.left : self.right]

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def shared_width(self, other: Box) -> int:
        """Return the width that both boxes cover; minus the gap if they are side by side."""
        return min(self.right, other.right) - max(self.left, other.left)

    def shared_height(self, other: Box) -> int:
        """Return the height that both boxes cover; minus the gap if one is above the other."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)


@dataclass(frozen=True)
class Piece:
    """Ink that belongs to one digit for sure: its box and the ids of its parts."""

    box: Box
    ids: tuple[int, ...]

    def join(self, other: Piece) -> Piece:
        return Piece(self.box.union(other.box), self.ids + other.ids)


class Parts(Protocol):
    """Ink in parts that pieces consist of: connected components, or strokes of a pen.

    `overlap` is whether a part is known whole where others cross it.
    """

    overlap: ClassVar[bool]

    def cut_out(self, piece: Piece) -> Ink | Trace:
        """Return the ink in a piece's box, without other parts that reach into it."""


@dataclass(frozen=True)
class Components:
    """The connected components of ink [H, W] as pieces, the tallest first.

    `specks` are too small for a part of a digit: dots and commas, or dirt.
    """

    overlap: ClassVar[bool] = False

    ink: Ink
    ids: ComponentIds
    pieces: list[Piece]
    specks: list[Piece]

    def cut_out(self, piece: Piece) -> Ink:
        """Return the ink in a piece's box, faint pixels too, without others that reach into it."""
        window = piece.box.window
        own = _is_any(self.ids[window], (0, *piece.ids))
        return np.asarray(self.ink[window] * own, dtype=np.uint8)


def find_components(ink: Ink) -> Components:
    """Find the connected components of ink [H, W], at most MAX_PIECES of them."""
    inked = to_mask(ink, MIN_STROKE_LEVEL)
    left, top, across, down = cv2.boundingRect(inked)
    few = ink.size <= MAX_PX_FOR_16_BITS
    ids = np.zeros(ink.shape, dtype=np.uint16 if few else np.int32)
    if not across:
        return Components(ink, ids, [], [])
    window = np.s_[top : top + down, left : left + across]
    _, ids[window], stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        inked[window], 8, cv2.CV_16U if few else cv2.CV_32S, cv2.CCL_SPAGHETTI
    )
    return Components(ink, ids, *_to_pieces(stats[1:].tolist(), left, top))


def _to_pieces(stats: list[list[int]], left: int, top: int) -> tuple[list[Piece], list[Piece]]:
    """Return pieces and specks. `stats` are OpenCV's, of a window at `left`, `top`."""
    found = [
        Piece(Box(left + x, top + y, left + x + width, top + y + height), (id,))
        for id, (x, y, width, height, _) in enumerate(stats, 1)
    ]
    found.sort(key=lambda piece: -piece.box.longer_side)
    min_side = MIN_PIECE_SHARE * found[0].box.longer_side
    pieces = [piece for piece in found[:MAX_PIECES] if piece.box.longer_side > min_side]
    pieces.sort(key=lambda piece: -piece.box.height)
    min_side = MIN_SPECK_SHARE * pieces[0].box.height
    specks = [piece for piece in found[len(pieces) :] if piece.box.longer_side > min_side]
    return pieces, specks[:MAX_SPECKS]


def trim(ink: Ink) -> Ink:
    """Return ink [H, W] cut to the bounding box of its strokes; one blank pixel if it has none."""
    x, y, width, height = cv2.boundingRect(to_mask(ink, MIN_STROKE_LEVEL))
    return ink[y : y + height, x : x + width] if width else np.zeros((1, 1), np.uint8)


def _is_any(window: ComponentIds, ids: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return the same as np.isin, which is many times slower for few ids."""
    found = window == ids[0]
    for id in ids[1:]:
        found |= window == id
    return np.asarray(found)
