"""Ink of touching digits → the picture that is read as a whole, and what is read on it.

Digits that overlap cannot be parted by any seam; they are read without parting them, by a network
that says for each column what it sees there (A. Graves et al. 2006, Connectionist Temporal
Classification). Its labels are the digits, "no digit", and "nothing new" (blank).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.ink import Ink

FIELD_PX = 28  # high
MARGIN_PX = 2
STEP_PX = 8  # widths are multiples of this
WIDEST = 16  # heights

LABELS = 12  # of each two columns: the digits, "no digit", and
BLANK = 11  # nothing new

StringField = npt.NDArray[np.floating]
Columns = npt.NDArray[np.floating]


def normalize_string(ink: Ink) -> StringField:
    """Ink [h, w] cut to its bounding box, 0 to 255 → [28, W], 0 to 1; W is a multiple of 8."""
    height, width = ink.shape
    inner = FIELD_PX - 2 * MARGIN_PX
    scale = inner / max(height, width / WIDEST)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    across = -(-(size[0] + 2 * MARGIN_PX) // STEP_PX) * STEP_PX
    field = np.zeros((FIELD_PX, across), dtype=np.float32)
    left, top = (across - size[0]) // 2, (FIELD_PX - size[1]) // 2
    field[top : top + size[1], left : left + size[0]] = small
    return field / max(float(field.max()), 1.0)


@dataclass(frozen=True)
class StringReading:
    """Probabilities [T, 12] of the columns of a picture, and the labels they are likeliest to say.

    `rows` [n, 11] are the probabilities of each label where it is seen best, and `places` [n] where
    in the width of the picture that is, 0 to 1.
    """

    columns: Columns
    labels: tuple[int, ...]
    rows: Columns
    places: tuple[float, ...]

    def likelihood(self, labels: Sequence[int]) -> float:
        """How likely exactly these labels are: of all ways to say them (forward algorithm)."""
        states = [BLANK]
        for label in labels:
            states += [label, BLANK]
        skips = [k > 1 and states[k] not in (BLANK, states[k - 2]) for k in range(len(states))]
        ways = [1.0] + [0.0] * (len(states) - 1)
        for column in self.columns.tolist():
            ways = [
                column[state]
                * (way + (ways[k - 1] if k else 0.0) + (ways[k - 2] if skips[k] else 0.0))
                for k, (state, way) in enumerate(zip(states, ways, strict=True))
            ]
        return sum(ways[-2:])

    def single_likelihoods(self) -> Columns:
        """[11]: how likely each label is to be the only one."""
        columns = self.columns.astype(np.float64)
        blank, seen = columns[:, BLANK], columns[:, :BLANK]
        before = np.concatenate([[1.0], blank[:-1]]).cumprod()
        after = np.concatenate([blank[1:], [1.0]])[::-1].cumprod()[::-1]
        within = np.zeros(BLANK)  # that the label is seen up to here, and nothing else
        total = np.zeros(BLANK)
        for blanks, column, rest in zip(before.tolist(), seen, after.tolist(), strict=True):
            within = (within + blanks) * column
            total += within * rest
        return total


def read_columns(columns: Columns) -> StringReading:
    """Probabilities [T, 12] → the labels of the best path."""
    best = columns.argmax(axis=1).tolist()
    runs = [(label, [*run]) for label, run in groupby(range(len(best)), best.__getitem__)]
    seen = [(label, run) for label, run in runs if label != BLANK]
    peaks = [max(run, key=lambda place: columns[place, label]) for label, run in seen]
    rows = columns[peaks, :BLANK]
    return StringReading(
        columns,
        tuple(label for label, _ in seen),
        rows / rows.sum(axis=1, keepdims=True),
        tuple((peak + 0.5) / len(best) for peak in peaks),
    )
