"""Conversion of Keras networks to PyTorch, and of the trained weights back.

Small networks train faster on a CPU in PyTorch: batch normalization is one operation, and
activations are bfloat16.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

Weights = list[npt.NDArray[np.float32]]


class _Conv2d(nn.Module):
    """A convolution with Keras' padding: the odd pixel of "same" is on the right and bottom."""

    def __init__(self, layer: keras.layers.Conv2D) -> None:
        super().__init__()
        kernel, *bias = layer.get_weights()
        self.kernel = nn.Parameter(torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()))
        self.bias = nn.Parameter(torch.from_numpy(bias[0].copy())) if bias else None
        self.strides, self.same = layer.strides, layer.padding == "same"
        self.dilation = layer.dilation_rate

    def forward(self, x: Tensor) -> Tensor:
        if self.same:
            x = functional.pad(x, [*self._padding(x, 1), *self._padding(x, 0)])
        return functional.conv2d(x, self.kernel, self.bias, self.strides, 0, self.dilation)

    def _padding(self, x: Tensor, axis: int) -> tuple[int, int]:
        size, stride = x.shape[2 + axis], self.strides[axis]
        reach = (self.kernel.shape[2 + axis] - 1) * self.dilation[axis] + 1
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        return total // 2, total - total // 2

    def keras_weights(self) -> Weights:
        kernel = self.kernel.detach().numpy().transpose(2, 3, 1, 0)
        return [kernel] if self.bias is None else [kernel, self.bias.detach().numpy()]


class _BatchNorm2d(nn.BatchNorm2d):
    def __init__(self, layer: keras.layers.BatchNormalization) -> None:
        gamma, beta, mean, variance = (torch.from_numpy(w.copy()) for w in layer.get_weights())
        super().__init__(len(gamma), layer.epsilon, 1 - layer.momentum)
        self.weight.data, self.bias.data = gamma, beta
        self.running_mean, self.running_var = mean, variance

    def keras_weights(self) -> Weights:
        values = (self.weight, self.bias, self.running_mean, self.running_var)
        return [value.detach().numpy() for value in values]


class _Linear(nn.Linear):
    def __init__(self, layer: keras.layers.Dense) -> None:
        kernel, bias = (torch.from_numpy(w.copy()) for w in layer.get_weights())
        super().__init__(*kernel.shape)
        self.weight.data, self.bias.data = kernel.T.contiguous(), bias

    def keras_weights(self) -> Weights:
        return [self.weight.detach().numpy().T, self.bias.detach().numpy()]


class _GlobalAveragePool2d(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class _Add(nn.Module):
    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        return first + second


CONVERTERS: dict[type[keras.layers.Layer], Callable[[Any], nn.Module]] = {
    keras.layers.Add: lambda _: _Add(),
    keras.layers.UpSampling2D: lambda layer: nn.Upsample(scale_factor=layer.size, mode="nearest"),
    keras.layers.Conv2D: _Conv2d,
    keras.layers.BatchNormalization: _BatchNorm2d,
    keras.layers.Dense: _Linear,
    keras.layers.ReLU: lambda _: nn.ReLU(),
    keras.layers.Dropout: lambda layer: nn.Dropout(layer.rate),
    keras.layers.GlobalAveragePooling2D: lambda _: _GlobalAveragePool2d(),
}


class TorchNetwork(nn.Module):
    """A Keras network of one input in PyTorch, with its weights; channels come second."""

    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        [pictures] = model.inputs
        places = {id(pictures): 0}  # of each tensor among those computed
        self._inputs: list[list[int]] = []
        self.layers = nn.ModuleList()
        for place, layer in enumerate(model.layers[1:], 1):
            tensors = layer.input if isinstance(layer.input, list) else [layer.input]
            self._inputs.append([places[id(tensor)] for tensor in tensors])
            self.layers.append(_convert(layer))
            places[id(layer.output)] = place

    def forward(self, pictures: Tensor) -> Tensor:
        computed = [pictures]
        for layer, inputs in zip(self.layers, self._inputs, strict=True):
            computed.append(layer(*(computed[place] for place in inputs)))
        return computed[-1]


def to_torch(model: keras.Model) -> TorchNetwork:
    network = TorchNetwork(model)
    network.to(memory_format=torch.channels_last)
    return network


def _convert(layer: keras.layers.Layer) -> nn.Module:
    for kind, convert in CONVERTERS.items():
        if isinstance(layer, kind):
            return convert(layer)
    raise TypeError(f"A {type(layer).__name__} layer cannot be converted to PyTorch.")


def copy_weights(network: TorchNetwork, model: keras.Model) -> None:
    """Copy the weights of a converted network back to its Keras model."""
    for layer, converted in zip(model.layers[1:], network.layers, strict=True):
        if layer.weights:
            layer.set_weights(converted.keras_weights())
