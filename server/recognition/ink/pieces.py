"""Pieces of ink: the connected components of a picture, joined and cut out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import ComponentIds, Ink

MIN_STROKE_LEVEL = 40  # of 255: a pixel that belongs to a stroke
SPECK = 0.15  # of the tallest piece: pieces smaller than this in both directions are dirt
FEW_LABELS = 65_000  # pixels: there are no more components, and 16 bits hold their component_ids
MAX_PIECES = 200  # more than that is no handwriting: only the largest are kept


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
    """Ink that surely belongs to one digit: its box, and its component_ids among the components."""

    box: Box
    component_ids: tuple[int, ...]

    def join(self, other: Piece) -> Piece:
        return Piece(self.box.union(other.box), self.component_ids + other.component_ids)


@dataclass(frozen=True)
class Components:
    """The connected components of ink [H, W], without the dirt, the tallest first.

    `component_ids` [H, W] tells which pixels are whose, 0 for those of none.
    """

    ink: Ink
    component_ids: ComponentIds
    pieces: list[Piece]


def find_components(ink: Ink) -> Components:
    _, inked = cv2.threshold(ink, MIN_STROKE_LEVEL, 255, cv2.THRESH_BINARY)
    x, y, across, down = cv2.boundingRect(inked)
    small = ink.size <= FEW_LABELS
    component_ids = np.zeros(ink.shape, dtype=np.uint16 if small else np.int32)
    if not across:
        return Components(ink, component_ids, [])
    window = np.s_[y : y + down, x : x + across]
    _, component_ids[window], stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        inked[window], 8, cv2.CV_16U if small else cv2.CV_32S, cv2.CCL_BBDT
    )
    boxes = stats[1:].tolist()
    least = SPECK * max(max(width, height) for _, _, width, height, _ in boxes)
    pieces = [
        Piece(Box(x + left, y + top, x + left + width, y + top + height), (label,))
        for label, (left, top, width, height, _) in enumerate(boxes, 1)
        if max(width, height) > least
    ]
    pieces.sort(key=lambda piece: -max(piece.box.width, piece.box.height))
    return Components(ink, component_ids, sorted(pieces[:MAX_PIECES], key=lambda p: -p.box.height))


def cut_out(ink: Ink, component_ids: ComponentIds, piece: Piece) -> Ink:
    """The box's pixels, the faint ones too, without those of neighbors that reach into it."""
    box = piece.box
    window = np.s_[box.top : box.bottom, box.left : box.right]
    own = _is_any(component_ids[window], (0, *piece.component_ids))
    return np.asarray(ink[window] * own, dtype=np.uint8)


def trim(ink: Ink) -> Ink:
    """Ink [H, W] cut to the bounding box of its strokes; one blank pixel if there are none."""
    _, inked = cv2.threshold(ink, MIN_STROKE_LEVEL, 255, cv2.THRESH_BINARY)
    x, y, width, height = cv2.boundingRect(inked)
    return ink[y : y + height, x : x + width] if width else np.zeros((1, 1), np.uint8)


def _is_any(window: ComponentIds, component_ids: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """As np.isin, but many times as fast for few component_ids."""
    found = window == component_ids[0]
    for label in component_ids[1:]:
        found |= window == label
    return np.asarray(found)
