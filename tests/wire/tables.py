"""Tables of numbers, read as a spreadsheet shows them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell

FORMULA = re.compile(r'="(.*)"')
EXACT = ["407", "0", "12.50", "-12.5", "0.001", "123456789012345", "-98765432109876.5"]
OTHERS = [
    "0171", "00", "-0", "-0.0", "1234567890123456", "1234567890123456789", "12345678901234.56",
    "+4", "5?", "?", "5%", "24/12", "7:45", "3,50", "1.234.5", "5.", ".5", "-", "2026-01-31",
    "-5+3", "1-2", "9" * 400,
]  # fmt: skip
LISTS = [
    "Bench 3", "Bench", "true", "2026", "=1+1", "+1", "-A1", "@SUM(1)", "1/2", "1E5", "a,b", 'a"b',
    '1" tape', "'0171", "_x0041_", "<&>", "東京 ＋",
]  # fmt: skip

Table = list[dict[str, str]]


def read_csv(content: bytes) -> Table:
    """Return the rows of a CSV file, as a spreadsheet shows them."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: _evaluate(text) for name, text in row.items()} for row in rows]


def read_xlsx(content: bytes) -> Table:
    """Return the rows of a workbook of one sheet, as a spreadsheet shows them."""
    head, *rows = load_workbook(io.BytesIO(content)).active.iter_rows()
    names = [cell.value for cell in head]
    return [dict(zip(names, map(_show, row), strict=True)) for row in rows]


def _evaluate(text: str) -> str:
    formula = FORMULA.fullmatch(text)
    return formula[1].replace('""', '"') if formula else text


def _show(cell: Cell) -> str:
    assert cell.data_type != "f", cell.value
    value: Any = cell.value
    if value is None:
        return ""
    if cell.is_date:
        return f"{value.isoformat(timespec='milliseconds')}Z"
    if cell.data_type == "s" or cell.number_format == "General":
        return str(value).replace("_x005F_", "_")
    if cell.number_format == "0%":
        return str(value)
    _, _, decimals = cell.number_format.partition(".")
    return f"{value:.{len(decimals)}f}"
