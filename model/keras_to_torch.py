"""A Keras network as one of PyTorch with the same weights, in which it learns, and the way back.

Small networks learn faster so on a processor: its normalization is one step, and its activations
have 16 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional


class _Convolution(nn.Module):
    """With the padding of Keras: the odd pixel of "same" goes to the right and the bottom."""

    def __init__(self, layer: keras.layers.Conv2D) -> None:
        super().__init__()
        kernel, *bias = layer.get_weights()
        self.kernel = nn.Parameter(torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()))
        self.bias = nn.Parameter(torch.from_numpy(bias[0].copy())) if bias else None
        self.strides, self.same = layer.strides, layer.padding == "same"

    def forward(self, x: Tensor) -> Tensor:
        if self.same:
            x = functional.pad(x, [*self._padding(x, 1), *self._padding(x, 0)])
        return functional.conv2d(x, self.kernel, self.bias, self.strides)

    def _padding(self, x: Tensor, axis: int) -> tuple[int, int]:
        size, step, reach = x.shape[2 + axis], self.strides[axis], self.kernel.shape[2 + axis]
        total = max((-(-size // step) - 1) * step + reach - size, 0)
        return total // 2, total - total // 2

    def weights(self) -> list[np.ndarray]:
        kernel = self.kernel.detach().numpy().transpose(2, 3, 1, 0)
        return [kernel] if self.bias is None else [kernel, self.bias.detach().numpy()]


class _Normalization(nn.BatchNorm2d):
    def __init__(self, layer: keras.layers.BatchNormalization) -> None:
        gamma, beta, mean, variance = (torch.from_numpy(w.copy()) for w in layer.get_weights())
        super().__init__(len(gamma), layer.epsilon, 1 - layer.momentum)
        self.weight.data, self.bias.data = gamma, beta
        self.running_mean, self.running_var = mean, variance

    def weights(self) -> list[np.ndarray]:
        values = (self.weight, self.bias, self.running_mean, self.running_var)
        return [value.detach().numpy() for value in values]


class _Dense(nn.Linear):
    def __init__(self, layer: keras.layers.Dense) -> None:
        kernel, bias = (torch.from_numpy(w.copy()) for w in layer.get_weights())
        super().__init__(*kernel.shape)
        self.weight.data, self.bias.data = kernel.T.contiguous(), bias

    def weights(self) -> list[np.ndarray]:
        return [self.weight.detach().numpy().T, self.bias.detach().numpy()]


class _Mean(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


MIRRORS: dict[type[keras.layers.Layer], Callable[[Any], nn.Module]] = {
    keras.layers.Conv2D: _Convolution,
    keras.layers.BatchNormalization: _Normalization,
    keras.layers.Dense: _Dense,
    keras.layers.ReLU: lambda _: nn.ReLU(),
    keras.layers.Dropout: lambda layer: nn.Dropout(layer.rate),
    keras.layers.GlobalAveragePooling2D: lambda _: _Mean(),
}


def mirror(model: keras.Model) -> nn.Sequential:
    """The layers of a Keras network, in order, with its weights; channels come second."""
    layers = [_mirror(layer) for layer in model.layers[1:]]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


def _mirror(layer: keras.layers.Layer) -> nn.Module:
    for kind, make in MIRRORS.items():
        if isinstance(layer, kind):
            return make(layer)
    raise TypeError(f"A layer of the kind {type(layer).__name__} has no mirror.")


def give_back(network: nn.Sequential, model: keras.Model) -> None:
    """Give the Keras network the weights of its mirror."""
    for layer, own in zip(model.layers[1:], network, strict=True):
        if layer.weights:
            layer.set_weights(own.weights())
