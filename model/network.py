"""The networks: compact CNNs whose first convolution halves the picture at once.

Small pictures with many channels are what a processor computes fastest.
"""

from __future__ import annotations

import keras
from keras import layers

from server.recognition.normalization import FIELD_PX
from server.recognition.pairs import FIELD_HEIGHT_PX, FIELD_WIDTH_PX, LABELS


def build(labels: int) -> keras.Model:
    """28×28, 0 to 1 → logits [labels]; 10 million multiply-adds, 174,000 weights."""
    pictures = keras.Input((FIELD_PX, FIELD_PX, 1), name="pictures")
    x = layers.GlobalAveragePooling2D()(_see(pictures, 40))
    x = layers.Dropout(0.2)(x)
    logits = layers.Dense(labels, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="handwritten")


def build_touching() -> keras.Model:
    """28×44, 0 to 1 → logits [2, 11] of the left and the right digit; 17 million multiply-adds.

    It averages over the rows only, so that left and right stay apart.
    """
    pictures = keras.Input((FIELD_HEIGHT_PX, FIELD_WIDTH_PX, 1), name="pictures")
    x = layers.AveragePooling2D((FIELD_HEIGHT_PX // 4, 1))(_see(pictures, 48))
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    logits = layers.Dense(2 * LABELS, name="logits", dtype="float32")(x)
    pairs = layers.Reshape((2, LABELS), dtype="float32")(logits)
    return keras.Model(pictures, pairs, name="touching")


def _see(pictures: keras.KerasTensor, second: int) -> keras.KerasTensor:
    """Five convolutions to 96 channels at a quarter of the size; `second` channels after two."""
    x = _convolve(pictures, 32, size=5, strides=2)
    x = _convolve(x, second)
    x = _convolve(x, 64, strides=2)
    x = _convolve(x, 96)
    return _convolve(x, 96)


def _convolve(
    x: keras.KerasTensor, filters: int, size: int = 3, strides: int = 1
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
