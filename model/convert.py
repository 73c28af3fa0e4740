"""Conversion of a Keras model to the ONNX file and the card that the server opens.

    python3 scripts/convert.py MODEL [--output FILE] [--input-max 255]

MODEL is a .keras file, or an .h5 file of Keras 2 or 3, with one input of 28×28×1, 28×28 or 784
and one output of ten probabilities or logits: the digits 0 to 9.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import tensorflow as tf
import tf2onnx

from model.card import write_card
from server.recognition.ink.traces import CHANNELS
from server.recognition.labels import DIGITS, LINE_LABELS, NO_DIGIT
from server.recognition.reading.line_network import LINE_HEIGHT_PX
from server.recognition.reading.normalization import FIELD_PX

OPSET = 18
CONFIDENCE_THRESHOLD = 0.9  # a reading below it is uncertain
PARITY_INPUTS = 2_000
PARITY_TOLERANCE = 1e-5
PARITY_WIDTH_PX = 64  # of the pictures of lines
INK_PARITY_INPUTS, INK_PARITY_SHAPE = 64, (64, 96, 3)
INPUT_SHAPES = ((FIELD_PX, FIELD_PX, 1), (FIELD_PX, FIELD_PX), (FIELD_PX**2,))
LIBRARIES = ("keras", "tensorflow", "tf2onnx", "onnx", "onnxruntime")
LABELS = {10: list(DIGITS), 11: [*DIGITS, NO_DIGIT]}

Pictures = npt.NDArray[np.float32]


class UnsupportedModel(Exception):
    """A model that cannot be served, with the reason as its message."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="convert.py", description="Convert a Keras model to ONNX."
    )
    parser.add_argument("model", type=Path, help="a .keras or .h5 file")
    parser.add_argument("--output", type=Path, help="the ONNX file (default: MODEL with .onnx)")
    parser.add_argument(
        "--input-max", type=float, default=1, help="value of a white pixel (default: 1)"
    )
    options = parser.parse_args(arguments)
    output = options.output or options.model.with_suffix(".onnx")
    try:
        card = convert(options.model, output, input_max=options.input_max)
    except UnsupportedModel as error:
        sys.exit(f"convert.py: {error}")
    difference = card["parity"]["largest_difference"]
    print(f"{output} differs from Keras by at most {difference:.1e} on {PARITY_INPUTS} inputs.")
    print(f"To serve it, set DIGITS_MODEL={output}")


def convert(
    source: Path,
    output: Path,
    temperature: float = 1,
    no_digit_bias: float = 0,
    input_max: float = 1,
) -> dict[str, Any]:
    """Write `output` and its card, and return the card; raise UnsupportedModel.

    The ONNX model maps `pictures` [N, 28, 28], 0 to 1, white on black, to `probabilities`
    [N, labels] and to the `features` [N, F] that they come from. If the Keras model returns logits,
    they are divided by the temperature, and the bias is added to the logit of "no digit".
    """
    model = load(source)
    check_shapes(model)
    serve = wrap_for_serving(model, temperature, no_digit_bias, input_max)
    card = {
        "labels": LABELS[model.output_shape[-1]],
        "input": {"name": "pictures", "shape": [None, FIELD_PX, FIELD_PX], "range": [0, 1],
                  "ink": "white on black, normalized as MNIST"},
        **export(serve, output, (FIELD_PX, FIELD_PX)),
        "threshold": CONFIDENCE_THRESHOLD,
        "temperature": temperature,
        "no_digit_bias": no_digit_bias,
        "accuracy": [],
    }  # fmt: skip
    write_card(output, card)
    return card


