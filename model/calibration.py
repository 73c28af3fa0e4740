"""Calibration of the confidence, on writers that were not trained on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from model.batches import make_line_batch
from model.datasets import Labels
from model.examples import NO_DIGIT_LABEL
from model.line_examples import LineExample

TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(3), 120))

Logits = npt.NDArray[np.float64]


def calibrate_temperature(logits: Logits, labels: Labels) -> float:
    """Return the temperature with the lowest log loss.

    C. Guo et al., On Calibration of Modern Neural Networks (2017), arXiv:1706.04599.
    """
    return round(float(min(TEMPERATURES, key=lambda t: log_loss(logits / t, labels))), 3)


def calibrate_line_temperature(
    network: nn.Module, lines: Sequence[LineExample], batch_size: int
) -> float:
    """Return the temperature with the lowest CTC loss, of the network that reads lines."""
    ordered = sorted(lines, key=lambda line: line[0].shape[1])
    rng = np.random.default_rng(0)
    parts = [ordered[k : k + batch_size] for k in range(0, len(ordered), batch_size)]
    batches = [make_line_batch(part, rng) for part in parts]
    with torch.no_grad():
        predicted = [(network(batch.pictures.float() / 255), batch.loss) for batch in batches]
        losses = [sum(float(loss(logits / t)) for logits, loss in predicted) for t in TEMPERATURES]
    return round(float(TEMPERATURES[np.argmin(losses)]), 3)


def calibrate_no_digit_bias(logits: Logits, labels: Labels, max_rejected: float) -> float:
    """Return the bias of the "no digit" logit that rejects at most this share of the digits.

    Digits are far more common on the page than in training, where one example in six is not a
    digit (a correction of the prior: M. Saerens et al. 2002, Neural Computation 14).
    """
    digits = logits[labels != NO_DIGIT_LABEL]
    margins = digits[:, NO_DIGIT_LABEL] - digits[:, :NO_DIGIT_LABEL].max(axis=1)
    return round(min(0.0, -float(np.quantile(margins, 1 - max_rejected))), 3)


def log_loss(logits: Logits, labels: Labels) -> float:
    """Return the mean negative log likelihood, in nats, of logits [N, classes]."""
    peaks = logits.max(axis=1, keepdims=True)
    log_probs = logits - peaks - np.log(np.exp(logits - peaks).sum(axis=1, keepdims=True))
    return float(-log_probs[np.arange(len(labels)), labels].mean())
