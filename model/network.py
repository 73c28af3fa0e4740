"""Compact CNNs whose first convolution halves the resolution.

Small feature maps with many channels run fastest on a CPU.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
from keras import layers

from server.recognition.labels import TOUCHING_LABEL_COUNT
from server.recognition.reading.normalization import FIELD_PX
from server.recognition.reading.touching import TOUCHING_HEIGHT_PX


def build_handwritten(classes: int, dropout: float, batch_norm_momentum: float) -> keras.Model:
    """Map pictures [28, 28, 1], 0 to 1, to logits [classes].

    It takes 10 million multiply-adds and has 174,000 weights.
    """
    conv = _ConvBlock(batch_norm_momentum)
    pictures = keras.Input((FIELD_PX, FIELD_PX, 1), name="pictures")
    x = conv(pictures, 32, size=5, strides=2)
    x = conv(x, 40)
    x = conv(x, 64, strides=2)
    x = conv(x, 96)
    x = layers.GlobalAveragePooling2D()(conv(x, 96))
    x = layers.Dropout(dropout)(x)
    logits = layers.Dense(classes, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="handwritten")


def build_touching(dropout: float, batch_norm_momentum: float) -> keras.Model:
    """Map pictures [28, W, 1], 0 to 1, to logits [1, W / 2, 12], one vector for two columns.

    It takes 13 million multiply-adds a digit. The last layer is a convolution, since that is one
    node of the ONNX graph; a dense layer becomes a dozen nodes that compute the width.
    """
    conv = _ConvBlock(batch_norm_momentum)
    pictures = keras.Input((TOUCHING_HEIGHT_PX, None, 1), name="pictures")
    x = conv(pictures, 32, size=5, strides=2)
    x = conv(x, 32)
    x = conv(x, 64, strides=(2, 1))
    x = conv(x, 96, strides=(2, 1))
    x = conv(x, 96)
    x = conv(x, 96, size=(4, 1), padding="valid")
    x = conv(x, 96, size=(1, 3))
    x = layers.Dropout(dropout)(x)
    logits = layers.Conv2D(TOUCHING_LABEL_COUNT, 1, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="touching")


@dataclass(frozen=True)
class _ConvBlock:
    """A convolution, batch normalization and ReLU."""

    momentum: float  # of the batch normalization

    def __call__(
        self,
        x: keras.KerasTensor,
        filters: int,
        size: int | tuple[int, int] = 3,
        strides: int | tuple[int, int] = 1,
        padding: str = "same",
    ) -> keras.KerasTensor:
        x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=self.momentum)(x))
