"""Photographed sudokus and their handwritten cells, labeled by eye."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from model.datasets import DATA_DIR

Photo = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Sudoku:
    """A photo with the corners of its grid in pixels, and its handwritten digits row by row.

    The corners go clockwise from the top left one of the upright sudoku. A dot stands for a
    printed or empty cell.
    """

    name: str
    corners: tuple[tuple[int, int], ...]
    written: tuple[str, ...]


SUDOKUS = (
    Sudoku(
        "sudoku_1002",
        ((10, 183), (953, 178), (959, 1221), (0, 1211)),
        (".27...6..", ".........", "..6......", ".........", ".........",
         "3........", "..9......", "6........", ".....6..."),
    ),
    Sudoku(
        "sudoku_2000",
        ((813, 85), (811, 773), (99, 814), (104, 80)),
        (".3...581.", "49..12537", "......624", ".......75", ".......6.",
         ".2.......", "26.......", ".......96", ".......5."),
    ),
    Sudoku(
        "sudoku_2001",
        ((1171, 67), (1161, 940), (249, 921), (228, 77)),
        (".........", "......83.", ".4....7.1", "......4..", "......68.",
         ".54......", "8.715.9..", "...8..51.", "41..9.3.."),
    ),
)  # fmt: skip


def cut_cells(margin: float) -> Iterator[tuple[Photo, str]]:
    """Yield every handwritten cell, upright and in color (BGR), with its digit.

    The cut reaches `margin` sides of a cell beyond the printed lines.
    """
    for sudoku in SUDOKUS:
        photo = cv2.imread(str(DATA_DIR / "photos" / f"{sudoku.name}.jpg"))
        if photo is None:
            raise FileNotFoundError(f"{sudoku.name}.jpg cannot be read.")
        for row, line in enumerate(sudoku.written):
            for column, digit in enumerate(line):
                if digit != ".":
                    yield _cut(photo, sudoku, row, column, margin), digit


def _cut(photo: cv2.typing.MatLike, sudoku: Sudoku, row: int, column: int, margin: float) -> Photo:
    """Cut one cell without resampling, rotated by quarter turns only."""
    grid = np.array([(0, 0), (9, 0), (9, 9), (0, 9)], dtype=np.float32)
    to_photo = cv2.getPerspectiveTransform(grid, np.array(sudoku.corners, dtype=np.float32))
    cell = np.array([(column - margin, row - margin), (column + 1 + margin, row + 1 + margin)])
    ends = cv2.perspectiveTransform(cell[None].astype(np.float32), to_photo)[0]
    (left, top), (right, bottom) = np.sort(ends, axis=0).round().astype(int).clip(0).tolist()
    (x0, y0), (x1, y1) = sudoku.corners[:2]
    quarter_turns = 0 if abs(x1 - x0) > abs(y1 - y0) else 1
    return np.rot90(photo[top:bottom, left:right], quarter_turns).astype(np.uint8)
