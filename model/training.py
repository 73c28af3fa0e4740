"""Fit a network to examples that are made anew while it learns, and to what others say of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count, repeat

import keras
import numpy as np
import numpy.typing as npt

from model.datasets import Images, Labels

PASSES = 2  # epochs with the same examples: to make them takes as long as to learn from them
BATCH = 128
WEIGHT_DECAY = 1e-3
LABEL_SMOOTHING = 0.01
TRUST = 0.5  # in the teachers: the rest of what a network is to say comes from the labels

Build = Callable[[], keras.Model]
Floats = npt.NDArray[np.float32]
Examples = tuple[Images, Labels]
Lesson = tuple[Floats, Floats]  # inputs and the probabilities to learn
MakeExamples = Callable[[int], Examples]  # of a seed


@dataclass(frozen=True)
class Cycle:
    """Epochs in which the learning rate rises to its peak and falls to a twentieth of it."""

    precision: str
    epochs: int
    peak: float


@dataclass(frozen=True)
class Training:
    """How a network is fitted; another process already makes the next examples meanwhile."""

    build: Build
    make_examples: MakeExamples
    validation: Examples
    cycles: Sequence[Cycle]

    def run(self, seed: int, teachers: Sequence[keras.Model] = ()) -> keras.Model:
        """The network, fitted. It has single precision, whatever that of the cycles is.

        With teachers, it learns their mean opinion besides the labels (G. Hinton et al. 2015,
        Distilling the Knowledge in a Neural Network, arXiv:1503.02531).
        """
        keras.utils.set_random_seed(seed)
        keras.config.set_dtype_policy("float32")
        fitted = self.build()
        classes = fitted.output_shape[-1]
        checks = to_input(self.validation[0]), _smooth(self.validation[1], classes)
        with ProcessPoolExecutor(1) as pool:
            examples = _make_ahead(pool, self.make_examples, seed)
            lessons = _teach(examples, classes, teachers)
            for cycle in self.cycles:
                keras.config.set_dtype_policy(cycle.precision)
                model = self.build()
                model.set_weights(fitted.get_weights())
                _run(model, cycle, lessons, checks)
                fitted.set_weights(model.get_weights())
            examples.close()
        keras.config.set_dtype_policy("float32")
        return fitted


def _make_ahead(
    pool: ProcessPoolExecutor, make_examples: MakeExamples, seed: int
) -> Generator[Examples, None, None]:
    """Examples without end, the next ones made meanwhile."""
    seeds = count(1000 * seed)
    waiting = pool.submit(make_examples, next(seeds))
    while True:
        examples = waiting.result()
        waiting = pool.submit(make_examples, next(seeds))
        yield examples


def _teach(
    examples: Iterable[Examples], classes: int, teachers: Sequence[keras.Model]
) -> Iterator[Lesson]:
    """Inputs and the probabilities to learn, each PASSES times."""
    for images, labels in examples:
        inputs, wanted = to_input(images), _smooth(labels, classes)
        if teachers:
            wanted += TRUST * (_ask(teachers, inputs) - wanted)
        yield from repeat((inputs, wanted), PASSES)


def _ask(teachers: Sequence[keras.Model], inputs: Floats) -> Floats:
    """The mean of the probabilities that several networks give."""
    logits = [teacher.predict(inputs, batch_size=512, verbose=0) for teacher in teachers]
    opinions = [keras.ops.convert_to_numpy(keras.ops.softmax(each)) for each in logits]
    return np.mean(opinions, axis=0, dtype=np.float32)


def _smooth(labels: Labels, classes: int) -> Floats:
    """Smoothed labels (C. Szegedy et al. 2016, arXiv:1512.00567)."""
    certain = np.eye(classes, dtype=np.float32)[labels]
    return certain * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / classes


def _run(model: keras.Model, cycle: Cycle, lessons: Iterator[Lesson], checks: Lesson) -> None:
    for epoch in range(cycle.epochs):
        inputs, wanted = next(lessons)
        if epoch == 0:
            _compile(model, cycle, steps=cycle.epochs * -(-len(inputs) // BATCH))
        print(f"Epoch {epoch + 1} of {cycle.epochs}, {cycle.precision}", flush=True)
        model.fit(inputs, wanted, BATCH, validation_data=checks, verbose=2)


def _compile(model: keras.Model, cycle: Cycle, steps: int) -> None:
    """A cosine with a warm-up (I. Loshchilov and F. Hutter 2017, arXiv:1608.03983)."""
    schedule = keras.optimizers.schedules.CosineDecay(
        cycle.peak / 20, steps, warmup_target=cycle.peak, warmup_steps=steps // 20
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["categorical_accuracy"],
    )


def to_input(images: Images) -> Floats:
    return images[..., None].astype(np.float32) / 255
