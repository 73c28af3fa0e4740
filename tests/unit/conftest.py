"""What several unit tests share: the reader with the served models, a clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from tests.unit.fakes import Clock

MODELS = Path(__file__).parents[2] / "model"


@pytest.fixture(scope="session")
def reader() -> Reader:
    classifier = Classifier(MODELS / "handwritten.onnx")
    return Reader(classifier, InkFinder(MODELS / "ink.onnx"), 40_000_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()
