"""The network: a compact CNN, global average pooling, one logit per label."""

from __future__ import annotations

import keras
from keras import layers

from server.recognition.normalization import FIELD_PX


def build(labels: int) -> keras.Model:
    """28×28, 0 to 1 → logits [labels]; 10 million multiply-adds, 174,000 weights.

    The first convolution halves the picture at once, since small pictures with many channels
    are what a processor computes fastest.
    """
    pictures = keras.Input((FIELD_PX, FIELD_PX, 1), name="pictures")
    x = _convolve(pictures, 32, size=5, strides=2)
    x = _convolve(x, 40)
    x = _convolve(x, 64, strides=2)
    x = _convolve(x, 96)
    x = _convolve(x, 96)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.2)(x)
    logits = layers.Dense(labels, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="handwritten")


def _convolve(
    x: keras.KerasTensor, filters: int, size: int = 3, strides: int = 1
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
