"""Batches of normalized pictures → probabilities, by ONNX Runtime."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from server.errors import ConfigurationError
from server.recognition.arrays import Normalized, Probabilities
from server.recognition.labels import DIGITS, LABEL_COUNT, NO_DIGIT, TOUCHING_LABEL_COUNT
from server.recognition.reading.normalization import FIELD_PX
from server.recognition.reading.touching import TOUCHING_HEIGHT_PX, TouchingReading

MAX_BATCH = 64  # bounds the memory of one run

UNLOADABLE = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
    RuntimeError,
    ValueError,
)

CardForm = TypeVar("CardForm", bound=msgspec.Struct)


class Quantized(msgspec.Struct, frozen=True):
    """The copy of a model in 8-bit integers, beside it: that one is run."""

    file: str
    sha256: str


class TouchingCard(msgspec.Struct, frozen=True, kw_only=True):
    """What the server needs of the card of a model for touching digits."""

    sha256: str
    quantized: Quantized | None = None


class Card(TouchingCard, frozen=True, kw_only=True):
    """What the server needs of a model's card, the JSON file beside the ONNX file.

    `touching` names the file of the model for touching digits, beside this one, if any.
    """

    labels: tuple[str, ...]
    threshold: float
    touching: str = ""


class Classifier:
    """Reads pictures of one digit, or of several that touch. Safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        """Open an ONNX file and its card. Raises ConfigurationError if they do not fit."""
        self.card = _read_card(path, Card)
        if self.card.labels not in (DIGITS, (*DIGITS, NO_DIGIT)):
            raise ConfigurationError(
                f"{path.with_suffix('.json')} names the labels {self.card.labels}, "
                "not the ten digits."
            )
        self.name = self.card.sha256[:8]
        self._one = _open_model(path, self.card, (FIELD_PX,) * 2, (len(self.card.labels),))
        self._touching = (
            _open_touching(path.with_name(self.card.touching)) if self.card.touching else None
        )

    @property
    def reads_touching(self) -> bool:
        """Whether there is a model for touching digits."""
        return self._touching is not None

    def classify(self, batch: Normalized) -> Probabilities:
        """[N, 28, 28], 0 to 1 → probabilities [N, 11]: the ten digits and "no digit".

        A model that knows ten labels only never says "no digit".
        """
        probabilities = _run(self._one, batch)
        unknown = LABEL_COUNT - len(self.card.labels)
        return np.pad(probabilities, ((0, 0), (0, unknown))) if unknown else probabilities

    def read_touching(self, fields: Sequence[Normalized]) -> list[TouchingReading]:
        """What pictures [28, W], 0 to 1, say; only with a model for touching digits."""
        assert self._touching is not None
        return [TouchingReading(_run(self._touching, field[None])[0]) for field in fields]


def _run(session: ort.InferenceSession, batch: Normalized) -> Probabilities:
    """Of at least one picture."""
    runs = [
        session.run(["probabilities"], {"pictures": batch[k : k + MAX_BATCH]})[0]
        for k in range(0, len(batch), MAX_BATCH)
    ]
    return runs[0] if len(runs) == 1 else np.concatenate(runs)


def _open_touching(path: Path) -> ort.InferenceSession:
    card = _read_card(path, TouchingCard)
    return _open_model(path, card, (TOUCHING_HEIGHT_PX, None), (None, TOUCHING_LABEL_COUNT))


def _open_model(
    path: Path,
    card: TouchingCard,
    picture: tuple[int | None, ...],
    outcome: tuple[int | None, ...],
) -> ort.InferenceSession:
    """Open an ONNX file, or its quantized copy if its card names one.

    Raises ConfigurationError unless they are the card's and fit.
    """
    model, described = _read(path), path.with_suffix(".json").name
    _refuse_other(path, model, card.sha256, described)
    if card.quantized:
        path = path.with_name(card.quantized.file)
        model = _read(path)
        _refuse_other(path, model, card.quantized.sha256, described)
    session = _open_session(path, model)
    inputs = {node.name: _sizes(node) for node in session.get_inputs()}
    outputs = {node.name: _sizes(node) for node in session.get_outputs()}
    if inputs != {"pictures": [*picture]} or outputs.get("probabilities") != [*outcome]:
        raise ConfigurationError(
            f"{path} takes {inputs} and gives {outputs}; a model to serve takes pictures "
            f"[N, {', '.join(str(size or 'any') for size in picture)}] and gives probabilities "
            f"[N, {', '.join(str(size or 'any') for size in outcome)}]. "
            "Make one of a Keras file with scripts/convert.py."
        )
    return session


def _sizes(node: ort.NodeArg) -> list[int | None]:
    """Of all axes but the first; None for one of any size."""
    return [size if isinstance(size, int) else None for size in node.shape[1:]]


def _refuse_other(path: Path, model: bytes, sha256: str, described: str) -> None:
    """Raise ConfigurationError unless a file is the one that a card describes."""
    found = hashlib.sha256(model).hexdigest()
    if found != sha256:
        raise ConfigurationError(
            f"{path} is not the model that {described} describes: "
            f"its SHA-256 is {found}. Convert it again with scripts/convert.py."
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"The model file {path} cannot be read ({error.strerror}). "
            "Set DIGITS_MODEL to an ONNX file made by scripts/convert.py."
        ) from error


def _read_card(path: Path, form: type[CardForm]) -> CardForm:
    file = path.with_suffix(".json")
    try:
        return msgspec.json.decode(_read(file), type=form)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{file} is no card of a model: {error}.") from error


def _open_session(path: Path, model: bytes) -> ort.InferenceSession:
    """One thread and no spinning: two threads that wait busily cost a core and win nothing."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except UNLOADABLE as error:
        raise ConfigurationError(f"{path} is no ONNX model that can be served: {error}") from error
