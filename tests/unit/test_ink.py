"""Ink is found whatever the light."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.ink import extract_ink
from tests.pictures import draw

PAGE = np.asarray(draw("7", digit_px=300, pen_px=16).convert("L"))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_blank_paper_when_flat_then_no_ink(level: int) -> None:
    assert not extract_ink(np.full((50, 60), level, np.uint8)).any()


def test_blank_paper_when_noisy_then_no_ink() -> None:
    noise = np.random.default_rng(0).normal(200, 2, (200, 300))
    assert not extract_ink(noise.clip(0, 255).astype(np.uint8)).any()


def test_blank_paper_when_shaded_then_no_ink() -> None:
    shade = np.tile(np.linspace(90, 220, 400), (300, 1))
    assert not extract_ink(shade.astype(np.uint8)).any()


def test_page_when_shaded_then_only_the_writing_is_ink() -> None:
    shade = np.linspace(0.35, 1, PAGE.shape[1])
    noise = np.random.default_rng(0).normal(0, 2, PAGE.shape)
    photo = ((60 + PAGE * 0.7) * shade + noise).clip(0, 255).astype(np.uint8)
    ink, written = extract_ink(photo) > 127, PAGE < 127
    assert (ink & ~written).mean() < 0.005
    assert (ink & written).sum() > 0.8 * written.sum()


def test_mnist_picture_when_extracted_then_unchanged() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 10:18] = np.linspace(0, 255, 8, dtype=np.uint8)
    ink = extract_ink(picture)
    assert np.abs(ink.astype(int) - picture).max() <= 2
