"""Train the networks, convert them, and measure: about four hours on two cores.

    python3 scripts/train.py [handwritten | touching]

Writes handwritten.* (one digit) and touching.* (two digits that touch), each as .keras, .onnx,
.int8.onnx and .json, beside this file, and ends with an exit status of 1 if the accuracy is under
its floor.

handwritten.* learns from the examples and from TEACHERS, networks of other seeds. A teacher is
kept in .cache once it is trained, so that a run that was broken off goes on after it.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import keras
import numpy as np

from model.calibration import admit, calibrate
from model.card import write_onto_card
from model.convert import convert, convert_touching
from model.examples import NO_DIGIT, Sources, load_sources, make_epoch, make_plain
from model.measure import measure_onto_card
from model.network import build, build_touching
from model.pairs import make_pairs_epoch
from model.quantization import quantize
from model.training import Cycle, Training, to_input

SEED = 1
TEACHERS = 2
HANDWRITTEN_CYCLES = (Cycle("mixed_bfloat16", 44, 2e-3), Cycle("float32", 4, 2e-4))
TOUCHING_CYCLES = (Cycle("mixed_bfloat16", 16, 2e-3),)

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
    classes = NO_DIGIT + 1 if sources.others else NO_DIGIT
    training = Training(
        partial(build, classes), partial(make_epoch, sources), (images, labels), HANDWRITTEN_CYCLES
    )
    teachers = [_train_once(training, SEED + number + 1) for number in range(TEACHERS)]
    model = training.run(SEED, teachers)
    model.save(HANDWRITTEN)
    logits = model.predict(to_input(images), batch_size=512, verbose=0).astype(np.float64)
    digits = labels != NO_DIGIT
    temperature = calibrate(logits[digits], labels[digits])
    bias = admit(logits / temperature, labels) if sources.others else 0.0
    onnx = HANDWRITTEN.with_suffix(".onnx")
    convert(HANDWRITTEN, onnx, temperature=temperature, no_digit_bias=bias)
    quantize(onnx, images)


def _train_once(training: Training, seed: int) -> keras.Model:
    """A teacher: of this seed, from the cache if it is there."""
    file = CACHE / f"teacher{seed}.keras"
    if not file.exists():
        CACHE.mkdir(exist_ok=True)
        training.run(seed).save(file)
    return keras.models.load_model(file, compile=False)


def train_touching(sources: Sources, validation: Sources) -> None:
    images, labels = make_pairs_epoch(validation, SEED)
    make = partial(make_pairs_epoch, sources)
    model = Training(build_touching, make, (images, labels), TOUCHING_CYCLES).run(SEED)
    model.save(TOUCHING)
    logits = model.predict(to_input(images), batch_size=512, verbose=0).astype(np.float64)
    temperature = calibrate(logits.reshape(-1, logits.shape[-1]), labels.ravel())
    onnx = TOUCHING.with_suffix(".onnx")
    convert_touching(TOUCHING, onnx, temperature=temperature)
    quantize(onnx, images)


if __name__ == "__main__":
    main()
