"""Exports: one row for each number, and workbooks that leave nothing behind."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from openpyxl.worksheet import _writer as openpyxl_writer

from server.contract import Entry, Filter, Line
from server.errors import Unavailable
from server.history.entry import Draft
from server.services.exports import workbook as module
from server.services.exports.csv_lines import csv_rows
from server.services.exports.numbers import is_exact, rows_of
from server.services.exports.service import ExportService
from server.services.exports.workbook import NumberWorkbook
from server.services.history import HistoryService
from tests.unit.fakes import (
    GUEST,
    POOLS,
    UNLIMITED,
    FakeHistoryStore,
    FakePublisher,
    make_entry,
    make_reading,
)


def entry(predicted: str, corrected: str | None = None, confidence: float = 0.987) -> Entry:
    draft = Draft(UUID(int=1), "canvas", make_reading(predicted), b"", "0" * 64, replaces=True)
    made = make_entry(draft, GUEST.viewer)
    lines = tuple(Line(text, confidence) for text in predicted.split("\n"))
    reading = replace(made.reading, lines=lines)
    return replace(made, corrected=corrected, reading=reading)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("407", [("407", 1, 1)]),
        ("1 2\n3", [("1", 1, 1), ("2", 1, 2), ("3", 2, 1)]),
        ("1\t\t2\n\t3\t", [("1", 1, 1), ("2", 1, 3), ("3", 2, 2)]),
        ("1 2\t3", [("1", 1, 1), ("2", 1, 1), ("3", 1, 2)]),
        ("", []),
    ],
)
def test_rows_have_the_line_and_cell_of_each_number(
    text: str, places: list[tuple[str, int, int]]
) -> None:
    assert [(row.number, row.line, row.cell) for row in rows_of(entry(text))] == places


def test_rows_of_a_corrected_entry_have_what_was_read_there() -> None:
    rows = [*rows_of(entry("1\n27", "1\n21\n3"))]
    assert [(row.number, row.read_as, row.corrected, row.certainty) for row in rows] == [
        ("1", "1", "no", 0.98),
        ("21", "27", "yes", 0.98),
        ("3", "", "yes", None),
    ]


def test_certainty_is_never_one() -> None:
    assert [row.certainty for row in rows_of(entry("7", confidence=1.0))] == [0.99]


def test_numbers_of_many_digits_are_not_exact() -> None:
    assert is_exact("9" * 15)
    assert not is_exact("9" * 16)
    assert not is_exact("١٢")


def test_csv_doubles_quotes_within_a_text() -> None:
    assert b'"=""1"""" tape"""' in csv_rows([replace(entry("7"), list='1" tape')])


def test_csv_has_no_formula_where_fields_end_at_a_semicolon() -> None:
    line = csv_rows([replace(entry("7"), list="x; =cmd;y")])
    assert b'"x, =cmd;y"' in line


def test_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    workbook, file = NumberWorkbook(), io.BytesIO()
    workbook.append([entry("1\n2\n3")])
    workbook.save(file)
    sheets = [[row[0] for row in sheet.values] for sheet in load_workbook(file)]
    assert sheets == [["number", 1, 2], ["number", 3]]


def test_workbook_that_fails_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("The history cannot be reached.")

    store = FakeHistoryStore()
    monkeypatch.setattr(store, "list_in_order", fail)
    history = HistoryService(store, POOLS, FakePublisher(), UNLIMITED)  # type: ignore[arg-type]
    exports = ExportService(None, history, None, POOLS.exports)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        exports.xlsx(Filter(), GUEST)
    assert openpyxl_writer.ALL_TEMP_FILES == []
