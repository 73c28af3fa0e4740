"""Lines that are found on composed pages of every layout."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from model.evaluation_sets import SEED, group_by_writer
from model.line_accuracy import find_lines
from model.page_layouts import LAYOUTS, TABLES
from model.pages import LabeledDrawing, Page, compose_page
from model.table_pages import compose_table

PAGES, MIN_FOUND = 25, 23
COMPOSERS = {layout.name: partial(compose_page, layout) for layout in LAYOUTS}
COMPOSERS["table"] = partial(compose_table, TABLES)


@pytest.fixture(scope="module")
def writers() -> list[list[LabeledDrawing]]:
    return group_by_writer("validation")


@pytest.mark.parametrize("compose", COMPOSERS.values(), ids=COMPOSERS)
def test_lines_of_a_layout_are_found(
    compose: Callable[..., Page], writers: list[list[LabeledDrawing]]
) -> None:
    rng = np.random.default_rng(SEED)
    pages = [compose(writers[int(rng.integers(len(writers)))], rng) for _ in range(PAGES)]
    assert sum(find_lines(page) == page.lines for page in pages) >= MIN_FOUND
