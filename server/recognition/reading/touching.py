"""Ink of touching digits → the picture that is read as a whole, and what is read on it.

Digits that overlap cannot be parted by any seam; they are read without parting them, by a network
that says for each column what it sees there (A. Graves et al. 2006, Connectionist Temporal
Classification). Its labels are the digits, "no digit", and "nothing new" (blank).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from operator import mul

import cv2
import numpy as np

from server.recognition.arrays import Ink, Normalized, Probabilities
from server.recognition.labels import BLANK_LABEL

TOUCHING_HEIGHT_PX = 28
MARGIN_PX = 2
STEP_PX = 8  # widths are multiples of this
MAX_WIDTH_HEIGHTS = 16  # heights


def normalize_touching(ink: Ink) -> Normalized:
    """Ink [h, w] cut to its bounding box, 0 to 255 → [28, W], 0 to 1; W is a multiple of 8."""
    height, width = ink.shape
    inner = TOUCHING_HEIGHT_PX - 2 * MARGIN_PX
    scale = inner / max(height, width / MAX_WIDTH_HEIGHTS)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    across = -(-(size[0] + 2 * MARGIN_PX) // STEP_PX) * STEP_PX
    field: Normalized = np.zeros((TOUCHING_HEIGHT_PX, across), dtype=np.float32)
    left, top = (across - size[0]) // 2, (TOUCHING_HEIGHT_PX - size[1]) // 2
    field[top : top + size[1], left : left + size[0]] = small
    return field / max(float(field.max()), 1.0)


@dataclass(frozen=True)
class TouchingReading:
    """What is read on a picture: probabilities [T, 12] of its columns."""

    columns: Probabilities

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """What the best path says."""
        return tuple(label for label, _ in self._runs)

    @cached_property
    def _runs(self) -> list[tuple[int, list[int]]]:
        """Each label of the best path, with the columns that say it."""
        best = self.columns.argmax(axis=1).tolist()
        runs = [(label, [*run]) for label, run in groupby(range(len(best)), best.__getitem__)]
        return [(label, run) for label, run in runs if label != BLANK_LABEL]

    @cached_property
    def _peaks(self) -> list[int]:
        """The column where each label is seen best."""
        return [max(run, key=self.columns[:, label].__getitem__) for label, run in self._runs]

    @property
    def rows(self) -> Probabilities:
        """[n, 11]: probabilities of each label where it is seen best."""
        rows = self.columns[self._peaks, :BLANK_LABEL]
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))

    @property
    def places(self) -> list[float]:
        """Where in the width of the picture that is, 0 to 1."""
        return [(peak + 0.5) / len(self.columns) for peak in self._peaks]

    def likelihood(self, labels: Sequence[int]) -> float:
        """How likely exactly these labels are: of all ways to say them (forward algorithm)."""
        states = [BLANK_LABEL]
        for label in labels:
            states += [label, BLANK_LABEL]
        skips = [
            k > 1 and states[k] not in (BLANK_LABEL, states[k - 2]) for k in range(len(states))
        ]
        ways = [1.0] + [0.0] * (len(states) - 1)
        for column in self.columns.tolist():
            ways = [
                column[state]
                * (way + (ways[k - 1] if k else 0.0) + (ways[k - 2] if skips[k] else 0.0))
                for k, (state, way) in enumerate(zip(states, ways, strict=True))
            ]
        return sum(ways[-2:])

    def single_likelihoods(self) -> Probabilities:
        """[11]: how likely each label is to be the only one."""
        *seen, blank = self.columns.T.tolist()
        before = [1.0, *accumulate(blank[:-1], mul)]
        after = [1.0, *accumulate(blank[:0:-1], mul)][::-1]
        return np.array([_single_likelihood(before, shares, after) for shares in seen])


def _single_likelihood(before: list[float], seen: list[float], after: list[float]) -> float:
    """Of a label alone: blanks before, the label in one run, blanks after."""
    within = total = 0.0  # within: that it is seen up to here
    for blanks, share, rest in zip(before, seen, after, strict=True):
        within = (within + blanks) * share
        total += within * rest
    return total
