"""Fit a network to examples that are made anew while it learns."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
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

Examples = tuple[Images, Labels]
MakeExamples = Callable[[int], Examples]  # of a seed


@dataclass(frozen=True)
class Cycle:
    """Epochs in which the learning rate rises to its peak and falls to a twentieth of it."""

    precision: str
    epochs: int
    peak: float


def fit(
    build: Callable[[], keras.Model],
    make_examples: MakeExamples,
    validation: Examples,
    cycles: Sequence[Cycle],
    seed: int,
) -> keras.Model:
    """The network that `build` makes, fitted; another process already makes the next examples.

    It has single precision, whatever that of the cycles is.
    """
    keras.config.set_dtype_policy("float32")
    fitted = build()
    with ProcessPoolExecutor(1) as pool:
        epochs = _make_epochs(pool, make_examples, seed)
        for cycle in cycles:
            keras.config.set_dtype_policy(cycle.precision)
            model = build()
            model.set_weights(fitted.get_weights())
            _run(model, cycle, epochs, validation)
            fitted.set_weights(model.get_weights())
        epochs.close()
    return fitted


def _make_epochs(
    pool: ProcessPoolExecutor, make_examples: MakeExamples, seed: int
) -> Generator[Examples, None, None]:
    """Examples without end, each PASSES times, the next ones made meanwhile."""
    waiting = pool.submit(make_examples, seed)
    for next_seed in count(seed + 1):
        examples = waiting.result()
        waiting = pool.submit(make_examples, next_seed)
        yield from repeat(examples, PASSES)


def _run(
    model: keras.Model,
    cycle: Cycle,
    epochs: Generator[Examples, None, None],
    validation: Examples,
) -> None:
    for epoch in range(cycle.epochs):
        images, labels = next(epochs)
        if epoch == 0:
            _compile(model, cycle, steps=cycle.epochs * -(-len(images) // BATCH))
        print(f"Epoch {epoch + 1} of {cycle.epochs}, {cycle.precision}", flush=True)
        model.fit(
            to_input(images), labels, BATCH,
            validation_data=(to_input(validation[0]), validation[1]), verbose=2,
        )  # fmt: skip


def _compile(model: keras.Model, cycle: Cycle, steps: int) -> None:
    """A cosine with a warm-up (I. Loshchilov and F. Hutter 2017, arXiv:1608.03983)."""
    schedule = keras.optimizers.schedules.CosineDecay(
        cycle.peak / 20, steps, warmup_target=cycle.peak, warmup_steps=steps // 20
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY),
        loss=smoothed_crossentropy,
        metrics=["sparse_categorical_accuracy"],
    )


def smoothed_crossentropy(labels: keras.KerasTensor, logits: keras.KerasTensor) -> object:
    """Cross-entropy with smoothed labels (C. Szegedy et al. 2016, arXiv:1512.00567)."""
    classes = logits.shape[-1]
    wanted = keras.ops.one_hot(keras.ops.cast(labels, "int32"), classes)
    wanted = keras.ops.reshape(wanted, keras.ops.shape(logits))
    wanted = wanted * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / classes
    return keras.ops.categorical_crossentropy(wanted, logits, from_logits=True)


def to_input(images: Images) -> npt.NDArray[np.float32]:
    return images[..., None].astype(np.float32) / 255
