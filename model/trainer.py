"""Training of a PyTorch network for some minutes, on examples that are made meanwhile."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from model.batches import Batch
from model.reservoir import Example, ExampleMakers, MakeExamples, Reservoir

Target = TypeVar("Target")

AVERAGE_DECAY = 0.999  # of the weights, a step
REPORT_SECONDS = 20.0
WORKERS = max(1, (os.cpu_count() or 1) - 1)  # processes that make examples
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True)
class Schedule:
    """Length, batch size, learning rate, weight decay and precision of a training run."""

    minutes: float
    batch_size: int
    peak_learning_rate: float
    final_share: float  # of the peak learning rate
    warmup_share: float  # of the time
    weight_decay: float
    float32_share: float  # of the time, at the end; before, activations are bfloat16

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

    def uses_bfloat16(self, progress: float) -> bool:
        return progress < 1 - self.float32_share


@dataclass(frozen=True)
class Trainer(Generic[Target]):
    """A training run that other processes feed with examples.

    A checkpoint is saved at each report, and an interrupted run resumes from it.
    """

    make_examples: MakeExamples[Target]  # pickled, and called in the other processes
    make_batch: Callable[[list[Example[Target]], np.random.Generator], Batch]
    schedule: Schedule
    checkpoint: Path
    capacity: int  # of the reservoir, in examples

    def fit(self, network: nn.Module, seed: int) -> None:
        """Train the network; its weights become their moving average over the last steps."""
        torch.manual_seed(seed)
        network.to(DEVICE).train()
        run = _Run(network, self.schedule)
        run.load(self.checkpoint)
        makers_seed = seed + round(run.seconds)
        with ExampleMakers(self.make_examples, WORKERS, makers_seed) as makers:
            for batch, examples in self._batches(makers, seed):
                run.step(batch)
                if run.is_report_due():
                    run.report(examples)
                    run.save(self.checkpoint)
                if run.progress == 1:
                    break
        self.checkpoint.unlink(missing_ok=True)
        network.load_state_dict(run.average.module.state_dict())
        network.cpu().eval()

    def _batches(self, makers: ExampleMakers[Target], seed: int) -> Iterator[tuple[Batch, int]]:
        """Yield batches forever, each prepared during the step before, and the examples so far."""
        rng = np.random.default_rng(seed)
        reservoir = Reservoir[Target](self.capacity, seed)
        makers.wait()

        def prepare() -> tuple[Batch, int]:
            reservoir.add(makers.take())
            drawn = reservoir.draw(self.schedule.batch_size)
            return self.make_batch(drawn, rng), len(reservoir)

        with ThreadPoolExecutor(1) as thread:
            upcoming = thread.submit(prepare)
            while True:
                prepared = upcoming.result()
                upcoming = thread.submit(prepare)
                yield prepared


class _Run:
    """The state of a run: weights, their average, the optimizer, and the time it has taken."""

    def __init__(self, network: nn.Module, schedule: Schedule) -> None:
        self.network, self.schedule = network, schedule
        self.average = AveragedModel(
            network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE_DECAY), use_buffers=True
        )
        self.optimizer = torch.optim.AdamW(network.parameters(), weight_decay=schedule.weight_decay)
        self.seconds = 0.0
        self._last: float | None = None  # when the last step ended
        self._steps, self._losses, self._reported = 0, torch.zeros((), device=DEVICE), 0.0

    @property
    def progress(self) -> float:
        return min(1.0, self.seconds / (60 * self.schedule.minutes))

    def step(self, batch: Batch) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self.schedule.learning_rate(self.progress)
        pictures = batch.pictures.to(DEVICE).float() / 255
        bfloat16 = self.schedule.uses_bfloat16(self.progress)
        with torch.autocast(DEVICE, torch.bfloat16, enabled=bfloat16):
            logits = self.network(pictures.contiguous(memory_format=torch.channels_last))
        loss = batch.loss(logits.float())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self._losses += loss.detach()
        self._steps += 1
        now = perf_counter()
        self.seconds += now - (self._last or now)
        self._last = now

    def is_report_due(self) -> bool:
        return self.progress == 1 or self.seconds - self._reported >= REPORT_SECONDS

    def report(self, examples: int) -> None:
        loss = float(self._losses) / self._steps
        print(
            f"{self.seconds / 60:.1f} of {self.schedule.minutes:g} minutes: {self._steps} steps, "
            f"{examples} examples, train loss {loss:.4f}",
            flush=True,
        )
        self._steps, self._reported = 0, self.seconds
        self._losses.zero_()

    def load(self, checkpoint: Path) -> None:
        """Go on from a checkpoint, if there is one."""
        if checkpoint.exists():
            state = torch.load(checkpoint, weights_only=True, map_location=DEVICE)
            for name in ("network", "average", "optimizer"):
                getattr(self, name).load_state_dict(state[name])
            self.seconds = self._reported = float(state["seconds"])

    def save(self, checkpoint: Path) -> None:
        checkpoint.parent.mkdir(exist_ok=True)
        state = {
            name: getattr(self, name).state_dict() for name in ("network", "average", "optimizer")
        }
        torch.save(state | {"seconds": self.seconds}, checkpoint)
