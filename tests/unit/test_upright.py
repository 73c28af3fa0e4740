"""Pages turned upright."""

from __future__ import annotations

import numpy as np
import pytest

from server.recognition.ink.page import InkPage
from server.recognition.ink.pieces import Box
from server.recognition.labels import LABEL_COUNT
from server.recognition.reading.symbols import InkReading, Symbol
from server.recognition.upright import read_upright

PAGE = InkPage(np.zeros((20, 30), np.uint8), size=(60, 40), scale=2)
BOX = Box(1, 2, 8, 14)


def read_with(confidences: list[float]) -> object:
    """Return a reader of one symbol whose confidence depends on how the page is turned."""

    def read(page: InkPage) -> list[InkReading]:
        row = np.full(LABEL_COUNT, 0.0)
        row[7] = confidences[page.turns]
        return [InkReading([Symbol(BOX, page.ink, row, 7)], row[7])]

    return read


@pytest.mark.parametrize(
    ("confidences", "turns"),
    [
        pytest.param([0.3, 0.4, 0.9, 0.5], 2, id="clearly better upside down"),
        pytest.param([0.8, 0.7, 0.99, 0.5], 0, id="not clearly better"),
        pytest.param([0.9, 1.0, 1.0, 1.0], 0, id="legible as it lies"),
    ],
)
def test_read_upright_turns_only_what_gains(confidences: list[float], turns: int) -> None:
    assert read_upright(PAGE, read_with(confidences)).page.turns == turns  # type: ignore[arg-type]


def test_read_upright_of_blank_page_is_blank() -> None:
    assert read_upright(PAGE, lambda _: []).symbols == []


@pytest.mark.parametrize("turns", range(4))
def test_turned_page_places_a_box_on_the_picture(turns: int) -> None:
    ink = np.zeros((20, 30), np.uint8)
    ink[BOX.top : BOX.bottom, BOX.left : BOX.right] = 255
    turned = InkPage(ink, size=(60, 40), scale=2).turn(turns)
    rows, columns = np.nonzero(turned.ink)
    found = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert turned.place(found) == (2, 4, 14, 24)
