"""Training examples of lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.line_examples import choose_number, load_line_sources, make_lines
from model.line_signs import SIGN_PLACES, choose_signs, draw_sign, place_sign
from server.recognition.labels import BLANK_LABEL, LINE_LABELS, SIGNS
from server.recognition.reading.line_network import LINE_HEIGHT_PX

LINES = 180
MARK = [np.linspace((0, 0), (1, 3), 101).astype(np.float32)]  # a stroke of more points than others


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


def test_writers_write_their_own_signs() -> None:
    sources = load_line_sources("validation")
    own = next(hand for hand in sources.hands if "/" in hand.signs)
    marked = replace(own, signs={sign: [MARK] for sign in SIGNS})
    alone = replace(sources, hands=[marked])
    rng = np.random.default_rng(0)
    items = [item for _ in range(300) for item in choose_number(alone, rng) if item.is_small]
    assert sum(len(item.drawing[0]) == len(MARK[0]) for item in items) > len(items) / 3


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
