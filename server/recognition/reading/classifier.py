"""The classifier of normalized pictures: one network for one digit, one for touching digits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from server.errors import ConfigurationError
from server.recognition.arrays import Normalized, Probabilities
from server.recognition.labels import DIGITS, LABEL_COUNT, NO_DIGIT, TOUCHING_LABEL_COUNT
from server.recognition.onnx_model import ModelCard, OnnxModel, open_model, read_card
from server.recognition.reading.normalization import FIELD_PX
from server.recognition.reading.touching import TOUCHING_HEIGHT_PX, TouchingReading


class DigitCard(ModelCard, frozen=True, kw_only=True):
    """The card of a model for one digit.

    `threshold` is the confidence below which a reading is uncertain. `touching` is the name of the
    file, in the same folder, of the model for touching digits, or empty.
    """

    labels: tuple[str, ...]
    threshold: float
    touching: str = ""


class Classifier:
    """Networks for one digit and, if there is one, for touching digits. Threads may share it."""

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
        touching = self.card.touching
        self._touching = _open_touching(path.with_name(touching)) if touching else None

    @property
    def reads_touching(self) -> bool:
        """Whether there is a model for touching digits."""
        return self._touching is not None

    def classify(self, batch: Normalized) -> Probabilities:
        """Return the probabilities [N, 11] of the labels for N > 0 pictures [N, 28, 28], 0 to 1.

        A model that knows only the digits gives "no digit" a probability of 0.
        """
        probabilities = self._digit.run(batch)
        missing = LABEL_COUNT - len(self.card.labels)
        return np.pad(probabilities, ((0, 0), (0, missing))) if missing else probabilities

    def read_touching(self, pictures: Sequence[Normalized]) -> list[TouchingReading]:
        """Read pictures [28, W], 0 to 1, of touching digits. Requires `reads_touching`."""
        assert self._touching is not None
        return [TouchingReading(self._touching.run(picture[None])[0]) for picture in pictures]


def _open_touching(path: Path) -> OnnxModel:
    pictures, probabilities = (TOUCHING_HEIGHT_PX, None), (None, TOUCHING_LABEL_COUNT)
    return open_model(path, read_card(path, ModelCard), pictures, probabilities)
