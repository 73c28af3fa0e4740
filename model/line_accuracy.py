"""Accuracy of the lines that the server finds on pages of digits, whatever the digits are read as.

    python -m model.line_accuracy

A page counts if each line has its own digits, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np

from model.evaluation_sets import SEED, group_by_writer
from model.page_layouts import LAYOUTS, TABLES
from model.pages import PEN, Page, compose_page
from model.rendering import SUBPIXEL_BITS
from model.table_pages import compose_table
from server.recognition.arrays import ComponentIds
from server.recognition.ink.pieces import MIN_STROKE_LEVEL, Piece
from server.recognition.reading.segmentation import Line, segment

PAGES = 300
HEIGHT_PX = 40
MIN_SHARE = 0.2  # of a digit's ink: a piece with so much of it belongs to it


def find_lines(page: Page) -> list[list[int]]:
    """Return the indices of the digits on each line that the server finds, from left to right."""
    owners = _draw_owners(page)
    return [_read_owners(line, owners) for line in segment(page.render(HEIGHT_PX))]


def _draw_owners(page: Page) -> ComponentIds:
    """Return the index of the digit that each pixel of the page's ink belongs to, from 1 on."""
    owners = np.zeros(page.render(HEIGHT_PX).shape, np.uint8)
    low, pen_px = np.concatenate(page.strokes).min(axis=0), HEIGHT_PX * PEN
    for index, digit in enumerate(page.digits, 1):
        for stroke in digit:
            line = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
            path = ((line - low) * HEIGHT_PX + pen_px + 2) * 2**SUBPIXEL_BITS
            cv2.polylines(
                owners, [np.round(path).astype(np.int32)], False, index,
                max(1, round(pen_px)), cv2.LINE_8, SUBPIXEL_BITS,
            )  # fmt: skip
    return owners


def _read_owners(line: Line, owners: ComponentIds) -> list[int]:
    """Return the digits of a line's pieces; several pieces of one digit in a row count once."""
    totals = np.bincount(owners.ravel(), minlength=256)
    found: list[int] = []
    for piece in line.pieces:
        found += [
            digit for digit in _owners_of(piece, line, owners, totals) if digit not in found[-1:]
        ]
    return found


def _owners_of(
    piece: Piece, line: Line, owners: ComponentIds, totals: ComponentIds
) -> Iterator[int]:
    is_own = line.parts.cut_out(piece) > MIN_STROKE_LEVEL
    own = np.where(is_own, owners[piece.box.window], 0)
    counts = np.bincount(own.ravel(), minlength=256)
    counts[0] = 0
    digits = np.flatnonzero(counts > MIN_SHARE * np.maximum(totals, 1)).tolist()
    digits = digits or [int(counts.argmax())]
    for digit in sorted(digits, key=lambda digit: float(np.nonzero(own == digit)[1].mean())):
        yield digit - 1


def count(compose: Callable[..., Page]) -> int:
    """Return the number of pages whose lines are all found."""
    rng, writers = np.random.default_rng(SEED), group_by_writer("validation")
    pages = (compose(writers[int(rng.integers(len(writers)))], rng) for _ in range(PAGES))
    return sum(find_lines(page) == page.lines for page in pages)


if __name__ == "__main__":
    for layout in LAYOUTS:
        print(f"{layout.name:20} {count(partial(compose_page, layout)):4} of {PAGES}")
    print(f"{'tables':20} {count(partial(compose_table, TABLES)):4} of {PAGES}")
