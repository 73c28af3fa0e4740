"""Training examples of lines."""

from __future__ import annotations

import numpy as np
import pytest

from model.line_examples import load_line_sources, make_lines
from model.line_signs import SIGN_PLACES, choose_signs, draw_sign, place_sign
from server.recognition.labels import BLANK_LABEL, LINE_LABELS, SIGNS
from server.recognition.reading.line_network import LINE_HEIGHT_PX

LINES = 180


def test_lines_have_their_texts() -> None:
    lines = make_lines(load_line_sources("validation"), LINES, seed=1)
    assert len(lines) == LINES
    assert {image.shape[0] for image, _ in lines} == {LINE_HEIGHT_PX}
    assert min(int(image.max()) for image, _ in lines) > 0
    labels = {label for _, text in lines for label in text}
    assert BLANK_LABEL not in labels
    assert labels >= {*range(11)}
    assert any(LINE_LABELS[label] in SIGNS for label in labels)


def test_lines_of_a_seed_are_always_the_same() -> None:
    sources = load_line_sources("validation")
    first, again = (make_lines(sources, LINES, seed=2) for _ in range(2))
    for (image, text), (image_again, text_again) in zip(first, again, strict=True):
        assert text == text_again
        assert np.array_equal(image, image_again)


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_signs_stand_inside_or_beside_the_digits(count: int) -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        text = ["8"] * count
        for sign, place in choose_signs(count, rng):
            assert 0 <= place <= len(text)
            text.insert(place, sign)
        assert text.count("8") == count


@pytest.mark.parametrize("sign", SIGN_PLACES)
def test_signs_are_as_large_as_people_write_them(sign: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        placed = place_sign(sign, draw_sign(sign, [], rng), 12, rng)
        width, height = np.ptp(np.concatenate(placed.drawing), axis=0)
        assert max(width, height) < 1.5
        assert (sign == "-") == (width > 2 * height) or sign != "-"
