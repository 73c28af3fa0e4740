"""Compact CNNs whose first convolution halves the resolution.

Small feature maps with many channels run fastest on a CPU.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers

from server.recognition.labels import LINE_LABELS
from server.recognition.reading.line_network import LINE_HEIGHT_PX
from server.recognition.reading.normalization import FIELD_PX

LINE_DILATIONS = (1, 2, 4, 8, 16)  # in columns of 2 px
INK_CHANNELS = (16, 32, 64, 96, 96)  # at 1/2, 1/4, … 1/32 of the resolution
INK_BLOCKS = (0, 0, 1, 2, 2)  # residual blocks there


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


def build_line(dropout: float, batch_norm_momentum: float, channels: int = 1) -> keras.Model:
    """Map pictures [32, W, channels], 0 to 1, to logits [1, W / 2, 19], one vector for two columns.

    It takes 14 million multiply-adds a digit. A trunk sees about one digit; blocks along the
    line, each reaching farther than the one before (F. Yu and V. Koltun 2016, arXiv:1511.07122),
    see its neighbors: how high and slanted this writer's digits are. The last layer is a
    convolution, since that is one node of the ONNX graph; a dense layer becomes a dozen nodes.
    """
    conv = _ConvBlock(batch_norm_momentum)
    pictures = keras.Input((LINE_HEIGHT_PX, None, channels), name="pictures")
    x = conv(pictures, 32, size=5, strides=2)
    x = conv(x, 32)
    x = conv(x, 64, strides=(2, 1))
    x = conv(x, 96, strides=(2, 1))
    x = conv(x, 96)
    x = conv(x, 96, size=(4, 1), padding="valid")
    x = conv(x, 96, size=(1, 3))
    for dilation in LINE_DILATIONS:
        x = layers.Add()([x, conv(x, 96, size=(1, 3), dilation_rate=(1, dilation))])
    x = layers.Dropout(dropout)(x)
    logits = layers.Conv2D(len(LINE_LABELS), 1, name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="line")


def build_ink(batch_norm_momentum: float) -> keras.Model:
    """Map pictures [H, W, 3], 0 to 1, to logits [H / 2, W / 2, 4] of ink: those of 2×2 pixels.

    H and W are multiples of INK_STEP_PX. After O. Ronneberger et al. 2015, U-Net,
    arXiv:1505.04597, with sums in place of concatenations, and W. Shi et al. 2016,
    arXiv:1609.05158, for the last step to full resolution.
    """
    conv = _ConvBlock(batch_norm_momentum)
    pictures = keras.Input((None, None, 3), name="pictures")
    x = conv(pictures, INK_CHANNELS[0], size=5, strides=2)
    levels = [x]
    for channels, blocks in zip(INK_CHANNELS[1:], INK_BLOCKS[1:], strict=True):
        x = conv(x, channels, strides=2)
        x = conv(x, channels)
        for _ in range(blocks):
            x = layers.Add()([x, conv(conv(x, channels), channels)])
        levels.append(x)
    x = conv(levels.pop(), INK_CHANNELS[-1])
    for skip, channels in zip(reversed(levels), reversed(INK_CHANNELS[:-1]), strict=True):
        x = layers.UpSampling2D(2)(conv(x, channels, size=1))
        x = conv(layers.Add()([x, skip]), channels)
    logits = layers.Conv2D(4, 3, padding="same", name="logits", dtype="float32")(x)
    return keras.Model(pictures, logits, name="ink")


def begin_with(model: keras.Model, file: Path) -> None:
    """Give a model the weights of a saved one that has fewer channels of input.

    The others count nothing at first.
    """
    begun = keras.models.load_model(file, compile=False)
    weights = begun.get_weights()
    kernel = np.zeros_like(model.get_weights()[0])
    kernel[:, :, : weights[0].shape[2]] = weights[0]
    model.set_weights([kernel, *weights[1:]])


@dataclass(frozen=True)
class _ConvBlock:
    """A convolution, batch normalization and ReLU."""

    momentum: float  # of the batch normalization

    def __call__(
        self,
        x: keras.KerasTensor,
        filters: int,
        size: int | tuple[int, int] = 3,
        **options: object,
    ) -> keras.KerasTensor:
        x = layers.Conv2D(filters, size, use_bias=False, **({"padding": "same"} | options))(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=self.momentum)(x))
