"""Touching digits: the picture that their network takes, and the reading that it gives.

No cut separates digits that overlap, so they are read as a whole. The network gives for each column
of the picture the probabilities of the labels and of a blank, "nothing new here" (A. Graves et al.
2006, Connectionist Temporal Classification). A path names one label per column; merging equal
neighbors and then dropping the blanks makes its text.
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
WIDTH_STEP_PX = 8  # widths are multiples of this
MAX_ASPECT = 16  # width over height: wider ink is shrunk to fit


def normalize_touching(ink: Ink) -> Normalized:
    """Return ink [h, w] cut to its bounding box as a picture [28, W], 0 to 1.

    W is a multiple of 8. The strongest pixel becomes 1.
    """
    height, width = ink.shape
    inner = TOUCHING_HEIGHT_PX - 2 * MARGIN_PX
    scale = inner / max(height, width / MAX_ASPECT)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    across = -(-(size[0] + 2 * MARGIN_PX) // WIDTH_STEP_PX) * WIDTH_STEP_PX
    field: Normalized = np.zeros((TOUCHING_HEIGHT_PX, across), dtype=np.float32)
    left, top = (across - size[0]) // 2, (TOUCHING_HEIGHT_PX - size[1]) // 2
    field[top : top + size[1], left : left + size[0]] = small
    return field / max(float(field.max()), 1.0)


@dataclass(frozen=True)
class TouchingReading:
    """A network's reading of a picture: the probabilities [T, 12] of its T columns."""

    columns: Probabilities

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """The text of the most probable path."""
        return tuple(label for label, _ in self._runs)

    @cached_property
    def _runs(self) -> list[tuple[int, list[int]]]:
        """Each label of the most probable path with its columns."""
        best = self.columns.argmax(axis=1).tolist()
        runs = [(label, [*run]) for label, run in groupby(range(len(best)), best.__getitem__)]
        return [(label, run) for label, run in runs if label != BLANK_LABEL]

    @cached_property
    def _peaks(self) -> list[int]:
        """The column in which each label is most probable."""
        return [max(run, key=self.columns[:, label].__getitem__) for label, run in self._runs]

    @property
    def rows(self) -> Probabilities:
        """The probabilities [n, 11] of `labels`, each row from the label's best column."""
        rows = self.columns[self._peaks, :BLANK_LABEL]
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))

    @property
    def places(self) -> list[float]:
        """The x positions of `labels`, 0 to 1 of the picture's width."""
        return [(peak + 0.5) / len(self.columns) for peak in self._peaks]

    def likelihood(self, labels: Sequence[int]) -> float:
        """Return the probability of a text: the sum over all of its paths (forward algorithm)."""
        states = [BLANK_LABEL]
        for label in labels:
            states += [label, BLANK_LABEL]
        skips = [
            k > 1 and state not in (BLANK_LABEL, states[k - 2]) for k, state in enumerate(states)
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
        """Return the probabilities [11] of the texts of one label."""
        *seen, blank = self.columns.T.tolist()
        before = [1.0, *accumulate(blank[:-1], mul)]
        after = [1.0, *accumulate(blank[:0:-1], mul)][::-1]
        return np.array([_single_likelihood(before, column, after) for column in seen])


def _single_likelihood(before: list[float], seen: list[float], after: list[float]) -> float:
    """Return the sum over paths of blanks, one run of a label, and blanks.

    By column: `before` and `after` are the probabilities that all columns before and after it are
    blank, `seen` that of the label.
    """
    within = total = 0.0  # within: the run has begun and includes this column
    for blanks, probability, rest in zip(before, seen, after, strict=True):
        within = (within + blanks) * probability
        total += within * rest
    return total
