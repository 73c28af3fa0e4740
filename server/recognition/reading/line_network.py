"""The picture of a line that its network takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Ink, Normalized, Probabilities, Trace
from server.recognition.ink.pieces import MIN_STROKE_LEVEL
from server.recognition.ink.traces import ink_of
from server.recognition.labels import BLANK_LABEL, FIRST_SIGN_LABEL

Labels = tuple[int, ...]

LINE_HEIGHT_PX = 32
MARGIN_PX = 2
WIDTH_STEP_PX = 8  # widths are multiples of this
MIN_PROBABILITY = 1e-9
MIN_SIGN = 0.1  # probability of a sign that a text may have
MAX_ASPECT = 24  # width over height: wider ink is shrunk to fit
MAX_BLANK = 0.5  # heights of the line: wider blank columns between digits are narrowed to this


@dataclass(frozen=True)
class LinePicture:
    """The picture [32, W] of a line, or [32, W, 4] of a trace, 0 to 1; W is a multiple of 8.

    `places` [W / 2] are the columns of the ink that each vector of the network comes from.
    """

    field: Normalized
    places: npt.NDArray[np.intp]


def normalize_line(ink: Ink | Trace) -> LinePicture:
    """Return the picture of a line's ink [h, w] or trace [h, w, 4], cut to its bounding box.

    Wide blanks are narrowed. The strongest pixel becomes 1.
    """
    kept = _keep_columns(ink_of(ink))
    height, width = len(ink), len(kept)
    inner = LINE_HEIGHT_PX - 2 * MARGIN_PX
    scale = inner / max(height, width / MAX_ASPECT)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink[:, kept], size, interpolation=method)
    across = -(-(size[0] + 2 * MARGIN_PX) // WIDTH_STEP_PX) * WIDTH_STEP_PX
    field: Normalized = np.zeros((LINE_HEIGHT_PX, across, *ink.shape[2:]), dtype=np.float32)
    left, top = (across - size[0]) // 2, (LINE_HEIGHT_PX - size[1]) // 2
    field[top : top + size[1], left : left + size[0]] = small
    sources = (np.arange(1, across, 2) - left) / size[0] * width
    places = kept[np.clip(sources.astype(np.intp), 0, width - 1)]
    return LinePicture(field / max(float(field.max()), 1.0), places)


def _keep_columns(ink: Ink) -> npt.NDArray[np.intp]:
    """Return the columns of ink [h, w] that stay if wide blanks are narrowed."""
    height, width = ink.shape
    inked = np.flatnonzero((ink >= MIN_STROKE_LEVEL).any(axis=0))
    last = np.full(width, -width)  # the last column with ink up to each one
    last[inked] = inked
    blanks = np.arange(width) - np.maximum.accumulate(last)
    return np.flatnonzero(blanks <= max(1, round(MAX_BLANK * height)))


@dataclass(frozen=True)
class LineReading:
    """The network's reading of a line: probabilities [T, 19] of LINE_LABELS.

    `places` [T] are the columns of the ink that the reading's columns come from.
    """

    columns: Probabilities
    places: npt.NDArray[np.intp]

    @cached_property
    def text(self) -> Labels:
        """The text of the most probable path."""
        return tuple(label for label, _ in self._runs)

    @cached_property
    def _runs(self) -> list[tuple[int, list[int]]]:
        """Each label of the most probable path with its vectors."""
        best = self.columns.argmax(axis=1).tolist()
        runs = [(label, [*run]) for label, run in groupby(range(len(best)), best.__getitem__)]
        return [(label, run) for label, run in runs if label != BLANK_LABEL]

    @cached_property
    def signs(self) -> list[tuple[int, int]]:
        """The signs that may well be there, each with its columns of the ink."""
        vectors, signs = np.nonzero(self.columns[:, FIRST_SIGN_LABEL:] >= MIN_SIGN)
        labels, places = signs + FIRST_SIGN_LABEL, self.places[vectors]
        return [*zip(labels.tolist(), places.tolist(), strict=True)]

    def likelihoods(self, texts: Sequence[Labels]) -> list[float]:
        """Return the probability of each text: the sum over its paths (forward algorithm)."""
        states, may_skip = _states(texts)
        seen = self.columns[:, states]  # [T, texts, states]
        ways = np.zeros((len(texts), states.shape[1] + 2))
        ways[:, 2] = seen[0, :, 0]
        ways[:, 3:4] = seen[0, :, 1:2]
        for column in seen[1:]:
            ways[:, 2:] = (ways[:, 2:] + ways[:, 1:-1] + ways[:, :-2] * may_skip) * column
        ends = [2 + 2 * len(text) for text in texts]
        return [
            float(row[end] + (row[end - 1] if end > 2 else 0.0))
            for row, end in zip(ways, ends, strict=True)
        ]

    def find(self, text: Labels) -> list[int]:
        """Return the vector in which each label of a text is most probable on its best path."""
        runs = [run for _, run in self._runs] if text == self.text else self._align(text)
        return [
            max(run, key=self.columns[:, label].__getitem__)
            for run, label in zip(runs, text, strict=True)
        ]

    def _align(self, text: Labels) -> list[list[int]]:
        """Return the vectors of each label on the best path that reads a text (Viterbi)."""
        [states], [may_skip] = _states([text])
        seen = np.log(np.maximum(self.columns[:, states], MIN_PROBABILITY))
        best = np.full(len(states), -np.inf)
        best[:2] = seen[0, :2]
        steps = np.zeros(seen.shape, np.intp)
        for t in range(1, len(seen)):
            over_blank = np.where(may_skip, _shift(best, 2), -np.inf)
            ways = np.stack([best, _shift(best, 1), over_blank])
            steps[t], best = ways.argmax(axis=0), ways.max(axis=0) + seen[t]
        if not np.isfinite(best[-2:]).any():  # there are too few vectors for so long a text
            return [[k * len(seen) // len(text)] for k in range(len(text))]
        state = len(states) - 1 - int(best[-2] > best[-1])
        runs: list[list[int]] = [[] for _ in text]
        for t in range(len(seen) - 1, -1, -1):
            if state % 2:
                runs[state // 2].append(t)
            state -= int(steps[t, state])
        return runs

    def rows(self, vectors: list[int]) -> Probabilities:
        """Return the probabilities [n, 19] at these vectors, with 0 for the blank."""
        rows = self.columns[vectors] + MIN_PROBABILITY
        rows[:, BLANK_LABEL] = 0
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def _shift(values: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.float64]:
    return np.concatenate([np.full(count, -np.inf), values[:-count]])


def _states(texts: Sequence[Labels]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return the states of each text, labels between blanks, and where one may skip a blank."""
    longest = max(map(len, texts))
    states = np.full((len(texts), 2 * longest + 1), BLANK_LABEL, np.intp)
    for row, text in zip(states, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    may_skip = np.zeros(states.shape, np.bool_)
    may_skip[:, 2:] = (states[:, 2:] != BLANK_LABEL) & (states[:, 2:] != states[:, :-2])
    return states, may_skip
