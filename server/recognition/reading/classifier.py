"""The classifier of normalized pictures: one network for one digit, one for a line."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from server.errors import ConfigurationError
from server.recognition.arrays import Normalized, Probabilities
from server.recognition.labels import DIGITS, LABEL_COUNT, LINE_LABELS, NO_DIGIT
from server.recognition.onnx_model import ModelCard, OnnxModel, open_model, read_card
from server.recognition.reading.line_network import (
    LINE_HEIGHT_PX,
    LinePicture,
    LineReading,
    merge_signs,
)
from server.recognition.reading.normalization import FIELD_PX


class DigitCard(ModelCard, frozen=True, kw_only=True):
    """The card of a model for one digit.

    `threshold` is the confidence below which a reading is uncertain. `line` is the name of the
    file, in the same folder, of the model for lines, or empty.
    """

    labels: tuple[str, ...]
    threshold: float
    line: str = ""


class Classifier:
    """Networks for one digit and, if there is one, for a line. Threads may share it."""

    def __init__(self, path: Path) -> None:
        """Open an ONNX file and those its card names. Raise ConfigurationError for a misfit."""
        self.card = read_card(path, DigitCard)
        if self.card.labels not in (DIGITS, (*DIGITS, NO_DIGIT)):
            raise ConfigurationError(
                f"{path.with_suffix('.json')} names the labels {self.card.labels} instead of the "
                f"ten digits, with or without {NO_DIGIT!r}."
            )
        self.name = self.card.sha256[:8]
        pictures, probabilities = (FIELD_PX, FIELD_PX), (len(self.card.labels),)
        self._digit = open_model(path, self.card, pictures, probabilities)
        line = self.card.line
        self._line = _open_line(path.with_name(line)) if line else None

    @property
    def reads_lines(self) -> bool:
        """Whether there is a model for lines."""
        return self._line is not None

    def classify(self, batch: Normalized) -> Probabilities:
        """Return the probabilities [N, 11] of the labels for N > 0 pictures [N, 28, 28], 0 to 1.

        A model that knows only the digits gives "no digit" a probability of 0.
        """
        probabilities = self._digit.run(batch)
        missing = LABEL_COUNT - len(self.card.labels)
        return np.pad(probabilities, ((0, 0), (0, missing))) if missing else probabilities

    def read_line(self, picture: LinePicture) -> LineReading:
        """Read the picture of a line. Requires `reads_lines`."""
        assert self._line is not None
        columns = self._line.run(picture.field[None])[0]
        return LineReading(merge_signs(columns.astype(np.float64)), picture.places)


def _open_line(path: Path) -> OnnxModel:
    pictures, probabilities = (LINE_HEIGHT_PX, None), (None, len(LINE_LABELS))
    return open_model(path, read_card(path, ModelCard), pictures, probabilities)
