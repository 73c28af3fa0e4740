"""Training, conversion, quantization and measurement of the networks.

    python3 scripts/train.py [handwritten | line | trace_line | ink] [--minutes M] [--further]

Writes handwritten.* (single digits), line.* (lines), trace_line.* (lines whose strokes are known)
and ink.* (ink on photos), each as .keras, .onnx and .json, and the first as .int8.onnx too, beside
this file. A GPU is used if PyTorch finds one: what it learns in 9 minutes takes hours on two cores.
With --further, line and trace_line go on from their saved weights; else the former learns from
scratch, and the latter goes on from those of line. An interrupted run resumes at its last report.
The exit status is 1 if the accuracy is under 99.3% on MNIST or 97% on held-out writers.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import torch

from model.accuracy import measure_onto_card
from model.batches import (
    Peers,
    SoftTargets,
    make_digit_batch,
    make_line_batch,
    to_tensor,
)
from model.calibration import (
    calibrate_line_temperature,
    calibrate_no_digit_bias,
    calibrate_temperature,
)
from model.card import update_card
from model.confidence import main as calibrate_photos
from model.convert import convert, convert_ink, convert_line
from model.datasets import has_strokes, pad
from model.examples import NO_DIGIT_LABEL, load_sources, make_digits, make_plain
from model.ink import make_ink_batch
from model.keras_to_torch import TorchNetwork, copy_weights, to_torch
from model.line_examples import LineExample, load_line_sources, make_lines
from model.network import begin_with, build_handwritten, build_ink, build_line
from model.paper.scene import make_scenes
from model.paper.writing import load_hands
from model.quantization import quantize
from model.trace_examples import make_traced_lines
from model.trainer import Schedule, Trainer
from server.recognition.ink.traces import CHANNELS

# Every setting of a run. Augmentation has its strengths in augmentation.py, styles.py,
# examples.py and line_examples.py; the splits of the data are in datasets.py.
SEED = 1
PEERS = 3  # networks for single digits that learn together; the first one is served
DROPOUT = 0.2
BATCH_NORM_MOMENTUM = 0.98
LABEL_SMOOTHING = 0.01
PEER_WEIGHT = 0.5  # of what the peers predict; the labels have the rest
MAX_REJECTED = 0.001  # of the validation writers' digits, taken for no digit
DIGIT_SCHEDULE = Schedule(
    minutes=90,
    batch_size=256,
    peak_learning_rate=3e-3,
    final_share=0.02,
    warmup_share=0.05,
    weight_decay=1e-3,
    float32_share=0.08,
)
LINE_SCHEDULE = replace(DIGIT_SCHEDULE, batch_size=128, float32_share=1)
TRACE_PEAK = 1.5e-3  # learning rate of the network for traces, which begins with that for lines
FURTHER_PEAK = 1e-3  # learning rate of networks for lines that go on from their saved weights
INK_SCHEDULE = replace(LINE_SCHEDULE, batch_size=32, weight_decay=1e-4)
MADE_DIGITS, MADE_LINES, MADE_SCENES = 2_000, 500, 50  # at once, by one process
DIGITS, LINES, SCENES = 3_000_000, 1_500_000, 20_000  # kept to draw batches from
CALIBRATION_LINES = 5_000
QUANTIZED_WIDTH_PX = 128  # of the lines that set the scales of 8-bit integers

PREDICTION_BATCH_SIZE = 512
NETWORKS = ("handwritten", "line", "trace_line", "ink")

FOLDER = Path(__file__).parent
CACHE = FOLDER / ".cache"
HANDWRITTEN, LINE = FOLDER / "handwritten.keras", FOLDER / "line.keras"
TRACE_LINE = FOLDER / "trace_line.keras"
INK = FOLDER / "ink.keras"


def main() -> None:
    parser = argparse.ArgumentParser(description="Train, convert and measure networks.")
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(NETWORKS)}; else all")
    parser.add_argument("--minutes", type=float, help="of the training of each network")
    parser.add_argument("--further", action="store_true", help="from the saved weights of lines")
    arguments = parser.parse_args()
    networks = arguments.networks or [*NETWORKS]
    if unknown := {*networks} - {*NETWORKS}:
        parser.error(f"There is no network {', '.join(unknown)}. Choose of {', '.join(NETWORKS)}.")
    length = {"minutes": arguments.minutes} if arguments.minutes else {}
    if "ink" in networks and has_strokes():
        convert_ink(train_ink(replace(INK_SCHEDULE, **length)), INK.with_suffix(".onnx"))
    if "handwritten" in networks:
        convert_handwritten(train_handwritten(replace(DIGIT_SCHEDULE, **length)))
    if "line" in networks and has_strokes():
        convert_lines(train_line(replace(LINE_SCHEDULE, **length), arguments.further))
    if "trace_line" in networks and has_strokes():
        convert_traced_lines(train_trace_line(replace(LINE_SCHEDULE, **length), arguments.further))
    if "ink" in networks and has_strokes():
        calibrate_photos()
    served = [file.with_suffix(".onnx") for file in (LINE, TRACE_LINE)]
    names = {file.stem: file.name for file in served if file.exists()}
    update_card(HANDWRITTEN.with_suffix(".onnx"), **names)
    measure_onto_card(HANDWRITTEN.with_suffix(".onnx"))


def train_handwritten(schedule: Schedule) -> Path:
    keras.utils.set_random_seed(SEED)
    sources = load_sources("train")
    classes = NO_DIGIT_LABEL + 1 if sources.non_digits else NO_DIGIT_LABEL
    models = [build_handwritten(classes, DROPOUT, BATCH_NORM_MOMENTUM) for _ in range(PEERS)]
    networks = [to_torch(model) for model in models]
    Trainer(
        partial(make_digits, sources, MADE_DIGITS),
        partial(make_digit_batch, soft_targets=SoftTargets(LABEL_SMOOTHING, PEER_WEIGHT)),
        schedule,
        CACHE / "handwritten.pt",
        DIGITS,
    ).fit(Peers(networks), SEED)
    return _save(networks[0], models[0], HANDWRITTEN)


def train_line(schedule: Schedule, further: bool = False) -> Path:
    """Train the network for lines from scratch or, with `further`, from its saved weights."""
    keras.utils.set_random_seed(SEED)
    model = build_line(DROPOUT, BATCH_NORM_MOMENTUM)
    if further:
        begin_with(model, LINE)
        schedule = replace(schedule, peak_learning_rate=FURTHER_PEAK)
    network = to_torch(model)
    Trainer(
        partial(make_lines, load_line_sources("train"), MADE_LINES),
        make_line_batch,
        schedule,
        CACHE / "line.pt",
        LINES,
    ).fit(network, SEED)
    return _save(network, model, LINE)


def train_trace_line(schedule: Schedule, further: bool = False) -> Path:
    """Train the network for traces of lines from the one for pictures, or `further`."""
    keras.utils.set_random_seed(SEED)
    model = build_line(DROPOUT, BATCH_NORM_MOMENTUM, CHANNELS)
    begin_with(model, TRACE_LINE if further else LINE)
    network = to_torch(model)
    Trainer(
        partial(make_traced_lines, load_line_sources("train"), MADE_LINES),
        make_line_batch,
        replace(schedule, peak_learning_rate=FURTHER_PEAK if further else TRACE_PEAK),
        CACHE / "trace_line.pt",
        LINES,
    ).fit(network, SEED)
    return _save(network, model, TRACE_LINE)


def train_ink(schedule: Schedule) -> Path:
    keras.utils.set_random_seed(SEED)
    model = build_ink(BATCH_NORM_MOMENTUM)
    network = to_torch(model)
    Trainer(
        partial(make_scenes, load_hands("train"), MADE_SCENES),
        make_ink_batch,
        schedule,
        CACHE / "ink.pt",
        SCENES,
    ).fit(network, SEED)
    return _save(network, model, INK)


def _save(network: TorchNetwork, model: keras.Model, file: Path) -> Path:
    copy_weights(network, model)
    model.save(file)
    return file


def convert_handwritten(file: Path) -> None:
    """Calibrate the confidence, convert and quantize."""
    x_val, y_val = make_plain(load_sources("validation"))
    logits = _predict(to_torch(keras.models.load_model(file, compile=False)).eval(), x_val)
    is_digit = y_val != NO_DIGIT_LABEL
    temperature = calibrate_temperature(logits[is_digit], y_val[is_digit])
    bias = 0.0
    if logits.shape[1] > NO_DIGIT_LABEL:
        bias = calibrate_no_digit_bias(logits / temperature, y_val, MAX_REJECTED)
    onnx = file.with_suffix(".onnx")
    convert(file, onnx, temperature=temperature, no_digit_bias=bias)
    quantize(onnx, x_val)


def convert_lines(file: Path) -> None:
    _convert_lines(file, make_lines(load_line_sources("validation"), CALIBRATION_LINES, SEED))


def convert_traced_lines(file: Path) -> None:
    """Calibrate the confidence, convert and quantize."""
    lines = make_traced_lines(load_line_sources("validation"), CALIBRATION_LINES, SEED)
    _convert_lines(file, lines)
    usual = [image for image, _ in lines if image.shape[1] <= QUANTIZED_WIDTH_PX]
    quantize(file.with_suffix(".onnx"), pad(usual))


def _convert_lines(file: Path, lines: list[LineExample]) -> None:
    network = to_torch(keras.models.load_model(file, compile=False)).eval()
    temperature = calibrate_line_temperature(network, lines, LINE_SCHEDULE.batch_size)
    convert_line(file, file.with_suffix(".onnx"), temperature=temperature)


def _predict(network: TorchNetwork, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return the logits [N, classes] of images [N, 28, 28], 0 to 255."""
    starts = range(0, len(images), PREDICTION_BATCH_SIZE)
    parts = [images[start : start + PREDICTION_BATCH_SIZE] for start in starts]
    with torch.no_grad():
        logits = [network(to_tensor(part).float() / 255).double().numpy() for part in parts]
    return np.concatenate(logits)


if __name__ == "__main__":
    main()
