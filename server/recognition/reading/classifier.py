"""The classifier of normalized pictures: networks for one digit and for a line.

Another network reads a line whose strokes are known: it sees the direction of the pen too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import numpy as np

from server.errors import ConfigurationError
from server.recognition.arrays import Normalized, Probabilities
from server.recognition.examples import Example, Gains, Memory, apply_gains, to_normalized
from server.recognition.ink.traces import CHANNELS, ink_of
from server.recognition.labels import DIGITS, LABEL_COUNT, LINE_LABELS, NO_DIGIT
from server.recognition.onnx_model import ModelCard, OnnxModel, files_of, open_model, read_card
from server.recognition.reading.line_network import (
    LINE_HEIGHT_PX,
    LinePicture,
    LineReading,
)
from server.recognition.reading.normalization import FIELD_PX


class DigitCard(ModelCard, frozen=True, kw_only=True):
    """The card of a model for one digit.

    `threshold` is the confidence below which a reading is uncertain. `line` and `trace_line` are
    the names of the files, in the same folder, of the models for lines and for traces of lines, or
    empty.
    """

    labels: tuple[str, ...]
    threshold: float
    line: str = ""
    trace_line: str = ""


class Classifier:
    """Networks for one digit and, if there are any, for a line. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open an ONNX file and those its card names. Raise ConfigurationError for a misfit."""
        self.card = read_card(path, DigitCard)
        if self.card.labels not in (DIGITS, (*DIGITS, NO_DIGIT)):
            raise ConfigurationError(
                f"{path.with_suffix('.json')} names the labels {self.card.labels} instead of the "
                f"ten digits, with or without {NO_DIGIT!r}."
            )
        pictures, probabilities = (FIELD_PX, FIELD_PX), (len(self.card.labels),)
        self._digit = open_model(path, self.card, pictures, probabilities)
        self._line = _open_line(path, self.card.line)
        self._trace_line = _open_line(path, self.card.trace_line, CHANNELS)
        self.name = _name([self._digit, self._line, self._trace_line])
        self._memory: Memory | None = None

    @property
    def reads_lines(self) -> bool:
        """Whether there is a model for lines."""
        return self._line is not None

    @property
    def can_learn(self) -> bool:
        """Whether the model gives the features that examples need."""
        return self._digit.has_features

    def knowing(self, examples: Sequence[Example]) -> Classifier:
        """Return this classifier with examples of one person, in the order in which they came.

        Requires `can_learn`.
        """
        probabilities, features = self._digit.run_with_features(to_normalized(examples))
        labels = [example.label for example in examples]
        personal = copy(self)
        personal._memory = Memory(labels, self._pad(probabilities), features)
        return personal

    @property
    def held_back(self) -> list[bool]:
        """For each example that it knows, whether it would make another one wrong."""
        return self._memory.is_held_back.tolist() if self._memory else []

    def classify(self, batch: Normalized) -> Probabilities:
        """Return the probabilities [N, 11] of the labels for N > 0 pictures [N, 28, 28], 0 to 1.

        A model that knows only the digits gives "no digit" a probability of 0.
        """
        return self.classify_with_gains(batch)[0]

    def classify_with_gains(self, batch: Normalized) -> tuple[Probabilities, Gains | None]:
        """Return the probabilities of pictures, and what they gain from a person's examples."""
        if self._memory is None:
            return self._pad(self._digit.run(batch)), None
        probabilities, features = self._digit.run_with_features(batch)
        gains = self._memory.gains(features)
        return apply_gains(self._pad(probabilities), gains), gains

    def _pad(self, probabilities: Probabilities) -> Probabilities:
        missing = LABEL_COUNT - len(self.card.labels)
        return np.pad(probabilities, ((0, 0), (0, missing))) if missing else probabilities

    def read_line(self, picture: LinePicture) -> LineReading:
        """Read the picture or the trace of a line. Requires `reads_lines`."""
        assert self._line is not None
        if self._trace_line and picture.field.ndim > 2:
            columns = self._trace_line.run(picture.field[None])[0]
        else:
            columns = self._line.run(ink_of(picture.field)[None])[0]
        return LineReading(columns.astype(np.float64), picture.places)


def classifier_files(path: Path) -> list[Path]:
    """Return all files that a classifier is opened from, by the file of its digit network.

    Raise ConfigurationError if a card is not valid.
    """
    card = read_card(path, DigitCard)
    others = [path.with_name(name) for name in (card.line, card.trace_line) if name]
    return [file for each in (path, *others) for file in files_of(each)]


def _name(networks: Sequence[OnnxModel | None]) -> str:
    """Return the first digits of the digest of one network, or of those of several."""
    digests = [network.sha256 for network in networks if network]
    if len(digests) > 1:
        digests = [hashlib.sha256("".join(digests).encode()).hexdigest()]
    return digests[0][:8]


def _open_line(path: Path, name: str, *channels: int) -> OnnxModel | None:
    """Open the model for lines of this name beside `path`, if there is a name."""
    if not name:
        return None
    path = path.with_name(name)
    pictures, probabilities = (LINE_HEIGHT_PX, None, *channels), (None, len(LINE_LABELS))
    return open_model(path, read_card(path, ModelCard), pictures, probabilities)
