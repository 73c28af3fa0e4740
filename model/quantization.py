"""An ONNX model of 8-bit integers beside one of floats: it answers more than twice as fast.

Weights and activations become whole numbers with a scale (B. Jacob et al. 2018, Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, arXiv:1712.05877).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from model.card import write_onto_card
from model.datasets import Images, pad

CALIBRATION_PICTURES = 1024  # whose activations set the scales
CHECKED_PICTURES = 4096
BATCH = 64

Floats = npt.NDArray[np.float32]


class _Pictures(CalibrationDataReader):
    """Batches for a model whose input is `pictures`."""

    def __init__(self, batches: Sequence[Floats]) -> None:
        self._batches: Iterator[Floats] = iter(batches)

    def get_next(self) -> dict[str, Floats] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"pictures": batch}


def quantize(exact: Path, images: Sequence[Images] | Images) -> Path:
    """Write the quantized copy of an ONNX model beside it, and name it on its card.

    `images` [H, W], 0 to 255, are such as the model will see, and not from a test set. The card
    says how far the copy's probabilities are from the model's, and how often it answers the same.
    """
    copy = exact.with_suffix(".int8.onnx")
    order = np.random.default_rng(0).permutation(len(images))[:CHECKED_PICTURES]
    chosen = [images[index] for index in order]
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / exact.name
        quant_pre_process(exact, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            copy,
            _Pictures(_batches(chosen[:CALIBRATION_PICTURES])),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "Relu"],
            nodes_to_exclude=_find_logits(prepared),  # which cost little as they are
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # weights of 7 bits: no sum overflows on a processor without VNNI
        )
    sha256 = hashlib.sha256(copy.read_bytes()).hexdigest()
    agreement = _compare(_run(exact, chosen), _run(copy, chosen))
    write_onto_card(exact, quantized={"file": copy.name, "sha256": sha256, **agreement})
    return copy


def _find_logits(path: Path) -> list[str]:
    """The names of the convolutions that no activation follows."""
    nodes = onnx.load(path).graph.node
    activated = {node.input[0] for node in nodes if node.op_type == "Relu"}
    return [n.name for n in nodes if n.op_type == "Conv" and n.output[0] not in activated]


def _compare(wanted: Floats, found: Floats) -> dict[str, Any]:
    """Of probabilities [N, labels]."""
    differences = np.abs(wanted - found)
    same = wanted.argmax(axis=1) == found.argmax(axis=1)
    return {
        "pictures": CHECKED_PICTURES,
        "same_answer": round(float(same.mean()), 5),
        "mean_difference": round(float(differences.mean()), 6),
        "largest_difference": round(float(differences.max()), 4),
    }


def _run(path: Path, images: Sequence[Images]) -> Floats:
    """The probabilities [N, labels] of all pictures, of each column where there are columns."""
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    runs = [session.run(["probabilities"], {"pictures": batch})[0] for batch in _batches(images)]
    return np.concatenate([run.reshape(-1, run.shape[-1]) for run in runs])


def _batches(images: Sequence[Images]) -> list[Floats]:
    """Pictures of nearly one width together, 0 to 1."""
    order = sorted(images, key=lambda image: image.shape[1])
    return [pad(order[k : k + BATCH]).astype(np.float32) / 255 for k in range(0, len(order), BATCH)]
