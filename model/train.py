"""Train the networks, convert them, and measure: about three hours on two cores.

    python3 scripts/train.py [handwritten | touching]

Writes handwritten.* (one digit) and touching.* (digits that touch), each as .keras, .onnx,
.int8.onnx and .json, beside this file, and ends with an exit status of 1 if the accuracy is under
its floor. A run that was broken off goes on after its last epoch.

handwritten.* learns from the examples and from TEACHERS, networks of other seeds.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from model.accuracy import measure_onto_card
from model.batches import make_digit_lessons, make_string_lessons, to_pictures
from model.calibration import admit, calibrate, calibrate_strings
from model.card import write_onto_card
from model.convert import convert, convert_touching
from model.examples import NO_DIGIT, Sources, load_sources, make_epoch, make_plain
from model.keras_to_torch import mirror
from model.network import build, build_touching
from model.quantization import quantize
from model.touching import make_strings_epoch
from model.trainer import Training

SEED = 1
TEACHERS = 2
HANDWRITTEN_EPOCHS, TOUCHING_EPOCHS = 60, 80
PEAK = 2.5e-3  # of the learning rate
AT_ONCE = 512  # pictures that a network is asked about

FOLDER = Path(__file__).parent
CACHE = FOLDER / ".cache"
HANDWRITTEN, TOUCHING = FOLDER / "handwritten.keras", FOLDER / "touching.keras"


def main() -> None:
    chosen = sys.argv[1:] or ["handwritten", "touching"]
    sources, validation = load_sources("train"), load_sources("validation")
    if "handwritten" in chosen:
        train_handwritten(sources, validation)
    if "touching" in chosen and sources.digits:
        train_touching(sources, validation)
    if TOUCHING.with_suffix(".onnx").exists():
        write_onto_card(HANDWRITTEN.with_suffix(".onnx"), touching=f"{TOUCHING.stem}.onnx")
    measure_onto_card(HANDWRITTEN.with_suffix(".onnx"))


def train_handwritten(sources: Sources, validation: Sources) -> None:
    images, labels = make_plain(validation)
    teachers = [mirror(_teacher(sources, SEED + 1 + k)).eval() for k in range(TEACHERS)]
    model = _fit_digits(sources, SEED, teachers)
    model.save(HANDWRITTEN)
    logits = _ask(mirror(model).eval(), images)
    digits = labels != NO_DIGIT
    temperature = calibrate(logits[digits], labels[digits])
    bias = admit(logits / temperature, labels) if sources.others else 0.0
    onnx = HANDWRITTEN.with_suffix(".onnx")
    convert(HANDWRITTEN, onnx, temperature=temperature, no_digit_bias=bias)
    quantize(onnx, images)


def _teacher(sources: Sources, seed: int) -> keras.Model:
    """A network of this seed, from the cache if it is there."""
    file = CACHE / f"teacher{seed}.keras"
    if not file.exists():
        _fit_digits(sources, seed, []).save(file)
    return keras.models.load_model(file, compile=False)


def _fit_digits(sources: Sources, seed: int, teachers: list[nn.Sequential]) -> keras.Model:
    keras.utils.set_random_seed(seed)
    model = build(NO_DIGIT + 1 if sources.others else NO_DIGIT)
    make_examples = partial(make_epoch, sources)
    make_lessons = partial(make_digit_lessons, teachers=teachers)
    state = CACHE / f"handwritten{seed}.pt"
    Training(make_examples, make_lessons, HANDWRITTEN_EPOCHS, PEAK, state).run(model, seed)
    return model


def train_touching(sources: Sources, validation: Sources) -> None:
    keras.utils.set_random_seed(SEED)
    model = build_touching()
    make_examples = partial(make_strings_epoch, sources)
    state = CACHE / "touching.pt"
    Training(make_examples, make_string_lessons, TOUCHING_EPOCHS, PEAK, state).run(model, SEED)
    model.save(TOUCHING)
    images, texts = make_strings_epoch(validation, SEED)
    onnx = TOUCHING.with_suffix(".onnx")
    temperature = calibrate_strings(mirror(model).eval(), (images, texts))
    convert_touching(TOUCHING, onnx, temperature=temperature)
    quantize(onnx, images)


@torch.no_grad()
def _ask(network: nn.Sequential, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """The logits of all pictures."""
    parts = [images[k : k + AT_ONCE] for k in range(0, len(images), AT_ONCE)]
    logits = [network(to_pictures(part)).double().numpy() for part in parts]
    return np.concatenate(logits)


if __name__ == "__main__":
    main()
