"""The rows of a table of numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from server.contract import Entry

MAX_EXACT_DIGITS = 15  # a spreadsheet keeps numbers as doubles
MAX_CERTAINTY = 0.99  # as people see it on the pages: never rounded up
SOURCES = {"canvas": "drawn", "upload": "uploaded"}
EXACT = re.compile(r"(?!-0(?:\.0+)?$)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)

Place = tuple[int, int, int]  # line, cell, and place in the cell


class NumberRow(NamedTuple):
    """A number with its final value: what was entered instead of the reading, if anything was.

    `line` and `cell` count from 1; cells are the columns of a table, or else the numbers of a line.
    `read_as` is what was read at this place, and `certainty` that of its line.
    """

    number: str
    list: str
    line: int
    cell: int
    written: str
    source: str
    read_as: str
    corrected: str
    certainty: float | None
    id: str


def rows_of(entry: Entry) -> Iterator[NumberRow]:
    """Yield a row for each number of an entry, in the order of the text."""
    read = _numbers(entry.predicted)
    final = read if entry.corrected is None else _numbers(entry.corrected)
    for (line, cell, place), number in final.items():
        read_as = read.get((line, cell, place), "")
        yield NumberRow(
            number=number,
            list=entry.list or "",
            line=line,
            cell=cell,
            written=entry.timestamp,
            source=SOURCES[entry.input_type],
            read_as=read_as,
            corrected="no" if number == read_as else "yes",
            certainty=_certainty(entry, line) if read_as else None,
            id=str(entry.id),
        )


def is_exact(text: str) -> bool:
    """Return whether a spreadsheet keeps a number exactly: 12.50, but not 0171, +4 or 3,50."""
    return sum(map(str.isdigit, text)) <= MAX_EXACT_DIGITS and EXACT.fullmatch(text) is not None


def _numbers(text: str) -> dict[Place, str]:
    is_table = "\t" in text
    return {
        (line, cell, place): number
        for line, row in enumerate(text.split("\n"), 1)
        for cell, numbers in enumerate(row.split("\t") if is_table else row.split(), 1)
        for place, number in enumerate(numbers.split())
    }


def _certainty(entry: Entry, line: int) -> float:
    confidence = entry.reading.lines[line - 1].confidence
    return min(math.floor(confidence * 100) / 100, MAX_CERTAINTY)
