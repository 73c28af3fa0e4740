"""Training batches with their losses, of single digits and of strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.datasets import Images, Labels, Text, pad
from server.recognition.labels import BLANK_LABEL


@dataclass(frozen=True)
class Batch:
    """Pictures [B, 1, H, W], 0 to 1, and the loss of the logits for them."""

    x: Tensor
    loss: Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class SoftTargets:
    """Target probabilities: smoothed labels, mixed with the mean prediction of teachers.

    After G. Hinton et al. 2015, Distilling the Knowledge in a Neural Network, arXiv:1503.02531.
    """

    label_smoothing: float
    teacher_weight: float
    teachers: Sequence[nn.Module] = ()

    def compute(self, x: Tensor, y: Tensor, classes: int) -> Tensor:
        """Return the targets [B, classes] of pictures and their labels."""
        targets = functional.one_hot(y, classes) * (1 - self.label_smoothing)
        targets = targets + self.label_smoothing / classes
        if self.teachers:
            targets = targets + self.teacher_weight * (ensemble(self.teachers, x) - targets)
        return targets


def to_tensor(images: Sequence[Images] | Images) -> Tensor:
    """Convert images [H, W], 0 to 255, padded to the widest, to [N, 1, H, W], 0 to 1."""
    return torch.from_numpy(pad(images))[:, None].float() / 255


def make_digit_batches(
    examples: tuple[Images, Labels],
    rng: np.random.Generator,
    batch_size: int,
    soft_targets: SoftTargets,
) -> list[Batch]:
    """Split 28×28 images and their labels into shuffled batches."""
    images, labels = examples
    order = rng.permutation(len(images))
    parts = np.array_split(order, -(-len(order) // batch_size))
    return [_make_digit_batch(images[part], labels[part], soft_targets) for part in parts]


def _make_digit_batch(images: Images, labels: Labels, soft_targets: SoftTargets) -> Batch:
    x, y = to_tensor(images), torch.from_numpy(labels).long()

    def loss(logits: Tensor) -> Tensor:
        return functional.cross_entropy(logits, soft_targets.compute(x, y, logits.shape[1]))

    return Batch(x, loss)


def ensemble(networks: Sequence[nn.Module], x: Tensor) -> Tensor:
    """Return the mean probabilities of several networks."""
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        logits = [network(x).float() for network in networks]
    return torch.stack([each.softmax(dim=1) for each in logits]).mean(dim=0)


def make_string_batches(
    examples: tuple[list[Images], list[Text]], rng: np.random.Generator, batch_size: int
) -> list[Batch]:
    """Group images of similar width into batches in random order, with CTC as the loss."""
    images, texts = examples
    widths = np.array([image.shape[1] for image in images]) + rng.uniform(0, 16, len(images))
    parts = np.array_split(np.argsort(widths), -(-len(images) // batch_size))
    rng.shuffle(parts)
    return [
        Batch(to_tensor([images[k] for k in part]), ctc_loss([texts[k] for k in part]))
        for part in parts
    ]


def ctc_loss(texts: Sequence[Text]) -> Callable[[Tensor], Tensor]:
    """Return the loss of A. Graves et al. 2006, Connectionist Temporal Classification."""
    targets = torch.tensor([label for text in texts for label in text])
    target_lengths = torch.tensor([len(text) for text in texts])

    def loss(logits: Tensor) -> Tensor:  # [N, labels, 1, T]
        log_probs = logits.squeeze(2).permute(2, 0, 1).log_softmax(dim=2)
        input_lengths = torch.full((len(logits),), len(log_probs))
        return functional.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, BLANK_LABEL, zero_infinity=True
        )

    return loss