def convert_line(source: Path, output: Path, temperature: float) -> None:
    """Convert a model that reads lines, and write its card.

    The ONNX model maps `pictures` [N, 32, W], or traces [N, 32, W, 4], W a multiple of 8, to
    `probabilities` [N, W / 2, 19].
    """
    model = load(source)
    channels = [CHANNELS] if model.input_shape[-1] == CHANNELS else []
    signature = tf.TensorSpec([None, LINE_HEIGHT_PX, None, *channels], tf.float32, "pictures")

    def trace(apply: Callable[[tf.Tensor], tf.Tensor]) -> Any:
        def serve(pictures: tf.Tensor) -> dict[str, tf.Tensor]:
            logits = apply(pictures if channels else tf.expand_dims(pictures, -1))
            return {"probabilities": tf.nn.softmax(tf.squeeze(logits, 1) / temperature)}

        return tf.function(serve, input_signature=[signature])

    served, original = trace(partial(apply_natively, model)), trace(model)
    shape = (LINE_HEIGHT_PX, PARITY_WIDTH_PX, *channels)
    card = export(served, output, shape, original=original)
    write_card(output, {"labels": LINE_LABELS, **card, "temperature": temperature})


def apply_natively(model: keras.Model, pictures: tf.Tensor) -> tf.Tensor:
    """Apply a model layer by layer, its dilated convolutions as one operation each.

    Keras makes several dozen operations of one, and so would the ONNX graph.
    """
    computed = {id(model.inputs[0]): pictures}
    for layer in model.layers[1:]:
        several = isinstance(layer.input, list)
        inputs = [computed[id(each)] for each in (layer.input if several else [layer.input])]
        if isinstance(layer, keras.layers.Conv2D) and max(layer.dilation_rate) > 1:
            outputs = _dilate(inputs[0], layer)
        else:
            outputs = layer(inputs if several else inputs[0], training=False)
        computed[id(layer.output)] = outputs
    return computed[id(model.outputs[0])]


