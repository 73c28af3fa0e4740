"""Fit a network to examples that are made anew while it learns.

The network is one of Keras; it learns as its mirror in PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import keras
import numpy as np
import torch
from torch import Tensor, nn

from model.keras_to_torch import give_back, mirror

PASSES = 2  # epochs with the same examples: to make them takes as long as to learn from them
WEIGHT_DECAY = 1e-3
WARM_UP = 0.05  # of the steps
LAST = 0.02  # of the peak: the learning rate at the end
PRECISE = 0.08  # of the epochs, the last, run with activations of 32 bits


@dataclass(frozen=True)
class Lesson:
    """A batch of pictures [B, 1, H, W], 0 to 1, and how wrong logits of them are."""

    pictures: Tensor
    loss: Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Training:
    """How a network is fitted; another process already makes the next examples meanwhile.

    After each epoch its state is kept in a file, from which a run that was broken off goes on.
    """

    make_examples: Callable[[int], Any]  # of a seed, in another process
    make_lessons: Callable[[Any, np.random.Generator], list[Lesson]]
    epochs: int
    peak: float  # of the learning rate
    state: Path

    def run(self, model: keras.Model, seed: int) -> None:
        """Fit the Keras network, beginning with the weights it has."""
        torch.manual_seed(seed)
        network = mirror(model)
        optimizer = torch.optim.AdamW(network.parameters(), weight_decay=WEIGHT_DECAY)
        done = self._resume(network, optimizer)
        with ProcessPoolExecutor(1) as pool:
            examples = self._make_ahead(pool, 1000 * seed + done)
            for epoch in range(done, self.epochs):
                started = perf_counter()
                lessons = self.make_lessons(next(examples), np.random.default_rng(epoch))
                loss = self._learn(network, optimizer, lessons, epoch)
                seconds = perf_counter() - started
                print(
                    f"Epoch {epoch + 1} of {self.epochs}: {seconds:.0f} s, loss {loss:.4f}",
                    flush=True,
                )
                self._keep(network, optimizer, epoch + 1)
        self.state.unlink()
        give_back(network.eval(), model)

    def _make_ahead(self, pool: ProcessPoolExecutor, seed: int) -> Iterator[Any]:
        """Examples without end, each PASSES times, the next ones made meanwhile."""
        waiting = pool.submit(self.make_examples, seed)
        while True:
            seed += 1
            examples = waiting.result()
            waiting = pool.submit(self.make_examples, seed)
            for _ in range(PASSES):
                yield examples

    def _learn(
        self,
        network: nn.Module,
        optimizer: torch.optim.Optimizer,
        lessons: Sequence[Lesson],
        epoch: int,
    ) -> float:
        """One epoch; returns the mean loss."""
        network.train()
        total = 0.0
        coarse = epoch < self.epochs * (1 - PRECISE)
        for step, lesson in enumerate(lessons):
            for group in optimizer.param_groups:
                group["lr"] = self.peak * _rate((epoch + step / len(lessons)) / self.epochs)
            with torch.autocast("cpu", torch.bfloat16, enabled=coarse):
                logits = network(lesson.pictures.contiguous(memory_format=torch.channels_last))
            loss = lesson.loss(logits.float())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(lessons)

    def _resume(self, network: nn.Module, optimizer: torch.optim.Optimizer) -> int:
        """The epochs that were done before."""
        if not self.state.exists():
            return 0
        kept = torch.load(self.state, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        return int(kept["epochs"])

    def _keep(self, network: nn.Module, optimizer: torch.optim.Optimizer, epochs: int) -> None:
        self.state.parent.mkdir(exist_ok=True)
        kept = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(kept | {"epochs": epochs}, self.state)


def _rate(share: float) -> float:
    """A cosine with a warm-up (I. Loshchilov and F. Hutter 2017, arXiv:1608.03983)."""
    if share < WARM_UP:
        return LAST + (1 - LAST) * share / WARM_UP
    fall = (share - WARM_UP) / (1 - WARM_UP)
    return LAST + (1 - LAST) * (1 + math.cos(math.pi * fall)) / 2
