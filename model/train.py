"""Training, conversion, quantization and measurement of the networks, in about three hours.

    python3 scripts/train.py [handwritten | line | ink]

Writes handwritten.* (single digits), line.* (lines) and ink.* (ink on photos), each as .keras,
.onnx and .json, and the first as .int8.onnx too, beside this file. An interrupted run resumes after
its last epoch. The exit status is 1 if the accuracy is under 99.3% on MNIST or
97% on held-out writers.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import torch

from model.accuracy import measure_onto_card
from model.batches import SoftTargets, make_digit_batches, make_string_batches, to_tensor
from model.calibration import (
    calibrate_no_digit_bias,
    calibrate_string_temperature,
    calibrate_temperature,
)
from model.card import update_card
from model.confidence import main as calibrate_photos
from model.convert import convert, convert_ink, convert_line
from model.datasets import has_strokes
from model.examples import (
    NO_DIGIT_LABEL,
    DigitMix,
    Sources,
    load_sources,
    make_digit_epoch,
    make_plain,
)
from model.ink import make_ink_batches, make_ink_epoch
from model.keras_to_torch import TorchNetwork, to_torch
from model.line_examples import LineMix, load_line_sources, make_line_epoch
from model.network import build_handwritten, build_ink, build_line
from model.paper.writing import load_hands
from model.quantization import quantize
from model.trainer import Schedule, Trainer

# Every setting of a run. Augmentation has its strengths in augmentation.py, styles.py and
# line_examples.py; the splits of the data are in datasets.py.
SEED = 1
TEACHERS = 2  # networks of other seeds, whose predictions the handwritten network learns too
BATCH_SIZE = 128
DROPOUT = 0.2
BATCH_NORM_MOMENTUM = 0.98
LABEL_SMOOTHING = 0.01
TEACHER_WEIGHT = 0.5  # the labels have the rest
MAX_REJECTED = 0.001  # of the validation writers' digits, taken for no digit
HANDWRITTEN_SCHEDULE = Schedule(
    epochs=60,
    epochs_per_sample=2,  # making the examples takes as long as an epoch
    peak_learning_rate=2.5e-3,
    final_share=0.02,
    warmup_share=0.05,
    weight_decay=1e-3,
    float32_share=0.08,
)
LINE_SCHEDULE = replace(HANDWRITTEN_SCHEDULE, epochs=80)
DIGIT_MIX = DigitMix(
    max_mnist_images=60_000,
    augmented_share=0.5,
    bitmap_copies=1,
    drawing_copies=4,
    template_digits=10_000,
    numbers=3_000,
    number_gaps=(-0.2, 0.2),
    max_candidates_per_number=3,
    non_digit_copies=2,
    doodles=4_000,
    scribbles=2_000,
    blots=3_000,
)
LINE_MIX = LineMix(
    drawn_numbers=34_000,
    pasted_numbers=10_000,
    single_images=4_000,
    others=5_000,
    augmented_share=0.5,
)
INK_SCHEDULE = Schedule(
    epochs=100,
    epochs_per_sample=1,
    peak_learning_rate=3e-3,
    final_share=0.02,
    warmup_share=0.05,
    weight_decay=1e-4,
    float32_share=1,
)
INK_SCENES, INK_SCENE_PX = 1_000, 192  # of an epoch
INK_BATCH_SIZE = 16

PREDICTION_BATCH_SIZE = 512

FOLDER = Path(__file__).parent
CACHE = FOLDER / ".cache"
HANDWRITTEN, LINE = FOLDER / "handwritten.keras", FOLDER / "line.keras"
INK = FOLDER / "ink.keras"


def main() -> None:
    networks = sys.argv[1:] or ["handwritten", "line", "ink"]
    if "ink" in networks and has_strokes():
        train_ink()
    train_sources, val_sources = load_sources("train"), load_sources("validation")
    if "handwritten" in networks:
        train_handwritten(train_sources, val_sources)
    if "line" in networks and has_strokes():
        train_line()
    if "ink" in networks and has_strokes():
        calibrate_photos()
    if LINE.with_suffix(".onnx").exists():
        update_card(HANDWRITTEN.with_suffix(".onnx"), line=f"{LINE.stem}.onnx")
    measure_onto_card(HANDWRITTEN.with_suffix(".onnx"))


def train_handwritten(train_sources: Sources, val_sources: Sources) -> None:
    teachers = [to_torch(_teacher(train_sources, SEED + 1 + k)).eval() for k in range(TEACHERS)]
    model = _fit_handwritten(train_sources, SEED, teachers)
    model.save(HANDWRITTEN)
    x_val, y_val = make_plain(val_sources)
    logits = _predict(to_torch(model).eval(), x_val)
    is_digit = y_val != NO_DIGIT_LABEL
    temperature = calibrate_temperature(logits[is_digit], y_val[is_digit])
    bias = 0.0
    if train_sources.non_digits:
        bias = calibrate_no_digit_bias(logits / temperature, y_val, MAX_REJECTED)
    onnx = HANDWRITTEN.with_suffix(".onnx")
    convert(HANDWRITTEN, onnx, temperature=temperature, no_digit_bias=bias)
    quantize(onnx, x_val)


def _teacher(sources: Sources, seed: int) -> keras.Model:
    """Load the network of this seed from the cache, or train it."""
    file = CACHE / f"teacher{seed}.keras"
    if not file.exists():
        _fit_handwritten(sources, seed, teachers=[]).save(file)
    return keras.models.load_model(file, compile=False)


def _fit_handwritten(sources: Sources, seed: int, teachers: list[TorchNetwork]) -> keras.Model:
    keras.utils.set_random_seed(seed)
    classes = NO_DIGIT_LABEL + 1 if sources.non_digits else NO_DIGIT_LABEL
    model = build_handwritten(classes, DROPOUT, BATCH_NORM_MOMENTUM)
    Trainer(
        partial(make_digit_epoch, sources, DIGIT_MIX),
        partial(
            make_digit_batches,
            batch_size=BATCH_SIZE,
            soft_targets=SoftTargets(LABEL_SMOOTHING, TEACHER_WEIGHT, teachers),
        ),
        HANDWRITTEN_SCHEDULE,
        CACHE / f"handwritten{seed}.pt",
    ).fit(model, seed)
    return model


def train_line() -> None:
    keras.utils.set_random_seed(SEED)
    model = build_line(DROPOUT, BATCH_NORM_MOMENTUM)
    Trainer(
        partial(make_line_epoch, load_line_sources("train"), LINE_MIX),
        partial(make_string_batches, batch_size=BATCH_SIZE),
        LINE_SCHEDULE,
        CACHE / "line.pt",
    ).fit(model, SEED)
    model.save(LINE)
    lines = make_line_epoch(load_line_sources("validation"), LINE_MIX, SEED)
    temperature = calibrate_string_temperature(to_torch(model).eval(), lines, BATCH_SIZE)
    convert_line(LINE, LINE.with_suffix(".onnx"), temperature=temperature)


def train_ink() -> None:
    keras.utils.set_random_seed(SEED)
    model = build_ink(BATCH_NORM_MOMENTUM)
    Trainer(
        partial(make_ink_epoch, load_hands("train"), INK_SCENES, INK_SCENE_PX),
        partial(make_ink_batches, batch_size=INK_BATCH_SIZE),
        INK_SCHEDULE,
        CACHE / "ink.pt",
    ).fit(model, SEED)
    model.save(INK)
    convert_ink(INK, INK.with_suffix(".onnx"))


def _predict(network: TorchNetwork, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the logits [N, classes] of images [N, 28, 28], 0 to 255."""
    starts = range(0, len(images), PREDICTION_BATCH_SIZE)
    parts = [images[start : start + PREDICTION_BATCH_SIZE] for start in starts]
    with torch.no_grad():
        logits = [network(to_tensor(part)).double().numpy() for part in parts]
    return np.concatenate(logits)


if __name__ == "__main__":
    main()
