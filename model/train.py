"""Train the network, convert it, and measure it: about 80 minutes on two cores.

    python3 scripts/train.py

Writes handwritten.keras, handwritten.onnx and handwritten.json beside this file, and ends with
an exit status of 1 if the measured accuracy is under its target.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, repeat
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt

from model.convert import convert
from model.datasets import Images, Labels
from model.examples import NO_DIGIT, Sources, load_sources, make_epoch, make_plain
from model.measure import measure_onto_card
from model.network import build

# All the knobs.
SEED = 1
CYCLES = (
    # precision, epochs, peak of the learning rate, which begins high and ends at zero
    ("mixed_bfloat16", 44, 2e-3),
    ("float32", 4, 2e-4),
)
PASSES = 2  # epochs with the same examples: to make them takes as long as to learn from them
BATCH = 128
WEIGHT_DECAY = 1e-3
LABEL_SMOOTHING = 0.01
REFUSED = 0.0005  # of the validation writers' digits, that may be taken for no digit

MODEL = Path(__file__).with_name("handwritten.keras")
ONNX = MODEL.with_suffix(".onnx")
WEIGHTS = Path("/tmp/nn/fit.weights.h5")

Logits = npt.NDArray[np.float64]


def main() -> None:
    keras.utils.set_random_seed(SEED)
    sources, validation = load_sources("train"), make_plain(load_sources("validation"))
    model = fit(sources, validation)
    model.save(MODEL)
    images, labels = validation
    logits = model.predict(to_input(images), batch_size=512, verbose=0).astype(np.float64)
    temperature = calibrate(logits, labels)
    bias = admit(logits / temperature, labels) if sources.others else 0.0
    convert(MODEL, ONNX, temperature=temperature, no_digit_bias=bias)
    measure_onto_card(ONNX)


def fit(sources: Sources, validation: tuple[Images, Labels]) -> keras.Model:
    """Fit, while another process already makes the next examples."""
    model = None
    with ProcessPoolExecutor(1) as pool:
        epochs = make_epochs(pool, sources)
        for precision, epochs_count, learning_rate in CYCLES:
            model = rebuild(model, precision, NO_DIGIT + 1 if sources.others else NO_DIGIT)
            for epoch in range(epochs_count):
                images, labels = next(epochs)
                if epoch == 0:
                    compile_for(model, learning_rate, steps=epochs_count * -(-len(images) // BATCH))
                print(f"Epoch {epoch + 1} of {epochs_count}", flush=True)
                model.fit(
                    to_input(images), labels, BATCH,
                    validation_data=(to_input(validation[0]), validation[1]), verbose=2,
                )  # fmt: skip
            model.save_weights(WEIGHTS)
        epochs.close()
    return model


def make_epochs(
    pool: ProcessPoolExecutor, sources: Sources
) -> Generator[tuple[Images, Labels], None, None]:
    """Examples without end, each PASSES times, the next ones made meanwhile."""
    waiting = pool.submit(make_epoch, sources, SEED)
    for seed in count(SEED + 1):
        examples = waiting.result()
        waiting = pool.submit(make_epoch, sources, seed)
        yield from repeat(examples, PASSES)


def rebuild(model: keras.Model | None, precision: str, labels: int) -> keras.Model:
    """The network at a precision, with the weights learned so far."""
    keras.config.set_dtype_policy(precision)
    rebuilt = build(labels)
    if model is not None:
        rebuilt.set_weights(model.get_weights())
    return rebuilt


def compile_for(model: keras.Model, learning_rate: float, steps: int) -> None:
    """One cycle of warm restarts (I. Loshchilov and F. Hutter 2017, arXiv:1608.03983)."""
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / 20, steps, warmup_target=learning_rate, warmup_steps=steps // 20
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY),
        loss=smoothed_crossentropy,
        metrics=["accuracy"],
    )


def smoothed_crossentropy(labels: keras.KerasTensor, logits: keras.KerasTensor) -> object:
    """Cross-entropy with smoothed labels (Szegedy et al. 2016, arXiv:1512.00567)."""
    count = logits.shape[-1]
    wanted = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), count)
    wanted = wanted * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / count
    return keras.ops.categorical_crossentropy(wanted, logits, from_logits=True)


def calibrate(logits: Logits, labels: Labels) -> float:
    """The temperature with the least log loss on writers not trained on.

    C. Guo et al., On Calibration of Modern Neural Networks (2017), arXiv:1706.04599.
    """
    temperatures = np.exp(np.linspace(np.log(0.2), np.log(3), 120))
    return round(float(min(temperatures, key=lambda t: log_loss(logits / t, labels))), 3)


def admit(logits: Logits, labels: Labels) -> float:
    """The bias of the "no digit" logit at which at most REFUSED of the digits are refused.

    Digits are far more common on the page than in training, where every tenth example is none
    (a correction of the prior: M. Saerens et al. 2002, Neural Computation 14).
    """
    digits = logits[labels != NO_DIGIT]
    margins = digits[:, NO_DIGIT] - digits[:, :NO_DIGIT].max(axis=1)
    return round(min(0.0, -float(np.quantile(margins, 1 - REFUSED))), 3)


def log_loss(logits: Logits, labels: Labels) -> float:
    peaks = logits.max(axis=1, keepdims=True)
    logs = logits - peaks - np.log(np.exp(logits - peaks).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels].mean())


def to_input(images: Images) -> npt.NDArray[np.float32]:
    return images[..., None].astype(np.float32) / 255


if __name__ == "__main__":
    main()
