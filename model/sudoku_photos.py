"""The handwritten cells of the sudoku photos, labelled by eye."""

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
    """A photo: the corners of its grid in pixels, and what is written by hand, row by row.

    The corners begin with the one that is left above when the digits stand upright, and go
    clockwise. A dot is a cell that is printed or empty.
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
    """Every handwritten cell, upright, in colour (BGR), with its digit.

    `margin` is how far a cut reaches beyond the printed lines, in sides of a cell.
    """
    for sudoku in SUDOKUS:
        photo = cv2.imread(str(DATA_DIR / "photos" / f"{sudoku.name}.jpg"))
        if photo is None:
            raise FileNotFoundError(sudoku.name)
        for row, line in enumerate(sudoku.written):
            for column, digit in enumerate(line):
                if digit != ".":
                    yield _cut(photo, sudoku, row, column, margin), digit


def _cut(photo: cv2.typing.MatLike, sudoku: Sudoku, row: int, column: int, margin: float) -> Photo:
    """The pixels around one cell as they are, turned by quarters only."""
    grid = np.array([(0, 0), (9, 0), (9, 9), (0, 9)], dtype=np.float32)
    to_photo = cv2.getPerspectiveTransform(grid, np.array(sudoku.corners, dtype=np.float32))
    reach = np.array([(column - margin, row - margin), (column + 1 + margin, row + 1 + margin)])
    ends = cv2.perspectiveTransform(reach[None].astype(np.float32), to_photo)[0]
    (left, top), (right, bottom) = np.sort(ends, axis=0).round().astype(int).clip(0).tolist()
    (x0, y0), (x1, y1) = sudoku.corners[:2]
    quarters = 0 if abs(x1 - x0) > abs(y1 - y0) else 1
    return np.rot90(photo[top:bottom, left:right], quarters).astype(np.uint8)
