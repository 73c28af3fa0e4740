"""Second opinions on doubtful ink, and lines that are one digit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from server.recognition.arrays import Normalized, Probabilities
from server.recognition.ink.pieces import Box
from server.recognition.labels import BLANK_LABEL, NO_DIGIT_LABEL, TOUCHING_LABEL_COUNT
from server.recognition.reading.lines import MAX_SECOND_OPINIONS, read_lines
from server.recognition.reading.segmentation import segment
from server.recognition.reading.symbols import InkReading
from server.recognition.reading.touching import TouchingReading

HEIGHT, GAP = 40, 20


@dataclass
class FakeClassifier:
    """Networks with fixed answers: `singles` in turn, and `touching` for any touching digits."""

    singles: list[tuple[int, float]]
    touching: tuple[int, ...] = ()
    sure: float = 0.97
    reads_touching: bool = True
    asked: list[Normalized] = field(default_factory=list)

    def classify(self, batch: Probabilities) -> Probabilities:
        assert len(batch) == len(self.singles)
        return np.stack([row(label, probability) for label, probability in self.singles])

    def read_touching(self, pictures: Sequence[Normalized]) -> list[TouchingReading]:
        self.asked += pictures
        return [TouchingReading(columns(self.touching, self.sure)) for _ in pictures]


def row(label: int, probability: float, size: int = TOUCHING_LABEL_COUNT - 1) -> Probabilities:
    probabilities = np.full(size, (1 - probability) / (size - 1))
    probabilities[label] = probability
    return probabilities


def columns(labels: Sequence[int], sure: float) -> Probabilities:
    path = [BLANK_LABEL, *(place for label in labels for place in (label, BLANK_LABEL))]
    return np.stack([row(label, sure, TOUCHING_LABEL_COUNT) for label in path])


def bars(*widths: int, gap: int = GAP) -> np.ndarray:
    """Return ink of bars of these widths, side by side."""
    ink = np.zeros((HEIGHT + 20, sum(widths) + gap * len(widths) + 20), np.uint8)
    left = 10
    for width in widths:
        ink[10 : 10 + HEIGHT, left : left + width] = 255
        left += width + gap
    return ink


def read(ink: np.ndarray, classifier: FakeClassifier) -> list[InkReading]:
    [page] = read_lines([segment(ink)], classifier)  # type: ignore[arg-type]
    return page


def labels(line: InkReading) -> list[int]:
    return [symbol.label for symbol in line.symbols]


def test_sure_ink_gets_no_second_opinion() -> None:
    classifier = FakeClassifier([(4, 0.99), (2, 0.98)])
    [line] = read(bars(20, 20), classifier)
    assert labels(line) == [4, 2]
    assert classifier.asked == []


def test_touching_digits_each_get_their_part_of_the_ink() -> None:
    [line] = read(bars(50), FakeClassifier([(NO_DIGIT_LABEL, 0.9)], touching=(3, 8)))
    assert labels(line) == [3, 8]
    assert [symbol.box for symbol in line.symbols] == [Box(10, 10, 35, 50), Box(35, 10, 60, 50)]
    assert [symbol.ink.shape for symbol in line.symbols] == [(40, 25), (40, 25)]
    assert line.confidence > 0.8


def test_agreement_raises_confidence() -> None:
    [line] = read(bars(20), FakeClassifier([(7, 0.8)], touching=(7,)))
    assert labels(line) == [7]
    assert line.confidence > 0.9


def test_disagreement_lowers_confidence() -> None:
    [line] = read(bars(20), FakeClassifier([(7, 0.8)], touching=(1,)))
    assert line.confidence < 0.9


def test_blank_second_opinion_leaves_the_first() -> None:
    [line] = read(bars(20), FakeClassifier([(7, 0.8)], touching=()))
    assert labels(line) == [7]


def test_close_doubtful_neighbors_are_read_together() -> None:
    singles = [(NO_DIGIT_LABEL, 0.6), (NO_DIGIT_LABEL, 0.5), (NO_DIGIT_LABEL, 0.6)]
    classifier = FakeClassifier(singles, touching=(1, 0, 6))
    [line] = read(bars(20, 20, gap=2), classifier)
    assert labels(line) == [1, 0, 6]
    assert len(classifier.asked) == 1


@pytest.mark.parametrize("reads_touching", [True, False])
def test_second_opinion_needs_model_for_touching_digits(reads_touching: bool) -> None:
    classifier = FakeClassifier([(NO_DIGIT_LABEL, 0.6)], (1, 0), reads_touching=reads_touching)
    [line] = read(bars(50), classifier)
    assert labels(line) == ([1, 0] if reads_touching else [NO_DIGIT_LABEL])


def test_page_of_only_doubtful_ink_gets_no_second_opinion() -> None:
    count = MAX_SECOND_OPINIONS + 1
    classifier = FakeClassifier([(NO_DIGIT_LABEL, 0.9)] * count, touching=(1, 0))
    [line] = read(bars(*[20] * count, gap=40), classifier)
    assert labels(line) == [NO_DIGIT_LABEL] * count
    assert classifier.asked == []


def rings() -> np.ndarray:
    """Return ink of two squares, one above the other, which may be an 8."""
    ink = np.zeros((120, 60), np.uint8)
    for top in (10, 62):
        ink[top : top + 46, 8:50] = 255
        ink[top + 6 : top + 40, 14:44] = 0
    return ink


@pytest.mark.parametrize(
    ("upper", "lower", "whole", "texts"),
    [
        pytest.param((0, 0.99), (0, 0.99), (8, 0.9), [[8]], id="an 8 of two rings"),
        pytest.param((0, 0.99), (0, 0.99), (8, 0.4), [[0], [0]], id="hardly an 8"),
        pytest.param((5, 0.99), (3, 0.99), (8, 0.9), [[5], [3]], id="two digits that read well"),
        pytest.param((7, 0.6), (3, 0.99), (3, 0.9), [[3]], id="a 3 with a 7, perhaps, above"),
        pytest.param((10, 0.99), (5, 0.99), (5, 0.9), [[5]], id="a 5 with its bar"),
    ],
)
def test_stacked_lines_become_one_digit(
    upper: tuple[int, float],
    lower: tuple[int, float],
    whole: tuple[int, float],
    texts: list[list[int]],
) -> None:
    page = read(rings(), FakeClassifier([upper, lower, whole], reads_touching=False))
    assert [labels(line) for line in page] == texts


def test_blank_second_opinion_leaves_neighbors_as_found() -> None:
    singles = [(7, 0.6), (NO_DIGIT_LABEL, 0.5), (1, 0.6)]
    [line] = read(bars(20, 20, gap=2), FakeClassifier(singles, touching=()))
    assert labels(line) == [7, 1]
    assert line.confidence < 0.1
