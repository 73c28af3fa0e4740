"""Served model and its card: refused at the start if they do not match, and measured."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession

from server.recognition.ink.drawing import extract_drawn_ink
from server.recognition.reading.classifier import Classifier
from server.recognition.reading.normalization import normalize
from tests.conftest import PROJECT
from tests.pictures import draw

MODEL = PROJECT / "model" / "handwritten.onnx"
README = (PROJECT / "README.md").read_text()
CARD = json.loads(MODEL.with_suffix(".json").read_text())


def break_onnx(folder: Path) -> None:
    (folder / MODEL.name).write_bytes(b"not a model")


def remove_onnx(folder: Path) -> None:
    (folder / MODEL.name).unlink()


def remove_card(folder: Path) -> None:
    (folder / "handwritten.json").unlink()


def break_card(folder: Path) -> None:
    (folder / "handwritten.json").write_text("{}")


def remove_line(folder: Path) -> None:
    (folder / CARD["line"]).unlink()


def swap_line(folder: Path) -> None:
    shutil.copy(MODEL, folder / CARD["line"])


def remove_traced_line(folder: Path) -> None:
    (folder / CARD["trace_line"]).unlink()


def remove_quantized(folder: Path) -> None:
    (folder / CARD["quantized"]["file"]).unlink()


def break_quantized(folder: Path) -> None:
    (folder / CARD["quantized"]["file"]).write_bytes(b"not a model")


def relabel(folder: Path) -> None:
    (folder / "handwritten.json").write_text(json.dumps(CARD | {"labels": list("abc")}))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (break_onnx, "is not the model that handwritten.json describes"),
        (remove_onnx, "cannot be read"),
        (remove_card, "cannot be read"),
        (break_card, "is not a valid model card"),
        (relabel, "names the labels"),
        (remove_line, "cannot be read"),
        (swap_line, "is not the model that line.json describes"),
        (remove_traced_line, "cannot be read"),
        (remove_quantized, "handwritten.int8.onnx cannot be read"),
        (break_quantized, "is not the model that handwritten.json describes"),
    ],
)
def test_start_refuses_damaged_model_with_message(
    tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    for file in (*MODEL.parent.glob("*.onnx"), *MODEL.parent.glob("*.json")):
        shutil.copy(file, tmp_path)
    damage(tmp_path)
    settings = {"DIGITS_MODEL": str(tmp_path / MODEL.name), "DIGITS_DATA_DIR": str(tmp_path)}
    stopped = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=PROJECT, env=os.environ | settings, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert stopped.returncode == 1
    assert stopped.stderr.startswith("Live Digits cannot start: ")
    assert message in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_quantized_model_agrees_with_the_original() -> None:
    assert CARD["quantized"]["same_answer"] >= 0.995
    classifier = Classifier(MODEL)
    original = InferenceSession(MODEL, providers=["CPUExecutionProvider"])
    pages = [np.asarray(draw(text).convert("L")) for text in "0123478"]
    digits = [normalize(extract_drawn_ink(page)) for page in pages]
    fields = np.array(digits)
    [expected] = original.run(["probabilities"], {"pictures": fields})
    actual = classifier.classify(fields)
    assert 0 < np.abs(actual - expected).max() < 0.05


def test_card_is_above_the_minimum_accuracy() -> None:
    results = {result["set"]: result for result in CARD["accuracy"]}
    assert results["mnist_test"]["count"] == 10_000
    assert results["mnist_test"]["accuracy"] >= 0.993
    assert results["held_out_writers"]["accuracy"] >= 0.97


def test_readme_accuracy_matches_the_card() -> None:
    counts = {result["set"]: result for result in CARD["accuracy"]}
    rows = re.findall(r"^\| (\w+) \| ([\d.]+%) \| (\d+) of (\d+) \|$", README, re.MULTILINE)
    assert len(rows) >= 5
    for name, accuracy, correct, count in rows:
        result = counts[name]
        assert accuracy == f"{result['correct'] / result['count']:.2%}"
        assert (int(correct), int(count)) == (result["correct"], result["count"])


def test_model_readme_accuracy_matches_the_card() -> None:
    card = MODEL.with_name("README.md").read_text().splitlines()
    for result in CARD["accuracy"]:
        [row] = [line for line in card if line.startswith(f"| `{result['set']}` |")]
        assert f"| {result['correct']} of {result['count']} |" in row
