"""A batch of 28×28 → probabilities, by one ONNX Runtime session."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from server.errors import ConfigurationError
from server.recognition.normalization import FIELD_PX, Normalized

DIGITS = tuple("0123456789")
NO_DIGIT = "?"
NO_DIGIT_LABEL = len(DIGITS)
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

Probabilities = npt.NDArray[np.float32]


class Card(msgspec.Struct, frozen=True):
    """What the server needs of a model's card, the JSON file beside the ONNX file."""

    labels: tuple[str, ...]
    sha256: str
    threshold: float


class Classifier:
    """Reads 28×28 pictures. Safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        """Open an ONNX file and its card. Raises ConfigurationError if they do not fit."""
        model = _read(path)
        self.card = _read_card(path.with_suffix(".json"))
        sha256 = hashlib.sha256(model).hexdigest()
        if self.card.sha256 != sha256:
            raise ConfigurationError(
                f"{path} is not the model that {path.with_suffix('.json').name} describes: "
                f"its SHA-256 is {sha256}. Convert it again with scripts/convert.py."
            )
        self.name = sha256[:8]
        self._session = _open_session(path, model)
        self._refuse_misfit(path)

    def classify(self, batch: Normalized) -> Probabilities:
        """[N, 28, 28], 0 to 1 → probabilities [N, 11]: the ten digits and "no digit".

        A model that knows ten labels only never says "no digit".
        """
        runs = [self._run(batch[k : k + MAX_BATCH]) for k in range(0, len(batch), MAX_BATCH)]
        probabilities = np.zeros((len(batch), len(DIGITS) + 1), dtype=np.float32)
        if runs:
            probabilities[:, : len(self.card.labels)] = np.concatenate(runs)
        return probabilities

    def _run(self, batch: Normalized) -> Probabilities:
        return np.asarray(self._session.run(["probabilities"], {"pictures": batch})[0])

    def _refuse_misfit(self, path: Path) -> None:
        inputs = {node.name: node.shape[1:] for node in self._session.get_inputs()}
        outputs = {node.name: node.shape[1:] for node in self._session.get_outputs()}
        expected = [len(self.card.labels)]
        if inputs != {"pictures": [FIELD_PX] * 2} or outputs.get("probabilities") != expected:
            raise ConfigurationError(
                f"{path} takes {inputs} and gives {outputs}; a model to serve takes pictures "
                f"[N, 28, 28] and gives probabilities [N, {expected[0]}]. "
                "Make one of a Keras file with scripts/convert.py."
            )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"The model file {path} cannot be read ({error.strerror}). "
            "Set DIGITS_MODEL to an ONNX file made by scripts/convert.py."
        ) from error


def _read_card(path: Path) -> Card:
    try:
        card = msgspec.json.decode(_read(path), type=Card)
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{path} is no card of a model: {error}.") from error
    if card.labels not in (DIGITS, (*DIGITS, NO_DIGIT)):
        raise ConfigurationError(f"{path} names the labels {card.labels}, not the ten digits.")
    return card


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
