"""Reading by a person's examples: odd digits, alignment, and what is held back."""

from __future__ import annotations

import numpy as np
import pytest

from server.contract import Shown
from server.recognition.examples import Example, Memory
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.labels import LABEL_COUNT
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.settings import PROJECT

MODELS = PROJECT / "model"
SIZE, HEIGHT_PX = (320, 160), 100
WRITTEN, ENOUGH, MIN_RIGHT = 30, 3, 28

Points = list[tuple[float, float]]

ODD: dict[str, tuple[str, list[Points]]] = {
    "a tent": ("1", [[(0, 1), (0.45, 0), (0.9, 1)]]),
    "like an F": (
        "7",
        [[(0, 0), (0.6, 0)], [(0.05, 0), (0, 1)], [(0, 0.45), (0.5, 0.45)]],
    ),
    "like a 9": (
        "4",
        [[(0.55, 0.1), (0.3, 0), (0.05, 0.2), (0.1, 0.45), (0.4, 0.5), (0.55, 0.3),
          (0.55, 0.1), (0.52, 1)]],
    ),
}  # fmt: skip
TWO: list[Points] = [[(0, 0.2), (0.3, 0), (0.6, 0.2), (0.5, 0.5), (0, 1), (0.6, 1)]]
FIVE: list[Points] = [
    [(0.5, 0), (0.05, 0), (0, 0.45), (0.3, 0.4), (0.55, 0.65), (0.4, 0.95), (0, 0.95)]
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(
        Classifier(MODELS / "handwritten.onnx"), InkFinder(MODELS / "ink.onnx"), 40_000_000
    )


def write(digits: list[list[Points]], rng: np.random.Generator) -> Shown:
    """Write digits beside each other, each a little differently every time."""
    strokes = []
    for place, digit in enumerate(digits):
        bent = np.eye(2) + rng.normal(0, 0.06, (2, 2))
        for points in digit:
            moved = np.array(points) @ bent + rng.normal(0, 0.02, 2) + [0.2 + 0.9 * place, 0.2]
            strokes.append(tuple((moved * HEIGHT_PX).ravel().round(1).tolist()))
    return Shown(strokes=tuple(strokes), size=SIZE)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("is_alone", [True, False], ids=["alone", "in a number"])
def test_odd_digits_are_right_after_three_corrections(
    reader: Reader, name: str, is_alone: bool
) -> None:
    rng = np.random.default_rng(0)
    label, odd = ODD[name]
    digits, text = ([odd], label) if is_alone else ([TWO, odd, FIVE], f"2{label}5")
    corrected = [reader.align(write(digits, rng), text) for _ in range(ENOUGH)]
    personal = reader.knowing([example for examples in corrected for example in examples])
    written = [write(digits, rng) for _ in range(WRITTEN)]
    right = sum(getattr(read, "text", "") == text for read in personal.read_batch(written))
    print(f"{name}: {right} of {WRITTEN}")
    assert right >= MIN_RIGHT


def test_correction_is_aligned_to_its_digits(reader: Reader) -> None:
    shown = write([TWO, ODD["like a 9"][1], FIVE], np.random.default_rng(0))
    labels = [(example.label, example.read_as) for example in reader.align(shown, "245")]
    assert labels == [(2, 2), (4, 9), (5, 5)]


@pytest.mark.parametrize("text", ["24", "2455", "2\n45", "", "2?5x".replace("x", "5")])
def test_text_that_does_not_fit_the_ink_teaches_nothing(reader: Reader, text: str) -> None:
    shown = write([TWO, ODD["like a 9"][1], FIVE], np.random.default_rng(0))
    assert reader.align(shown, text) == []


def test_signs_teach_nothing(reader: Reader) -> None:
    dash: list[Points] = [[(0, 0.5), (0.6, 0.5)]]
    shown = write([TWO, dash, FIVE], np.random.default_rng(0))
    assert [example.label for example in reader.align(shown, "2-5")] == [2, 5]


def make_memory(*labels: int) -> Memory:
    """Return a memory of the same digit again and again, which the network takes for a 7."""
    probabilities = np.full((len(labels), LABEL_COUNT), 1e-3)
    probabilities[:, 7] = 0.99
    return Memory(labels, probabilities, np.ones((len(labels), 4), np.float32))


def test_example_that_would_spoil_another_is_held_back() -> None:
    assert make_memory(7, 1, 7).is_held_back.tolist() == [False, True, False]


def test_gains_are_one_without_likeness() -> None:
    far = np.array([[1, 0, 0, 0]], np.float32)
    gains = make_memory(7).gains(far)
    assert gains[0, 7] > 1
    assert set(np.delete(gains[0], 7)) == {1.0}


def test_reader_without_examples_is_not_changed(reader: Reader) -> None:
    shown = write([TWO, ODD["like a 9"][1], FIVE], np.random.default_rng(0))
    before = reader.read_batch([shown])[0]
    reader.knowing([Example(np.zeros((28, 28), np.uint8), 4, 10)])
    after = reader.read_batch([shown])[0]
    assert getattr(before, "digits", 0) == getattr(after, "digits", 1)
