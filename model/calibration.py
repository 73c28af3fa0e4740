"""Confidence that means what it says, set on writers not trained on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from model.batches import make_string_lessons
from model.datasets import Images, Labels, Text
from model.examples import NO_DIGIT

REFUSED = 0.0005  # of the validation writers' digits, that may be taken for no digit

Logits = npt.NDArray[np.float64]


TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(3), 120))


def calibrate(logits: Logits, labels: Labels) -> float:
    """The temperature with the least log loss.

    C. Guo et al., On Calibration of Modern Neural Networks (2017), arXiv:1706.04599.
    """
    return round(float(min(TEMPERATURES, key=lambda t: log_loss(logits / t, labels))), 3)


@torch.no_grad()
def calibrate_strings(network: nn.Module, examples: tuple[list[Images], list[Text]]) -> float:
    """The same, of a network that reads strings."""
    lessons = make_string_lessons(examples, np.random.default_rng(0))
    asked = [(network(lesson.pictures), lesson.loss) for lesson in lessons]
    losses = [sum(float(loss(logits / t)) for logits, loss in asked) for t in TEMPERATURES]
    return round(float(TEMPERATURES[np.argmin(losses)]), 3)


def admit(logits: Logits, labels: Labels) -> float:
    """The bias of the "no digit" logit at which at most REFUSED of the digits are refused.

    Digits are far more common on the page than in training, where every sixth example is none
    (a correction of the prior: M. Saerens et al. 2002, Neural Computation 14).
    """
    digits = logits[labels != NO_DIGIT]
    margins = digits[:, NO_DIGIT] - digits[:, :NO_DIGIT].max(axis=1)
    return round(min(0.0, -float(np.quantile(margins, 1 - REFUSED))), 3)


def log_loss(logits: Logits, labels: Labels) -> float:
    """Of logits [N, classes], the mean cost in nats."""
    peaks = logits.max(axis=1, keepdims=True)
    logs = logits - peaks - np.log(np.exp(logits - peaks).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels].mean())
