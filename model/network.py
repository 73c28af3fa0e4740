"""The networks: compact CNNs whose first convolution halves the picture at once.

Small pictures with many channels are what a processor computes fastest.
"""

from __future__ import annotations

import keras
from keras import layers

from server.recognition.labels import TOUCHING_LABEL_COUNT
from server.recognition.reading.normalization import FIELD_PX
from server.recognition.reading.touching import TOUCHING_HEIGHT_PX


def build(labels: int) -> keras.Model:
    """28×28, 0 to 1 → logits [labels]; 10 million multiply-adds, 174,000 weights."""
    pictures = keras.Input((FIELD_PX, FIELD_PX, 1), name="pictures")
    x = _convolve(pictures, 32, size=5, strides=2)
    x = _convolve(x, 40)
    x = _convolve(x, 64, strides=2)
    x = _convolve(x, 96)
    x = layers.GlobalAveragePooling2D()(_convolve(x, 96))
    x = layers.Dropout(0.2)(x)
    logits = layers.Dense(labels, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="handwritten")


def build_touching() -> keras.Model:
    """28×W, 0 to 1 → logits [1, W / 2, 12], for each two columns; 13 million multiply-adds a digit.

    The last layer is a convolution since that becomes one step of the ONNX graph: any other layer
    becomes a dozen, to find out the width.
    """
    pictures = keras.Input((TOUCHING_HEIGHT_PX, None, 1), name="pictures")
    x = _convolve(pictures, 32, size=5, strides=2)
    x = _convolve(x, 32)
    x = _convolve(x, 64, strides=(2, 1))
    x = _convolve(x, 96, strides=(2, 1))
    x = _convolve(x, 96)
    x = _convolve(x, 96, size=(4, 1), padding="valid")
    x = _convolve(x, 96, size=(1, 3))
    x = layers.Dropout(0.2)(x)
    logits = layers.Conv2D(TOUCHING_LABEL_COUNT, 1, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="touching")


def _convolve(
    x: keras.KerasTensor,
    filters: int,
    size: int | tuple[int, int] = 3,
    strides: int | tuple[int, int] = 1,
    padding: str = "same",
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
