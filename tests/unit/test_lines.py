"""Lines as two networks read them, and lines that are one digit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from server.recognition.arrays import Probabilities
from server.recognition.ink.strokes import draw_strokes
from server.recognition.labels import BLANK_LABEL, LABEL_COUNT, LINE_LABELS, NO_DIGIT_LABEL
from server.recognition.reading.line_network import LinePicture, LineReading
from server.recognition.reading.lines import MAX_DOUBTFUL, read_lines
from server.recognition.reading.segmentation import segment
from server.recognition.reading.symbols import InkReading

HEIGHT, GAP = 40, 20
MINUS, SLASH = map(LINE_LABELS.index, "-/")


@dataclass
class FakeClassifier:
    """Networks with fixed answers: `singles` in turn, and `line` for any line."""

    singles: list[tuple[int, float]]
    line: tuple[int, ...] = ()
    sure: float = 0.97
    reads_lines: bool = True
    asked: list[LinePicture] = field(default_factory=list)

    def classify_with_gains(self, batch: Probabilities) -> tuple[Probabilities, None]:
        assert len(batch) == len(self.singles)
        return np.stack([row(label, probability) for label, probability in self.singles]), None

    def read_line(self, picture: LinePicture) -> LineReading:
        self.asked.append(picture)
        found = columns(self.line, self.sure)
        places = np.linspace(0, picture.places[-1], len(found)).astype(np.intp)
        return LineReading(found, places)


def row(label: int, probability: float, size: int = LABEL_COUNT) -> Probabilities:
    probabilities = np.full(size, (1 - probability) / (size - 1))
    probabilities[label] = probability
    return probabilities


def columns(labels: Sequence[int], sure: float) -> Probabilities:
    path = [BLANK_LABEL, *(place for label in labels for place in (label, BLANK_LABEL))]
    return np.stack([row(label, sure, len(LINE_LABELS)) for label in path])


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


def test_sure_digit_is_not_read_as_a_line() -> None:
    classifier = FakeClassifier([(4, 0.99)], line=(7,))
    [line] = read(bars(20), classifier)
    assert labels(line) == [4]
    assert classifier.asked == []


@pytest.mark.parametrize("height", [2, 30])
def test_only_a_stroke_that_is_high_enough_is_read_as_a_line(height: int) -> None:
    classifier = FakeClassifier([(NO_DIGIT_LABEL, 0.99)], line=(3, 8))
    stroke = draw_strokes([(5, 5, 105, 5 + height)], (110, 40))
    [[line]] = read_lines([segment(stroke.ink, stroke.layers)], classifier)  # type: ignore[arg-type]
    assert labels(line) == ([NO_DIGIT_LABEL] if height == 2 else [3, 8])


def test_touching_digits_each_get_their_part_of_the_ink() -> None:
    [line] = read(bars(50), FakeClassifier([(NO_DIGIT_LABEL, 0.9)], line=(3, 8)))
    assert labels(line) == [3, 8]
    left, right = (symbol.box for symbol in line.symbols)
    assert (left.left, left.right, right.right) == (10, right.left, 60)
    assert left.width == pytest.approx(25, abs=2)
    assert [symbol.ink.shape[1] for symbol in line.symbols] == [left.width, right.width]
    assert line.confidence > 0.8


def test_agreement_raises_confidence() -> None:
    [line] = read(bars(20), FakeClassifier([(7, 0.8)], line=(7,)))
    assert labels(line) == [7]
    assert line.confidence > 0.9


def test_disagreement_lowers_confidence() -> None:
    [line] = read(bars(20), FakeClassifier([(7, 0.8)], line=(1,)))
    assert line.confidence < 0.9


def test_blank_line_leaves_what_the_candidates_say() -> None:
    [line] = read(bars(20), FakeClassifier([(7, 0.8)], line=()))
    assert labels(line) == [7]


def test_line_corrects_a_doubtful_digit_among_sure_ones() -> None:
    singles = [(4, 0.99), (1, 0.55), (2, 0.99)]
    doubtful = FakeClassifier(singles, line=(4, 7, 2), sure=0.99)
    [line] = read(bars(20, 20, 20), doubtful)
    assert labels(line) == [4, 7, 2]
    assert len(doubtful.asked) == 1


def number_with_minus() -> np.ndarray:
    ink = bars(20, 20, gap=12)
    ink[10:24, 10:30] = ink[34:50, 10:30] = 0
    return ink


SURE_OF_DIGIT_ALONE = [(NO_DIGIT_LABEL, 0.6), (4, 0.999), (4, 0.999)]  # of the two and both


def test_minus_is_read_although_the_digit_is_sure() -> None:
    [line] = read(number_with_minus(), FakeClassifier(SURE_OF_DIGIT_ALONE, line=(MINUS, 4)))
    assert labels(line) == [MINUS, 4]
    minus, digit = (symbol.box for symbol in line.symbols)
    assert minus.right < digit.left
    assert line.symbols[0].confidence > 0.5


def test_minus_that_the_line_network_does_not_see_is_a_part_of_the_digit() -> None:
    [line] = read(number_with_minus(), FakeClassifier(SURE_OF_DIGIT_ALONE, line=(4,)))
    assert labels(line) == [4]


def test_sign_of_the_line_corrects_the_digits_of_the_candidates() -> None:
    [line] = read(number_with_minus(), FakeClassifier(SURE_OF_DIGIT_ALONE, line=(MINUS, 9)))
    assert labels(line) == [MINUS, 4]


def test_slanted_one_inside_a_number_may_be_a_slash() -> None:
    singles = [(4, 0.999), (1, 0.999), (4, 0.999)]
    [line] = read(bars(20, 20, 20), FakeClassifier(singles, line=(4, SLASH, 4), sure=0.99))
    assert labels(line) == [4, SLASH, 4]


def test_sign_without_digits_is_no_digit() -> None:
    [line] = read(bars(50), FakeClassifier([(NO_DIGIT_LABEL, 0.9)], line=(MINUS,)))
    assert labels(line) == [NO_DIGIT_LABEL]


@pytest.mark.parametrize("reads_lines", [True, False])
def test_touching_digits_need_the_model_for_lines(reads_lines: bool) -> None:
    classifier = FakeClassifier([(NO_DIGIT_LABEL, 0.9)], (1, 0), reads_lines=reads_lines)
    [line] = read(bars(50), classifier)
    assert labels(line) == ([1, 0] if reads_lines else [NO_DIGIT_LABEL])


def test_wide_line_is_read_in_parts() -> None:
    classifier = FakeClassifier([(5, 0.9)] * 30, line=())
    [line] = read(bars(*[30] * 30), classifier)
    assert labels(line) == [5] * 30
    assert len(classifier.asked) > 1


def test_page_of_only_doubtful_ink_is_read_by_its_candidates() -> None:
    count = MAX_DOUBTFUL + 1
    ink = np.concatenate([bars(20)] * count)
    classifier = FakeClassifier([(NO_DIGIT_LABEL, 0.9)] * count, line=(1, 0))
    assert [labels(line) for line in read(ink, classifier)] == [[NO_DIGIT_LABEL]] * count
    assert classifier.asked == []


def rings(gap_px: int = 6) -> np.ndarray:
    """Return ink of two squares 46 px high, one above the other, which may be an 8."""
    ink = np.zeros((120, 60), np.uint8)
    for top in (10, 56 + gap_px):
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
    page = read(rings(), FakeClassifier([upper, lower, whole], reads_lines=False))
    assert [labels(line) for line in page] == texts


@pytest.mark.parametrize(("gap_px", "texts"), [(2, [[3]]), (6, [[7], [2]])])
def test_digits_that_are_hardly_apart_are_one_digit(gap_px: int, texts: list[list[int]]) -> None:
    singles = [(7, 0.99), (2, 0.99), (3, 0.9)]
    page = read(rings(gap_px), FakeClassifier(singles, reads_lines=False))
    assert [labels(line) for line in page] == texts


def test_text_that_no_path_can_read_is_not_considered() -> None:
    singles = [(4, 0.6), (1, 0.6), (2, 0.6)]
    [line] = read(bars(20, 20, 20), FakeClassifier(singles, line=(7,), sure=0.999))
    assert labels(line) == [4, 1, 2]
