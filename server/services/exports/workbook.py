"""An XLSX workbook of numbers (Office Open XML, ECMA-376)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from server.contract import Entry
from server.services.exports.numbers import NumberRow, is_exact, rows_of

MAX_ROWS = 1_048_576  # of a sheet, with its head
WIDTHS = {"number": 20, "list": 24, "written": 20, "read_as": 20, "id": 38}  # characters
WIDTH = 10
HEAD = Font(name="Calibri", size=11, bold=True)
TEXT, TIME, PERCENT = "@", "yyyy-mm-dd hh:mm:ss", "0%"
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # would be read as a character's number (ST_Xstring)


class NumberWorkbook:
    """A workbook that grows row by row in a temporary file, so that its size costs no memory."""

    def __init__(self) -> None:
        self._workbook = Workbook(write_only=True)
        self._workbook.properties.creator = "Live Digits"
        self._begin_sheet()

    def append(self, entries: Sequence[Entry]) -> None:
        """Append a row for each number of entries; a full sheet is followed by another."""
        for entry in entries:
            for row in rows_of(entry):
                if self._rows == MAX_ROWS:
                    self._begin_sheet()
                self._append(self._cells(row))

    def save(self, file: IO[bytes]) -> None:
        """Write the workbook and remove its temporary file."""
        self._workbook.save(file)

    def _begin_sheet(self) -> None:
        self._sheet = self._workbook.create_sheet("Numbers")
        self._sheet.freeze_panes = "A2"
        for index, name in enumerate(NumberRow._fields, 1):
            column = self._sheet.column_dimensions[get_column_letter(index)]
            column.width = WIDTHS.get(name, WIDTH)
        self._rows = 0
        self._append(self._head())

    def _append(self, cells: Iterable[Any]) -> None:
        self._sheet.append([*cells])
        self._rows += 1

    def _head(self) -> Iterator[Any]:
        for name in NumberRow._fields:
            cell = WriteOnlyCell(self._sheet, name)
            cell.font = HEAD
            yield cell

    def _cells(self, row: NumberRow) -> Iterator[Any]:
        yield self._number(row.number)
        yield self._text(row.list)
        yield row.line
        yield row.cell
        yield self._cell(datetime.fromisoformat(row.written).replace(tzinfo=None), TIME)
        yield row.source
        yield self._number(row.read_as)
        yield row.corrected
        yield self._cell(row.certainty, PERCENT)
        yield row.id

    def _number(self, text: str) -> Any:
        if not is_exact(text):
            return self._text(text)
        return self._cell(float(text), _format(text))

    def _text(self, text: str) -> Any:
        if not text:
            return None
        cell = self._cell(ESCAPE.sub("_x005F_", text), TEXT)
        cell.data_type = "s"  # even if it begins like a formula
        return cell

    def _cell(self, value: Any, number_format: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value)
        cell.number_format = number_format
        return cell


def _format(number: str) -> str:
    """Return the format that shows a number with as many decimals as it was written with."""
    _, point, decimals = number.partition(".")
    return "0" + point + "0" * len(decimals)
