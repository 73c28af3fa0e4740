"""Training examples of lines."""

from __future__ import annotations

import numpy as np
import pytest

from model.line_examples import LineMix, load_line_sources, make_line_epoch
from model.line_signs import SIGN_PLACES, choose_signs, draw_sign, place_sign
from server.recognition.labels import BLANK_LABEL, LINE_LABELS, SIGNS
from server.recognition.reading.line_network import LINE_HEIGHT_PX

MIX = LineMix(drawn_numbers=150, pasted_numbers=20, single_images=5, others=5, augmented_share=0.5)


def test_lines_have_their_texts() -> None:
    images, texts = make_line_epoch(load_line_sources("validation"), MIX, seed=1)
    assert len(images) == len(texts) == 180
    assert {image.shape[0] for image in images} == {LINE_HEIGHT_PX}
    assert min(int(image.max()) for image in images) > 0
    labels = {label for text in texts for label in text}
    assert BLANK_LABEL not in labels
    assert labels >= {*range(10)}
    assert any(LINE_LABELS[label] in SIGNS for label in labels)


def test_epochs_are_reproducible() -> None:
    sources = load_line_sources("validation")
    first, again = (make_line_epoch(sources, MIX, seed=2) for _ in range(2))
    assert first[1] == again[1]
    assert all(np.array_equal(a, b) for a, b in zip(first[0], again[0], strict=True))


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
