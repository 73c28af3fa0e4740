"""Training batches with their losses, of single digits and of lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.datasets import Images, Text, pad
from server.recognition.labels import BLANK_LABEL


@dataclass(frozen=True)
class Batch:
    """Pictures [B, C, H, W], 0 to 255, and the loss of the logits for them."""

    pictures: Tensor
    loss: Callable[[Tensor], Tensor]


class Peers(nn.Module):
    """Two networks or more: each learns the labels, and what the others predict.

    After Y. Zhang et al. 2018, Deep Mutual Learning, arXiv:1706.00384.
    """

    def __init__(self, networks: Sequence[nn.Module]) -> None:
        super().__init__()
        self.networks = nn.ModuleList(networks)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits [networks, B, classes]."""
        return torch.stack([network(pictures) for network in self.networks])


@dataclass(frozen=True)
class SoftTargets:
    """Target probabilities of peers: smoothed labels, mixed with the others' mean prediction."""

    label_smoothing: float
    peer_weight: float

    def compute(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Return the targets of logits [networks, B, classes]."""
        peers, _, classes = logits.shape
        targets = functional.one_hot(labels, classes) * (1 - self.label_smoothing)
        targets = (targets + self.label_smoothing / classes).expand_as(logits)
        predicted = logits.detach().softmax(dim=2)
        others = (predicted.sum(dim=0, keepdim=True) - predicted) / (peers - 1)
        return targets + self.peer_weight * (others - targets)


def to_tensor(images: Sequence[Images] | Images) -> Tensor:
    """Convert images [H, W] or [H, W, C], padded to the widest, to [N, C, H, W], uint8."""
    padded = pad(images)
    channels = padded if padded.ndim == 4 else padded[..., None]
    return torch.from_numpy(channels).permute(0, 3, 1, 2)


def make_digit_batch(
    examples: list[tuple[Images, int]], rng: np.random.Generator, soft_targets: SoftTargets
) -> Batch:
    """Return a batch of 28×28 images and their labels, for Peers."""
    del rng  # nothing is left to chance
    labels = torch.tensor([label for _, label in examples])

    def loss(logits: Tensor) -> Tensor:
        targets = soft_targets.compute(logits, labels.to(logits.device))
        return functional.cross_entropy(logits.flatten(0, 1), targets.flatten(0, 1))

    return Batch(to_tensor([image for image, _ in examples]), loss)


def make_line_batch(examples: list[tuple[Images, Text]], rng: np.random.Generator) -> Batch:
    """Return a batch of lines, padded to the widest, with CTC as the loss."""
    del rng  # nothing is left to chance
    return Batch(
        to_tensor([image for image, _ in examples]), ctc_loss([text for _, text in examples])
    )


def ctc_loss(texts: Sequence[Text]) -> Callable[[Tensor], Tensor]:
    """Return the loss of A. Graves et al. 2006, Connectionist Temporal Classification."""
    targets = torch.tensor([label for text in texts for label in text])
    target_lengths = torch.tensor([len(text) for text in texts])

    def loss(logits: Tensor) -> Tensor:  # [N, labels, 1, T]
        log_probs = logits.squeeze(2).permute(2, 0, 1).log_softmax(dim=2)
        input_lengths = torch.full((len(logits),), len(log_probs))
        return functional.ctc_loss(
            log_probs,
            targets.to(logits.device),
            input_lengths,
            target_lengths,
            BLANK_LABEL,
            zero_infinity=True,
        )

    return loss
