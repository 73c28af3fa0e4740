"""Conversion of Keras files of many kinds, and its errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from server.recognition.labels import LINE_LABELS
from server.recognition.reading.classifier import Classifier
from tests.conftest import PROJECT, ServerProcess
from tests.pictures import png

MODEL_PYTHON = PROJECT / ".venv-model" / "bin" / "python"
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(PROJECT)}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("models")
    program = Path(__file__).with_name("conversions.py")
    printed = subprocess.run(
        [MODEL_PYTHON, program, folder],
        cwd=PROJECT, env=os.environ | QUIET, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    return dict(json.loads(printed.splitlines()[-1]))


@pytest.mark.parametrize(
    "name", ["sequential.keras", "sequential.h5", "square.keras", "flat_logits.h5", "old.h5"]
)
def test_convert_gives_the_probabilities_of_keras(
    outcomes: dict[str, dict[str, Any]], name: str
) -> None:
    card = outcomes[name]["card"]
    classifier = Classifier(Path(outcomes[name]["onnx"]))
    for batch in (1, 5):
        probabilities = classifier.classify(np.zeros((batch, 28, 28), np.float32))
        assert probabilities.shape == (batch, 11)
        assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert (probabilities[:, 10] == 0).all()
    assert card["parity"]["inputs"] >= 1000
    assert card["parity"]["largest_difference"] <= 1e-5


def test_convert_keeps_the_probabilities_of_a_line(outcomes: dict[str, dict[str, Any]]) -> None:
    card = outcomes["line.keras"]["card"]
    assert card["labels"] == [*LINE_LABELS]
    assert card["parity"]["largest_difference"] <= 1e-5


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("large.keras", "input is (32, 32, 1)"),
        ("color.h5", "input is (28, 28, 3)"),
        ("letters.keras", "output is (26,)"),
        ("two_inputs.keras", "2 inputs"),
        ("text.keras", "Keras cannot open"),
        ("model.pt", "neither a .keras nor an .h5 file"),
        ("absent.keras", "does not exist"),
    ],
)
def test_convert_rejects_unsupported_model_with_reason(
    outcomes: dict[str, dict[str, Any]], name: str, reason: str
) -> None:
    assert reason in outcomes[name]["error"]


def test_server_reads_with_converted_model(
    outcomes: dict[str, dict[str, Any]], serve: Callable[..., ServerProcess]
) -> None:
    converted = outcomes["old.h5"]
    server = serve(model=converted["onnx"])
    answer = httpx.post(f"{server.url}/api/predictions", content=png("7"))
    assert answer.json()["entry"]["reading"]["model"] == converted["card"]["sha256"][:8]
    server.stop()


def test_command_reports_missing_model_and_exits_1(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, PROJECT / "scripts" / "convert.py", tmp_path / "absent.h5"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert finished.returncode == 1
    [message] = finished.stderr.splitlines()[-1:]
    assert message == f"convert.py: The file {tmp_path / 'absent.h5'} does not exist."
