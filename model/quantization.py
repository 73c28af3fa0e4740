"""Quantization of an ONNX model to 8-bit integers, which run more than twice as fast as floats.

Weights and activations become integers with a scale (B. Jacob et al. 2018, Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, arXiv:1712.05877).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

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

from model.card import update_card
from model.datasets import Images

CALIBRATION_PICTURES = 1024  # whose activations set the scales
COMPARED_PICTURES = 4096
BATCH_SIZE = 64

Floats = npt.NDArray[np.float32]


class Agreement(TypedDict):
    """Agreement of the quantized model with the original, over all probabilities."""

    pictures: int
    same_answer: float
    mean_difference: float
    largest_difference: float


class _CalibrationBatches(CalibrationDataReader):
    """Batches for a model whose input is `pictures`."""

    def __init__(self, batches: Sequence[Floats]) -> None:
        self._batches: Iterator[Floats] = iter(batches)

    def get_next(self) -> dict[str, Floats] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"pictures": batch}


def quantize(onnx_path: Path, images: Images) -> Path:
    """Write the quantized copy of a model beside it, and add it to the model's card.

    `images` [N, H, W, …], 0 to 255, resemble those that the model will see, and are of no test set.
    """
    quantized_path = onnx_path.with_suffix(".int8.onnx")
    order = np.random.default_rng(0).permutation(len(images))[:COMPARED_PICTURES]
    chosen = images[order]
    with TemporaryDirectory() as folder:
        prepared = Path(folder) / onnx_path.name
        quant_pre_process(onnx_path, prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            quantized_path,
            _CalibrationBatches(_batch(chosen[:CALIBRATION_PICTURES])),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv", "Relu"],
            nodes_to_exclude=_find_logits(prepared),  # since they cost little as floats
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,  # 7-bit weights cannot overflow a sum on a CPU without VNNI
        )
    agreement = _compare(_predict(onnx_path, chosen), _predict(quantized_path, chosen))
    sha256 = hashlib.sha256(quantized_path.read_bytes()).hexdigest()
    quantized = {"file": quantized_path.name, "sha256": sha256, **agreement}
    update_card(onnx_path, quantized=quantized)
    return quantized_path


def _find_logits(path: Path) -> list[str]:
    """Return the names of the convolutions without an activation."""
    nodes = onnx.load(path).graph.node
    activated = {node.input[0] for node in nodes if node.op_type == "Relu"}
    return [n.name for n in nodes if n.op_type == "Conv" and n.output[0] not in activated]


def _compare(expected: Floats, actual: Floats) -> Agreement:
    """Compare probabilities [N, labels], or [N, columns, labels]."""
    differences = np.abs(expected - actual)
    same = expected.argmax(axis=-1) == actual.argmax(axis=-1)
    return {
        "pictures": len(expected),
        "same_answer": round(float(same.mean()), 5),
        "mean_difference": round(float(differences.mean()), 6),
        "largest_difference": round(float(differences.max()), 4),
    }


def _predict(path: Path, images: Images) -> Floats:
    """Return probabilities [N, labels]."""
    session = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    runs = [session.run(["probabilities"], {"pictures": batch})[0] for batch in _batch(images)]
    return np.concatenate(runs)


def _batch(images: Images) -> list[Floats]:
    """Split images into batches, scaled to 0 to 1."""
    starts = range(0, len(images), BATCH_SIZE)
    batches = [images[start : start + BATCH_SIZE] for start in starts]
    return [batch.astype(np.float32) / np.float32(255) for batch in batches]
