"""Extraction of ink from screens, paper and photos."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.ink.extraction import extract_ink
from tests.pictures import draw

PAGE = np.asarray(draw("7", digit_px=300, pen_px=16).convert("L"))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_extract_ink_of_flat_paper_is_blank(level: int) -> None:
    assert not extract_ink(np.full((50, 60), level, np.uint8)).any()


def test_extract_ink_of_noisy_paper_is_blank() -> None:
    noise = np.random.default_rng(0).normal(200, 2, (200, 300))
    assert not extract_ink(noise.clip(0, 255).astype(np.uint8)).any()


def test_extract_ink_of_shaded_paper_is_blank() -> None:
    shade = np.tile(np.linspace(90, 220, 400), (300, 1))
    assert not extract_ink(shade.astype(np.uint8)).any()


def test_extract_ink_finds_only_writing_on_shaded_paper() -> None:
    shade = np.linspace(0.35, 1, PAGE.shape[1])
    noise = np.random.default_rng(0).normal(0, 2, PAGE.shape)
    photo = ((60 + PAGE * 0.7) * shade + noise).clip(0, 255).astype(np.uint8)
    ink, written = extract_ink(photo) > 127, PAGE < 127
    assert (ink & ~written).mean() < 0.005
    assert (ink & written).sum() > 0.8 * written.sum()


def test_extract_ink_keeps_mnist_picture() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 10:18] = np.linspace(0, 255, 8, dtype=np.uint8)
    ink = extract_ink(picture)
    assert np.abs(ink.astype(int) - picture).max() <= 2


def test_extract_ink_drops_printed_border() -> None:
    page = np.full((200, 200), 255, np.uint8)
    page[40:160, 40:160] = np.asarray(draw("7").convert("L"))
    framed = page.copy()
    framed[10:14, 10:190] = framed[186:190, 10:190] = 0
    framed[10:190, 10:14] = framed[10:190, 186:190] = 0
    assert (extract_ink(framed) == extract_ink(page)).mean() > 0.999


def photographed(page: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, 3, page.shape)
    return (40 + page * 0.7 + noise).clip(0, 255).astype(np.uint8)


def test_extract_ink_keeps_only_inside_of_cell() -> None:
    page = np.full((200, 200), 255, np.uint8)
    page[40:160, 40:160] = np.asarray(draw("7").convert("L"))
    framed = page.copy()
    for side in (framed, framed.T):
        side[24:28] = side[172:176] = 0
    framed[184:, 80:130] = 0
    ink, written = extract_ink(photographed(framed)) > 127, page < 127
    assert (ink & ~written).mean() < 0.01
    assert (ink & written).sum() > 0.8 * written.sum()


@pytest.mark.parametrize("turn", range(4))
def test_extract_ink_drops_sliver_of_border_at_edge(turn: int) -> None:
    page = np.full((120, 120), 255, np.uint8)
    page[10:110, 10:110] = np.asarray(draw("3").convert("L").resize((100, 100)))
    cut = page.copy()
    np.rot90(cut, turn)[:, 2:6] = 0
    ink, written = extract_ink(photographed(cut)) > 127, page < 127
    assert (ink & ~written).mean() < 0.01
    assert (ink & written).sum() > 0.8 * written.sum()


@pytest.mark.parametrize("text", ["7", "4", "2", "3"])
def test_extract_ink_keeps_digit_that_fills_photo(text: str) -> None:
    page = np.asarray(draw(text, pen_px=14).convert("L"))
    rows, columns = np.nonzero(page < 128)
    cut = page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    written = cut < 127
    assert ((extract_ink(photographed(cut)) > 127) & written).sum() > 0.8 * written.sum()


@pytest.mark.parametrize("rise", [-14, -12, 12, 14])
@pytest.mark.parametrize("top", [2, 4, 6])
def test_extract_ink_survives_line_that_leaves_photo(rise: int, top: int) -> None:
    page = np.full((200, 200), 255, np.uint8)
    page[60:180, 60:180] = np.asarray(draw("3").convert("L"))
    lined = page.copy()
    for x in range(200):
        y = round(top + rise * (x - 100) / 200)
        lined[max(y, 0) : max(y + 3, 0), x] = 0
    ink, written = extract_ink(photographed(lined)) > 127, page < 127
    assert (ink & written).sum() > 0.8 * written.sum()


def test_extract_ink_keeps_empty_square() -> None:
    page = np.full((200, 200), 255, np.uint8)
    page[20:180, 20:180] = 0
    page[26:174, 26:174] = 255
    assert extract_ink(page).any()


@pytest.mark.parametrize("text", ["1", "7", "101", "11", "4"])
def test_extract_ink_keeps_digits_without_margin(text: str) -> None:
    page = np.asarray(draw(text, pen_px=14).convert("L"))
    rows, columns = np.nonzero(page < 128)
    cut = page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert ((extract_ink(cut) > 127) == (cut < 128)).mean() > 0.98


def test_extract_ink_drops_ruled_lines() -> None:
    photo = (60 + PAGE * 0.7) * np.linspace(0.5, 1, PAGE.shape[1])
    ruled = photo.copy()
    for top in range(20, 300, 60):
        ruled[top : top + 3] *= 0.6
    noise = np.random.default_rng(0).normal(0, 2, PAGE.shape)
    ink = extract_ink((ruled + noise).clip(0, 255).astype(np.uint8)) > 127
    written = PAGE < 127
    assert (ink & ~written).mean() < 0.01
    assert (ink & written).sum() > 0.8 * written.sum()


@pytest.mark.parametrize("shape", [(1, 1), (4, 1), (1, 4), (1, 2048), (2048, 5)])
def test_extract_ink_of_narrow_picture_is_blank(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(256, size=shape, dtype=np.uint8)
    assert not extract_ink(noise).any()
