"""ONNX models and their cards: opening, checking, running."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from server.errors import ConfigurationError
from server.recognition.arrays import Features, Normalized, Probabilities

MAX_BATCH = 64  # bounds the memory of one run
INPUT, OUTPUT, FEATURES = "pictures", "probabilities", "features"

OPENING_ERRORS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
    RuntimeError,
    ValueError,
)

Shape = tuple[int | None, ...]
"""Sizes of the axes after the first, which is the batch; None for an axis of any size."""


class QuantizedFile(msgspec.Struct, frozen=True):
    """The copy of a model in 8-bit integers, beside it."""

    file: str
    sha256: str


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a model's card that every model has: the JSON file beside the ONNX file."""

    sha256: str
    quantized: QuantizedFile | None = None


Card = TypeVar("Card", bound=ModelCard)


class OnnxModel:
    """A model that takes `pictures` and gives `probabilities`. Several threads may run it.

    One that `has_features` also gives those that its probabilities come from.
    """

    def __init__(self, session: ort.InferenceSession, sha256: str) -> None:
        """Take an open session, and the digest of its file."""
        self._session = session
        self.sha256 = sha256
        self.has_features = FEATURES in {output.name for output in session.get_outputs()}

    def run(self, pictures: Normalized) -> Probabilities:
        """Return the probabilities of at least one picture, at most MAX_BATCH in one run."""
        return self._run([OUTPUT], pictures)[0]

    def run_with_features(self, pictures: Normalized) -> tuple[Probabilities, Features]:
        """Return the probabilities of pictures, and their features [N, F]."""
        probabilities, features = self._run([OUTPUT, FEATURES], pictures)
        return probabilities, features

    def _run(self, outputs: list[str], pictures: Normalized) -> list[npt.NDArray[np.float32]]:
        runs = [
            self._session.run(outputs, {INPUT: pictures[k : k + MAX_BATCH]})
            for k in range(0, len(pictures), MAX_BATCH)
        ]
        if len(runs) == 1:
            return list(runs[0])
        return [np.concatenate(each) for each in zip(*runs, strict=True)]


def read_card(path: Path, form: type[Card]) -> Card:
    """Read the card of the ONNX file at `path`. Raise ConfigurationError if it is not valid."""
    card_path = path.with_suffix(".json")
    try:
        return msgspec.json.decode(_read_file(card_path), type=form)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{card_path} is not a valid model card: {error}.") from error


def files_of(path: Path) -> list[Path]:
    """Return the ONNX file at `path`, its card and, if its card names one, its quantized copy.

    Raise ConfigurationError if the card is not valid.
    """
    card = read_card(path, ModelCard)
    quantized = [path.with_name(card.quantized.file)] if card.quantized else []
    return [path, path.with_suffix(".json"), *quantized]


def open_model(path: Path, card: ModelCard, pictures: Shape, probabilities: Shape) -> OnnxModel:
    """Open an ONNX file, or its quantized copy if its card names one.

    Raise ConfigurationError unless each file is the one that the card describes, and the model
    takes `pictures` and gives `probabilities` of these shapes.
    """
    sha256 = card.sha256
    _check_digest(path, sha256, path)
    if card.quantized:
        original, path = path, path.with_name(card.quantized.file)
        sha256 = card.quantized.sha256
        _check_digest(path, sha256, original)
    session = _open_session(path)
    _check_shapes(path, session, pictures, probabilities)
    return OnnxModel(session, sha256)


def _check_digest(path: Path, sha256: str, model_path: Path) -> None:
    """Check that a file has the digest that the card of `model_path` gives."""
    found = hashlib.sha256(_read_file(path)).hexdigest()
    if found != sha256:
        card_name = model_path.with_suffix(".json").name
        raise ConfigurationError(
            f"{path} is not the model that {card_name} describes: "
            f"its SHA-256 is {found}. Convert it again with scripts/convert.py."
        )


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"The model file {path} cannot be read ({error.strerror}). "
            "Set DIGITS_MODEL to an ONNX file made by scripts/convert.py."
        ) from error


def _open_session(path: Path) -> ort.InferenceSession:
    """Open a session of one thread; a second one would spin on a core and gain nothing.

    From a file, since a session keeps the bytes that it is made from.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except OPENING_ERRORS as error:
        raise ConfigurationError(
            f"{path} is not an ONNX model that can be served: {error}"
        ) from error


def _check_shapes(
    path: Path, session: ort.InferenceSession, pictures: Shape, probabilities: Shape
) -> None:
    inputs = {node.name: _shape(node) for node in session.get_inputs()}
    outputs = {node.name: _shape(node) for node in session.get_outputs()}
    if inputs != {INPUT: pictures} or outputs.get(OUTPUT) != probabilities:
        raise ConfigurationError(
            f"{path} takes {_format(inputs)} and gives {_format(outputs)}, but it must take "
            f"{_format({INPUT: pictures})} and give {_format({OUTPUT: probabilities})}. "
            "Convert a Keras model with scripts/convert.py."
        )


def _shape(node: ort.NodeArg) -> Shape:
    return tuple(size if isinstance(size, int) else None for size in node.shape[1:])


def _format(shapes: dict[str, Shape]) -> str:
    return ", ".join(
        f"{name} [{', '.join(['N', *(str(size or 'any') for size in shape)])}]"
        for name, shape in shapes.items()
    )
