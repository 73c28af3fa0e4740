"""Lines of CSV (RFC 4180), of which a spreadsheet shows every field as it stands."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from server.contract import Entry
from server.services.exports.numbers import NumberRow, is_exact, rows_of

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel does not read UTF-8
FORMULA_AFTER_SEMICOLON = re.compile(r";(?=\s*[=+@-])")
WORDS = re.compile(r"(?!(?i:true|false)$)[^\W\d_]\D*")  # neither number, date, formula nor boolean


def csv_head() -> bytes:
    return BYTE_ORDER_MARK.encode() + csv_lines([NumberRow._fields])


def csv_rows(entries: Sequence[Entry]) -> bytes:
    """Return the lines of all numbers of entries."""
    return csv_lines(
        row._replace(
            number=_shown(row.number), list=_shown(_whole(row.list)), read_as=_shown(row.read_as)
        )
        for entry in entries
        for row in rows_of(entry)
    )


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()


def _whole(text: str) -> str:
    """Return a name that is no formula where fields end at a semicolon, as they do for many."""
    return FORMULA_AFTER_SEMICOLON.sub(",", text)


def _shown(text: str) -> str:
    """Return the form of a text that spreadsheets show as the text itself.

    That is ="0171" for what they would change, or take for a formula.
    """
    if not text or is_exact(text) or WORDS.fullmatch(text):
        return text
    quoted = text.replace('"', '""')
    return f'="{quoted}"'
