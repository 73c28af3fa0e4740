"""Training examples that other processes make meanwhile, and keep to draw from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from types import TracebackType
from typing import Generic, TypeVar

import cv2
import numpy as np

from model.datasets import Images

Target = TypeVar("Target")
Example = tuple[Images, Target]
MakeExamples = Callable[[int], list[Example[Target]]]  # from a seed

GROUP_PX = 32  # pictures in a group have about the same width


class Reservoir(Generic[Target]):
    """The examples made so far, grouped by the width of their pictures.

    When it is full, a new one takes the place of a random old one.
    """

    def __init__(self, capacity: int, seed: int) -> None:
        self._capacity = capacity
        self._rng = np.random.default_rng(seed)
        self._groups: dict[int, list[Example[Target]]] = defaultdict(list)

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def add(self, examples: list[Example[Target]]) -> None:
        room = self._capacity - len(self)
        for example in examples:
            group = self._groups[example[0].shape[1] // GROUP_PX]
            if room > 0 or not group:
                group.append(example)
                room -= 1
            else:
                group[int(self._rng.integers(len(group)))] = example

    def draw(self, count: int) -> list[Example[Target]]:
        """Return random examples of about the same width; all are equally likely."""
        groups = [*self._groups.values()]
        sizes = np.array([len(group) for group in groups])
        group = groups[int(self._rng.choice(len(groups), p=sizes / sizes.sum()))]
        return [group[k] for k in self._rng.integers(len(group), size=count)]


class ExampleMakers(Generic[Target]):
    """Processes that are kept busy making examples, each time from another seed."""

    def __init__(self, make_examples: MakeExamples[Target], processes: int, seed: int) -> None:
        """Start them; `make_examples` is pickled."""
        self._seeds = iter(range(1000 * seed, 1000 * (seed + 1000)))
        context = get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, context, _start, (make_examples,))
        self._pending = [self._submit() for _ in range(2 * processes)]

    def __enter__(self) -> ExampleMakers[Target]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def wait(self) -> None:
        """Wait until some examples are made."""
        wait(self._pending, return_when=FIRST_COMPLETED)

    def take(self) -> list[Example[Target]]:
        """Return the examples made since the last call, if there are any."""
        done = [future for future in self._pending if future.done()]
        self._pending = [future for future in self._pending if future not in done]
        self._pending += [self._submit() for _ in done]
        return [example for future in done for example in future.result()]

    def _submit(self) -> Future[list[Example[Target]]]:
        return self._pool.submit(_make, next(self._seeds))


def _start(make_examples: MakeExamples[Target]) -> None:
    cv2.setNumThreads(1)
    globals()["_make_examples"] = make_examples


def _make(seed: int) -> list[Example[Target]]:
    made: list[Example[Target]] = globals()["_make_examples"](seed)
    return made
