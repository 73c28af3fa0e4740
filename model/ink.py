"""Training batches of ink on paper, and the loss of the network that finds it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from model.batches import Batch
from model.datasets import Images

INK_WEIGHT = 2.0  # of a pixel of ink in the cross entropy: most pixels are paper
OVERLAP_WEIGHT = 0.5  # of the overlap beside the cross entropy


def make_ink_batch(examples: list[tuple[Images, Images]], rng: np.random.Generator) -> Batch:
    """Return a batch of scenes, all turned and mirrored alike."""
    turns, is_mirrored = int(rng.integers(4)), rng.uniform() < 0.5
    pictures, inks = (
        np.rot90(np.stack(images), turns, (1, 2))[:, :, :: -1 if is_mirrored else 1].copy()
        for images in zip(*examples, strict=True)
    )
    return Batch(
        torch.from_numpy(pictures).permute(0, 3, 1, 2), ink_loss(torch.from_numpy(inks)[:, None])
    )


def ink_loss(ink: Tensor) -> Callable[[Tensor], Tensor]:
    """Return the loss of logits [N, 4, H / 2, W / 2] for ink [N, 1, H, W], 0 to 255.

    It is the cross entropy and the overlap of all ink (F. Milletari et al. 2016, V-Net,
    arXiv:1606.04797).
    """

    def loss(logits: Tensor) -> Tensor:
        full, wanted = functional.pixel_shuffle(logits, 2), ink.to(logits.device).float() / 255
        weight = torch.tensor(INK_WEIGHT, device=logits.device)
        entropy = functional.binary_cross_entropy_with_logits(full, wanted, pos_weight=weight)
        found = full.sigmoid()
        overlap = 2 * (found * wanted).sum() / (found.square().sum() + wanted.square().sum() + 1)
        return entropy + OVERLAP_WEIGHT * (1 - overlap)

    return loss
