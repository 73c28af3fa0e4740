"""Ink of drawings and of photos."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from server.recognition.arrays import Color, Gray, Ink
from server.recognition.ink.drawing import extract_drawn_ink, is_drawing
from server.recognition.ink.ink_finder import InkFinder, Window
from server.recognition.ink.page import InkPage
from tests.conftest import PROJECT
from tests.pictures import draw


def drawn(text: str, **options: float) -> Gray:
    return np.asarray(draw(text, **options).convert("L"))


PAGE = drawn("7", digit_px=300, pen_px=16)
SHADED = np.tile(np.linspace(120, 220, 80).astype(np.uint8), (80, 1))
TRANSPARENT_MARGIN = np.pad(SHADED, 10)


def cut(page: Gray) -> Gray:
    """Cut a page to its ink, without a margin."""
    rows, columns = np.nonzero(page < 128)
    return page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("level", [0, 128, 255])
def test_drawn_ink_of_flat_paper_is_blank(level: int) -> None:
    assert not extract_drawn_ink(np.full((50, 60), level, np.uint8)).any()


def test_drawn_ink_keeps_mnist_picture() -> None:
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 10:18] = np.linspace(0, 255, 8, dtype=np.uint8)
    assert is_drawing(picture)
    assert np.abs(extract_drawn_ink(picture).astype(int) - picture).max() <= 2


@pytest.mark.parametrize("text", ["7", "101", "11", "4"])
def test_drawn_ink_keeps_digits_without_margin(text: str) -> None:
    page = cut(drawn(text, pen_px=14))
    assert ((extract_drawn_ink(page) > 127) == (page < 128)).mean() > 0.98


@pytest.mark.parametrize("shape", [(1, 1), (4, 1), (1, 4), (1, 2048), (2048, 5)])
def test_drawn_ink_of_narrow_picture_is_blank(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(256, size=shape, dtype=np.uint8)
    assert not extract_drawn_ink(noise).any()


@pytest.mark.parametrize("width", [8, 16, 30])
def test_thick_stroke_with_little_paper_is_a_drawing(width: int) -> None:
    margin = round(0.1 * (width * 140) ** 0.5)
    assert is_drawing(np.pad(np.zeros((140, width), np.uint8), margin, constant_values=255))


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(PAGE // 2 + np.arange(PAGE.shape[1], dtype=np.uint8) // 4, id="shade"),
        pytest.param(cv2.copyMakeBorder(PAGE, 9, 9, 9, 9, 0, None, 0)[4:-4, 4:-4], id="frame"),
        pytest.param(TRANSPARENT_MARGIN, id="photo with a flat margin"),
    ],
)
def test_photo_is_not_taken_for_a_drawing(picture: Gray) -> None:
    assert not is_drawing(picture)


@pytest.fixture(scope="module")
def finder() -> InkFinder:
    return InkFinder(PROJECT / "model" / "ink.onnx")


def photograph(page: Gray, low: int = 50, high: int = 210, noise: float = 3) -> Color:
    """Return a color photo of a page, lit from the left."""
    light = np.linspace(1, 0.6, page.shape[1])
    levels = (low + page / 255 * (high - low)) * light
    levels += np.random.default_rng(0).normal(0, noise, page.shape)
    gray = levels.clip(0, 255).astype(np.uint8)
    return np.repeat(gray[..., None], 3, axis=2)


def find(finder: InkFinder, picture: Color) -> Ink:
    """Return the ink that is found, at its place on the whole picture."""
    page = finder.find(picture)
    height, width = page.ink.shape
    size = (round(width * page.scale), round(height * page.scale))
    placed = np.zeros(picture.shape[:2], np.uint8)
    top, left = round(page.top), round(page.left)
    part = cv2.resize(page.ink, size)[: placed.shape[0] - top, : placed.shape[1] - left]
    placed[top : top + part.shape[0], left : left + part.shape[1]] = part
    return placed


def assert_only_writing(ink: Ink, page: Gray) -> None:
    found, written = ink > 127, page < 127
    near = cv2.dilate(written.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert (found & ~near).mean() < 0.002
    assert (found & written).sum() > 0.75 * written.sum()


def on_sheet(text: str = "72") -> Gray:
    sheet = np.full((300, 400), 255, np.uint8)
    digits = drawn(text, digit_px=60, pen_px=5)
    sheet[100 : 100 + digits.shape[0], 120 : 120 + digits.shape[1]] = digits
    return sheet


@pytest.mark.parametrize("noise", [1, 3, 8])
def test_finder_finds_only_writing_on_shaded_paper(finder: InkFinder, noise: float) -> None:
    assert_only_writing(find(finder, photograph(on_sheet(), noise=noise)), on_sheet())


@pytest.mark.parametrize("inverted", [False, True])
def test_finder_finds_either_polarity(finder: InkFinder, inverted: bool) -> None:
    picture = photograph(on_sheet())
    assert_only_writing(find(finder, 255 - picture if inverted else picture), on_sheet())


@pytest.mark.parametrize("pitch", [24, 40])
def test_finder_drops_printed_rules_and_squares(finder: InkFinder, pitch: int) -> None:
    picture = photograph(on_sheet())
    picture[pitch // 2 :: pitch, :] = picture[pitch // 2 :: pitch, :] * 0.75
    assert_only_writing(find(finder, picture), on_sheet())
    picture[:, pitch // 2 :: pitch] = picture[:, pitch // 2 :: pitch] * 0.75
    assert_only_writing(find(finder, picture), on_sheet())


@pytest.mark.parametrize("turn", range(4))
def test_finder_drops_the_desk_at_an_edge(finder: InkFinder, turn: int) -> None:
    picture = photograph(on_sheet())
    np.rot90(picture, turn)[:, :25] = (40, 30, 25)
    assert_only_writing(find(finder, picture), on_sheet())


def test_finder_drops_printed_boxes(finder: InkFinder) -> None:
    page = np.full((160, 320), 255, np.uint8)
    for left in (20, 110, 200):
        digit = drawn("7", digit_px=60, pen_px=5)
        page[40 : 40 + digit.shape[0], left + 5 : left + 5 + digit.shape[1]] = digit
    boxed = page.copy()
    for left in (15, 105, 195):
        cv2.rectangle(boxed, (left, 20), (left + 88, 140), 0, 2)
    assert_only_writing(find(finder, photograph(boxed)), page)


@pytest.mark.parametrize("size_px", [30, 120, 900])
def test_finder_finds_writing_of_any_size(finder: InkFinder, size_px: int) -> None:
    page = np.full((1200, 1600), 255, np.uint8)
    digits = drawn("7", digit_px=size_px, pen_px=max(3, size_px // 12))
    page[60 : 60 + digits.shape[0], 80 : 80 + digits.shape[1]] = digits
    assert_only_writing(find(finder, photograph(page)), page)


@pytest.mark.parametrize("noise", [1, 4])
def test_finder_finds_nothing_on_blank_paper(finder: InkFinder, noise: float) -> None:
    assert not (
        find(finder, photograph(np.full((300, 400), 255, np.uint8), noise=noise)) > 127
    ).any()


def test_finder_enlarges_a_small_picture(finder: InkFinder) -> None:
    page = finder.find(photograph(drawn("7", digit_px=24, pen_px=2)))
    assert page.scale < 1


class NearsightedFinder(InkFinder):
    """A finder that sees nothing when it looks closely, at a part of the picture."""

    def __init__(self) -> None:
        """Open no model."""

    def _look(self, picture: Color, window: Window, scale: float) -> InkPage:
        height, width = picture.shape[:2]
        ink = np.zeros((round(height * scale), round(width * scale)), np.uint8)
        if window == Window(0, 0, width, height):
            ink[10:40, 20:30] = 255
        return InkPage(ink, (width, height), 1 / scale, window.left, window.top)


def test_ink_that_is_lost_from_near_stays_as_seen_from_far_away() -> None:
    page = NearsightedFinder().find(np.zeros((400, 600, 3), np.uint8))
    assert page.ink.any()


def test_finder_finds_nothing_in_print(finder: InkFinder) -> None:
    page = np.full((500, 700), 255, np.uint8)
    for row, line in enumerate(("Please fill in the form", "Name and address", "Office use only")):
        cv2.putText(page, line, (60, 120 + 120 * row), cv2.FONT_HERSHEY_DUPLEX, 1.2, 60, 2)
    assert not finder.find(photograph(page)).ink.any()


class ForgetfulNetwork:
    """A network that takes dark pixels for ink, but sees only the left part of a close look."""

    def __init__(self, share_seen_closely: float) -> None:
        self._seen, self._looks = share_seen_closely, 0

    def run(self, pictures: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        self._looks += 1
        ink = np.asarray(pictures.mean(axis=3) < 0.5, dtype=np.float32)
        if self._looks > 2:  # after those from far away and from near
            ink[..., round(ink.shape[2] * self._seen) :] = 0
        return ink


@pytest.mark.parametrize(("share_seen_closely", "is_certain"), [(1, True), (0.6, False)])
def test_digit_lost_by_the_closer_look_lowers_the_certainty(
    monkeypatch: pytest.MonkeyPatch, share_seen_closely: float, is_certain: bool
) -> None:
    finder = InkFinder(PROJECT / "model" / "ink.onnx")
    monkeypatch.setattr(finder, "_model", ForgetfulNetwork(share_seen_closely))
    page = finder.find(np.repeat(on_sheet("7777")[..., None], 3, axis=2))
    assert (page.certainty > 0.9) == is_certain


class HesitantNetwork:
    """A network that takes dark pixels for ink, but first sees only the left part."""

    def __init__(self, share_seen_first: float) -> None:
        self._seen, self._looks = share_seen_first, 0

    def run(self, pictures: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        self._looks += 1
        ink = np.asarray(pictures.mean(axis=3) < 0.5, dtype=np.float32)
        if self._looks <= 2:  # from far away and from near
            ink[..., round(ink.shape[2] * self._seen) :] = 0
        return ink


def test_finder_follows_the_writing_beyond_what_it_saw_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finder = InkFinder(PROJECT / "model" / "ink.onnx")
    monkeypatch.setattr(finder, "_model", HesitantNetwork(share_seen_first=0.3))
    sheet = np.pad(drawn("7777777"), 90, constant_values=255)
    page = finder.find(np.repeat(sheet[..., None], 3, axis=2))
    columns = np.flatnonzero((page.ink > 127).any(axis=0)) * page.scale + page.left
    inked = np.flatnonzero((sheet < 128).any(axis=0))
    assert [columns.min(), columns.max()] == pytest.approx([inked.min(), inked.max()], abs=4)
