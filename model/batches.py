"""Examples → batches with their loss: of single digits, and of strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from model.datasets import Images, Labels, Text, pad
from model.trainer import Lesson
from server.recognition.reading.touching import BLANK

BATCH = 128
LABEL_SMOOTHING = 0.01
TRUST = 0.5  # in the teachers: the rest of what a network is to say comes from the labels

Floats = npt.NDArray[np.float32]


def to_pictures(images: Sequence[Images] | Images) -> Tensor:
    """[N, H, W], 0 to 255, of one size or padded to the widest → [N, 1, H, W], 0 to 1."""
    return torch.from_numpy(pad(images))[:, None].float() / 255


def make_digit_lessons(
    examples: tuple[Images, Labels], rng: np.random.Generator, teachers: Sequence[nn.Module] = ()
) -> list[Lesson]:
    """Of 28×28 pictures and their labels, in a new random order.

    With teachers, the mean of what they say is learnt besides the labels (G. Hinton et al. 2015,
    Distilling the Knowledge in a Neural Network, arXiv:1503.02531).
    """
    images, labels = examples
    order = rng.permutation(len(images))
    parts = np.array_split(order, -(-len(order) // BATCH))
    return [_make_digit_lesson(images[part], labels[part], teachers) for part in parts]


def _make_digit_lesson(images: Images, labels: Labels, teachers: Sequence[nn.Module]) -> Lesson:
    pictures, truth = to_pictures(images), torch.from_numpy(labels).long()

    def loss(logits: Tensor) -> Tensor:
        classes = logits.shape[1]
        wanted = functional.one_hot(truth, classes) * (1 - LABEL_SMOOTHING)
        wanted = wanted + LABEL_SMOOTHING / classes
        if teachers:
            wanted = wanted + TRUST * (ask(teachers, pictures) - wanted)
        return functional.cross_entropy(logits, wanted)

    return Lesson(pictures, loss)


@torch.no_grad()
def ask(teachers: Sequence[nn.Module], pictures: Tensor) -> Tensor:
    """The mean of the probabilities that several networks give."""
    with torch.autocast("cpu", torch.bfloat16):
        logits = [teacher(pictures).float() for teacher in teachers]
    return torch.stack([each.softmax(dim=1) for each in logits]).mean(dim=0)


def make_string_lessons(
    examples: tuple[list[Images], list[Text]], rng: np.random.Generator
) -> list[Lesson]:
    """Of pictures of nearly one width, the batches in random order; CTC is the loss."""
    images, texts = examples
    widths = np.array([image.shape[1] for image in images]) + rng.uniform(0, 16, len(images))
    parts = np.array_split(np.argsort(widths), -(-len(images) // BATCH))
    rng.shuffle(parts)
    return [
        Lesson(to_pictures([images[k] for k in part]), ctc_loss([texts[k] for k in part]))
        for part in parts
    ]


def ctc_loss(texts: Sequence[Text]) -> Callable[[Tensor], Tensor]:
    """A. Graves et al. 2006, Connectionist Temporal Classification."""
    targets = torch.tensor([label for text in texts for label in text])
    lengths = torch.tensor([len(text) for text in texts])

    def loss(logits: Tensor) -> Tensor:  # [N, labels, 1, T]
        columns = logits.squeeze(2).permute(2, 0, 1).log_softmax(dim=2)
        steps = torch.full((len(logits),), len(columns))
        return functional.ctc_loss(columns, targets, steps, lengths, BLANK, zero_infinity=True)

    return loss