def _dilate(x: tf.Tensor, layer: keras.layers.Conv2D) -> tf.Tensor:
    """Apply a dilated convolution of odd size, of the kind "same" with strides of 1."""
    sides = zip(layer.kernel_size, layer.dilation_rate, strict=True)
    margins = [(size - 1) * dilation // 2 for size, dilation in sides]
    padded = tf.pad(x, [[0, 0], *([margin, margin] for margin in margins), [0, 0]])
    return tf.nn.conv2d(padded, layer.kernel, 1, "VALID", dilations=layer.dilation_rate)


def convert_ink(source: Path, output: Path) -> None:
    """Convert a model that finds ink, and write its card.

    The ONNX model maps `pictures` [N, H, W, 3], 0 to 1, H and W multiples of 32, to
    `probabilities` [N, H, W] of ink.
    """
    model = load(source)

    def serve(pictures: tf.Tensor) -> dict[str, tf.Tensor]:
        logits = tf.nn.depth_to_space(model(pictures, training=False), 2)
        return {"probabilities": tf.sigmoid(tf.squeeze(logits, -1))}

    signature = tf.TensorSpec([None, None, None, 3], tf.float32, "pictures")
    traced = tf.function(serve, input_signature=[signature])
    write_card(output, export(traced, output, INK_PARITY_SHAPE, INK_PARITY_INPUTS))


def export(
    serve: Any,
    output: Path,
    shape: tuple[int, ...],
    inputs: int = PARITY_INPUTS,
    original: Any = None,
) -> dict[str, Any]:
    """Write the ONNX file, and return its card fields; raise UnsupportedModel.

    It is compared with `original`, if `serve` does the same by other operations.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    tf2onnx.convert.from_function(
        serve, serve.input_signature, opset=OPSET, output_path=str(output)
    )
    difference = compare(original or serve, output, sample_pictures(inputs, shape))
    return {
        "sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
        "opset": OPSET,
        "versions": {name: version(name) for name in LIBRARIES},
        "parity": {"inputs": inputs, "largest_difference": difference},
    }


def load(source: Path) -> keras.Model:
    """Open a .keras or .h5 file without its training state; raise UnsupportedModel."""
    if source.suffix not in (".keras", ".h5", ".hdf5"):
        raise UnsupportedModel(f"{source} is neither a .keras nor an .h5 file.")
    if not source.is_file():
        raise UnsupportedModel(f"The file {source} does not exist.")
    try:
        return keras.saving.load_model(source, compile=False)
    except Exception as error:
        raise UnsupportedModel(f"Keras cannot open {source}: {error}") from error


def check_shapes(model: keras.Model) -> None:
    """Raise UnsupportedModel unless the model maps one 28×28 picture to ten digits."""
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise UnsupportedModel(
            f"The model has {len(model.inputs)} inputs and {len(model.outputs)} outputs; "
            "it must have one of each."
        )
    if model.input_shape[1:] not in INPUT_SHAPES:
        raise UnsupportedModel(
            f"The model's input is {model.input_shape[1:]}; it must be (28, 28, 1), (28, 28) "
            "or (784,)."
        )
    if len(model.output_shape) != 2 or model.output_shape[-1] not in LABELS:
        raise UnsupportedModel(
            f"The model's output is {model.output_shape[1:]}; it must be (10,), the digits 0 to 9."
        )


def wrap_for_serving(
    model: keras.Model, temperature: float, no_digit_bias: float, input_max: float
) -> Any:
    """Return a TensorFlow function from pictures [N, 28, 28] to probabilities, and to features.

    Features are the input of the last dense layer, if there is one.
    """
    labels = model.output_shape[-1]
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    parts = keras.Model(model.inputs, [*model.outputs, *(each.input for each in dense[-1:])])
    bias = np.zeros(labels, dtype=np.float32)
    bias[len(DIGITS) :] = no_digit_bias
    sample_outputs = np.asarray(model(reshape_input(model, sample_pictures(64))))
    returns_probabilities = is_distribution(sample_outputs)

    def serve(pictures: tf.Tensor) -> dict[str, tf.Tensor]:
        scaled = pictures if input_max == 1 else pictures * input_max
        outputs, *features = parts(reshape_input(model, scaled), training=False)
        if not returns_probabilities:
            outputs = tf.nn.softmax(outputs / temperature + bias)
        named = zip(["probabilities", "features"], [outputs, *features], strict=False)
        return {name: tf.identity(each) for name, each in named}

    signature = tf.TensorSpec([None, FIELD_PX, FIELD_PX], tf.float32, name="pictures")
    return tf.function(serve, input_signature=[signature])


def reshape_input(model: keras.Model, pictures: Any) -> tf.Tensor:
    return tf.reshape(pictures, (-1, *model.input_shape[1:]))


def is_distribution(outputs: npt.NDArray[np.float32]) -> bool:
    return bool((outputs >= 0).all() and np.allclose(outputs.sum(axis=1), 1, atol=1e-3))


def compare(serve: Any, output: Path, pictures: Pictures) -> float:
    """Return the largest difference between Keras and ONNX Runtime.

    Raise UnsupportedModel if it exceeds PARITY_TOLERANCE.
    """
    session = ort.InferenceSession(output, providers=["CPUExecutionProvider"])
    [actual] = session.run(["probabilities"], {"pictures": pictures})
    expected = serve(tf.constant(pictures))["probabilities"].numpy()
    difference = float(np.abs(actual - expected).max())
    if not difference <= PARITY_TOLERANCE:
        raise UnsupportedModel(
            f"The converted model differs from Keras by {difference:.1e}; "
            f"at most {PARITY_TOLERANCE:.0e} is allowed."
        )
    return difference


def sample_pictures(count: int, shape: tuple[int, ...] = (FIELD_PX, FIELD_PX)) -> Pictures:
    """Return noise pictures [count, *shape], from nearly blank to full, the same in every run."""
    rng = np.random.default_rng(0)
    noise = rng.random((count, *shape), dtype=np.float32)
    coverage = np.linspace(0.02, 1, count, dtype=np.float32).reshape(-1, *[1] * len(shape))
    return np.where(rng.random(noise.shape, dtype=np.float32) < coverage, noise, 0)


if __name__ == "__main__":
    main()
