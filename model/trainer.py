"""Training of a Keras network, converted to PyTorch, on examples that are made anew meanwhile."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Generic, TypeVar

import keras
import numpy as np
import torch
from torch import nn

from model.batches import Batch
from model.keras_to_torch import copy_weights, to_torch

Examples = TypeVar("Examples")


@dataclass(frozen=True)
class Schedule:
    """Length, learning rate, weight decay and precision of a training run."""

    epochs: int
    epochs_per_sample: int  # with the same examples
    peak_learning_rate: float
    final_share: float  # of the peak learning rate
    warmup_share: float  # of the steps
    weight_decay: float
    float32_share: float  # of the epochs, at the end; the others use bfloat16

    def learning_rate(self, progress: float) -> float:
        """Return the rate at a share of the run: a linear warm-up and a cosine decay.

        After I. Loshchilov and F. Hutter 2017, arXiv:1608.03983.
        """
        return self.peak_learning_rate * self._share_of_peak(progress)

    def _share_of_peak(self, progress: float) -> float:
        if progress < self.warmup_share:
            return self.final_share + (1 - self.final_share) * progress / self.warmup_share
        decay = (progress - self.warmup_share) / (1 - self.warmup_share)
        return self.final_share + (1 - self.final_share) * (1 + math.cos(math.pi * decay)) / 2

    def uses_bfloat16(self, epoch: int) -> bool:
        return epoch < self.epochs * (1 - self.float32_share)


@dataclass(frozen=True)
class Trainer(Generic[Examples]):
    """A training run that another process feeds with examples.

    A checkpoint is saved after each epoch, and an interrupted run resumes from it.
    """

    make_examples: Callable[[int], Examples]  # from a seed, in the other process
    make_batches: Callable[[Examples, np.random.Generator], list[Batch]]
    schedule: Schedule
    checkpoint: Path

    def fit(self, model: keras.Model, seed: int) -> None:
        """Train the Keras network, starting from its weights."""
        torch.manual_seed(seed)
        network = to_torch(model)
        optimizer = torch.optim.AdamW(network.parameters(), weight_decay=self.schedule.weight_decay)
        first_epoch = self._load_checkpoint(network, optimizer)
        with ProcessPoolExecutor(1) as pool:
            samples = self._make_ahead(pool, 1000 * seed + first_epoch)
            for epoch in range(first_epoch, self.schedule.epochs):
                started = perf_counter()
                batches = self.make_batches(next(samples), np.random.default_rng(epoch))
                train_loss = self._train_epoch(network, optimizer, batches, epoch)
                self._report(epoch, perf_counter() - started, train_loss)
                self._save_checkpoint(network, optimizer, epoch + 1)
        self.checkpoint.unlink()
        copy_weights(network.eval(), model)

    def _make_ahead(self, pool: ProcessPoolExecutor, seed: int) -> Iterator[Examples]:
        """Yield examples forever, each for several epochs, while the next are made."""
        future = pool.submit(self.make_examples, seed)
        while True:
            seed += 1
            examples = future.result()
            future = pool.submit(self.make_examples, seed)
            for _ in range(self.schedule.epochs_per_sample):
                yield examples

    def _train_epoch(
        self,
        network: nn.Module,
        optimizer: torch.optim.Optimizer,
        batches: Sequence[Batch],
        epoch: int,
    ) -> float:
        """Train on all batches once; return the mean loss."""
        network.train()
        total = 0.0
        bfloat16 = self.schedule.uses_bfloat16(epoch)
        for step, batch in enumerate(batches):
            progress = (epoch + step / len(batches)) / self.schedule.epochs
            for group in optimizer.param_groups:
                group["lr"] = self.schedule.learning_rate(progress)
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                logits = network(batch.x.contiguous(memory_format=torch.channels_last))
            loss = batch.loss(logits.float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(batches)

    def _report(self, epoch: int, seconds: float, train_loss: float) -> None:
        print(
            f"Epoch {epoch + 1}/{self.schedule.epochs}: "
            f"{seconds:.0f} s, train loss {train_loss:.4f}",
            flush=True,
        )

    def _load_checkpoint(self, network: nn.Module, optimizer: torch.optim.Optimizer) -> int:
        """Restore a checkpoint if there is one; return the number of completed epochs."""
        if not self.checkpoint.exists():
            return 0
        state = torch.load(self.checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        return int(state["epochs"])

    def _save_checkpoint(
        self, network: nn.Module, optimizer: torch.optim.Optimizer, epochs: int
    ) -> None:
        self.checkpoint.parent.mkdir(exist_ok=True)
        state = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state | {"epochs": epochs}, self.checkpoint)
