"""The picture of a line that its network takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt

from server.recognition.arrays import Ink, Normalized, Probabilities, Trace
from server.recognition.ink.pieces import MIN_STROKE_LEVEL
from server.recognition.ink.traces import ink_of
from server.recognition.labels import BLANK_LABEL, FIRST_SIGN_LABEL, LABEL_COUNT

Labels = tuple[int, ...]

LINE_HEIGHT_PX = 32
MARGIN_PX = 2
WIDTH_STEP_PX = 8  # widths are multiples of this
MIN_PROBABILITY = 1e-9
NEGLIGIBLE = 1e-30  # probability of a path
FLUSH_COLUMNS = 8  # in which no path gets from NEGLIGIBLE to the least that a float can be
GAP = -1  # the state before each text: its probability is 0
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
    ink = ink if len(kept) == ink.shape[1] else ink[:, kept]
    height, width = ink.shape[:2]
    inner = LINE_HEIGHT_PX - 2 * MARGIN_PX
    scale = inner / max(height, width / MAX_ASPECT)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink, size, interpolation=method)
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

    def multiply(self, gains: Probabilities) -> LineReading:
        """Return the reading with the probabilities of labels but signs times gains [T, 11].

        How probable it is that any of them is in a column stays as it is.
        """
        labels = self.columns[:, :LABEL_COUNT]
        gained = np.maximum(labels, MIN_PROBABILITY) * gains
        shares = labels.sum(axis=1, keepdims=True) / gained.sum(axis=1, keepdims=True)
        columns = np.concatenate([gained * shares, self.columns[:, LABEL_COUNT:]], axis=1)
        return replace(self, columns=columns)

    def likelihoods(self, texts: Sequence[Labels]) -> list[float]:
        """Return the probability of each text: the sum over its paths (forward algorithm).

        All texts are one row of states. What is NEGLIGIBLE counts as 0: with numbers near the
        least that a float can be, a CPU takes many times as long.
        """
        states, may_skip = _states(texts)
        seen = self.columns[:, states]  # [T, states]
        seen[(seen < NEGLIGIBLE) | (states == GAP)] = 0
        ways, sums, skips = np.zeros(len(states) + 2), np.empty(len(states)), np.empty(len(states))
        here, before, two_before = ways[2:], ways[1:-1], ways[:-2]
        here[states == GAP] = 1
        for first in range(0, len(seen), FLUSH_COLUMNS):
            for column in seen[first : first + FLUSH_COLUMNS]:
                np.add(here, before, sums)
                np.multiply(two_before, may_skip, skips)
                np.add(sums, skips, sums)
                np.multiply(sums, column, here)
            here[here < NEGLIGIBLE] = 0
        ends = np.flatnonzero(states == GAP)[1:].tolist()
        return [float(here[end - 1] + here[end - 2]) for end in [*ends, len(states)]]

    def find(self, text: Labels) -> list[int]:
        """Return the vector in which each label of a text is most probable on its best path."""
        runs = [run for _, run in self._runs] if text == self.text else self._align(text)
        return [
            max(run, key=self.columns[:, label].__getitem__)
            for run, label in zip(runs, text, strict=True)
        ]

    def _align(self, text: Labels) -> list[list[int]]:
        """Return the vectors of each label on the best path that reads a text (Viterbi).

        Lists take a third of the time of arrays here: there are few states.
        """
        states, may_skip = (each[1:].tolist() for each in _states([text]))
        seen = np.log(np.maximum(self.columns[:, states], MIN_PROBABILITY)).tolist()
        best = [*seen[0][:2], *[-math.inf] * (len(states) - 2)]
        steps: list[list[int]] = []
        for column in seen[1:]:
            ways = [*zip(best, [-math.inf, *best], [-math.inf, -math.inf, *best], strict=False)]
            moves = [_best_move(*way, skips) for way, skips in zip(ways, may_skip, strict=True)]
            best = [way[move] + p for way, move, p in zip(ways, moves, column, strict=True)]
            steps.append(moves)
        if best[-2] == best[-1] == -math.inf:  # there are too few vectors for so long a text
            return [[k * len(seen) // len(text)] for k in range(len(text))]
        state = len(states) - 1 - int(best[-2] > best[-1])
        runs: list[list[int]] = [[] for _ in text]
        for t in range(len(seen) - 1, -1, -1):
            if state % 2:
                runs[state // 2].append(t)
            state -= steps[t - 1][state] if t else 0
        return runs

    def rows(self, vectors: list[int]) -> Probabilities:
        """Return the probabilities [n, 19] at these vectors, with 0 for the blank."""
        rows = self.columns[vectors] + MIN_PROBABILITY
        rows[:, BLANK_LABEL] = 0
        return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def _best_move(stay: float, one: float, two: float, may_skip: bool) -> int:
    """Return how many states to move on, by the costs of the ways that lead to a state."""
    if may_skip and two > max(stay, one):
        return 2
    return int(one > stay)


def _states(texts: Sequence[Labels]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return the states of all texts in a row, and where one may skip the state before.

    The states of a text are its labels between blanks, after a GAP.
    """
    row: list[int] = []
    for text in texts:
        row += (GAP, BLANK_LABEL)
        for label in text:
            row += (label, BLANK_LABEL)
    states = np.array(row)
    may_skip = states != BLANK_LABEL
    may_skip[2:] &= states[2:] != states[:-2]
    return states, may_skip
