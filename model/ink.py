"""Training examples of ink on paper, and the loss of the network that finds it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from model.batches import Batch
from model.datasets import Images
from model.paper.scene import make_scene
from model.paper.writing import Hands

INK_WEIGHT = 2.0  # of a pixel of ink in the cross entropy: most pixels are paper
OVERLAP_WEIGHT = 0.5  # of the overlap beside the cross entropy


def make_ink_epoch(hands: Hands, scenes: int, side_px: int, seed: int) -> tuple[Images, Images]:
    """Return pictures [N, side, side, 3] and their ink [N, side, side], 0 to 255."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    made = [make_scene(hands, side_px, rng) for _ in range(scenes)]
    return np.stack([scene.picture for scene in made]), np.stack([scene.ink for scene in made])


def make_ink_batches(
    examples: tuple[Images, Images], rng: np.random.Generator, batch_size: int
) -> list[Batch]:
    """Split pictures and their ink into shuffled batches, each picture turned at random."""
    pictures, inks = examples
    parts = np.array_split(rng.permutation(len(pictures)), -(-len(pictures) // batch_size))
    return [_make_batch(pictures[part], inks[part], int(rng.integers(4))) for part in parts]


def _make_batch(pictures: Images, inks: Images, turns: int) -> Batch:
    x = torch.from_numpy(np.rot90(pictures, turns, (1, 2)).copy()).permute(0, 3, 1, 2).float() / 255
    y = torch.from_numpy(np.rot90(inks, turns, (1, 2)).copy())[:, None].float() / 255
    return Batch(x, ink_loss(y))


def ink_loss(ink: Tensor) -> Callable[[Tensor], Tensor]:
    """Return the loss of logits [N, 4, H / 2, W / 2] for ink [N, 1, H, W], 0 to 1.

    It is the cross entropy and the overlap of all ink (F. Milletari et al. 2016, V-Net,
    arXiv:1606.04797).
    """
    weight = torch.tensor(INK_WEIGHT)

    def loss(logits: Tensor) -> Tensor:
        full = functional.pixel_shuffle(logits, 2)
        entropy = functional.binary_cross_entropy_with_logits(full, ink, pos_weight=weight)
        found = full.sigmoid()
        overlap = 2 * (found * ink).sum() / (found.square().sum() + ink.square().sum() + 1)
        return entropy + OVERLAP_WEIGHT * (1 - overlap)

    return loss
