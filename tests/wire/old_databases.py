"""Databases as each version of the schema left them: made by its migrations, filled by SQL."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from server.accounts.passwords import hash_password
from server.database.migration import run_migrations

PASSWORD = "a sentence of mine"
GUEST_TEXT, ANN_TEXT, CORRECTED = "407", "31415", "40-7"
LIST = "Bench 3"
ANN = hashlib.sha256(b"account ann").hexdigest()[:16]  # as the maker of entries
PICTURE = b"RIFF, as if it were a WebP"
MAX_TERM_LENGTH = 4
# The schemas that brought them
FINDINGS, ACCOUNTS, LISTS, STATISTICS = "0002", "0003", "0004", "0009"
PAIRS = (("", "4"), ("", "0"), ("7", "7"))  # of the digits of a 7 that was corrected to CORRECTED
ADD = (
    "INSERT INTO tallies VALUES (?, ?, ?, ?, ?, 1) "
    "ON CONFLICT (owner, maker, kind, first, second) DO UPDATE SET times = times + 1"
)

Values = dict[str, Any]


def make_database(file: Path, schema: str) -> None:
    """Make an empty database of a version of the schema."""
    engine = create_engine(f"sqlite:///{file}")
    run_migrations(engine, schema)
    engine.dispose()


def fill(file: Path, schema: str) -> None:
    """Write what a version of the server wrote for a guest and, since 0003, for the account ann."""
    with closing(sqlite3.connect(file)) as database, database:
        if schema >= ACCOUNTS:
            _insert(database, "users", _ann())
        for number in range(3):
            _write_entry(database, schema, _entry(number, GUEST_TEXT, "guest"))
        _write_entry(database, schema, _entry(3, "7", "guest") | {"corrected": CORRECTED})
        if schema >= ACCOUNTS:
            ann = {"owner": "ann", "list": LIST}
            _write_entry(database, schema, _entry(4, ANN_TEXT, ANN) | ann)


def _ann() -> Values:
    return {
        "name": "ann",
        "folded_name": "ann",
        "password_hash": hash_password(PASSWORD),
        "created": "2025-01-01T00:00:00.000Z",
        "disabled": 0,
    }


def _entry(number: int, text: str, maker: str) -> Values:
    id = f"{number + 1:032x}"
    reading = {
        "text": text,
        "confidence": 0.9,
        "uncertain": False,
        "digits": [],
        "size": [28, 28],
        "milliseconds": 1.0,
        "model": "0" * 8,
    }
    return {
        "id": id,
        "input_type": "canvas",
        "predicted": text,
        "confidence": 0.9,
        "image_path": f"/images/{id}",
        "timestamp": f"2025-01-0{number + 1}T00:00:00.000Z",
        "uncertain": 0,
        "corrected": None,
        "reading": json.dumps(reading),
        "maker": maker,
        "image_version": hashlib.sha256(PICTURE).hexdigest()[:16],
        "owner": None,
        "list": None,
        "rank": 0.0,
    }


def _write_entry(database: sqlite3.Connection, schema: str, entry: Values) -> None:
    _insert(database, "entries", entry)
    picture = {"entry_id": entry["id"], "content": PICTURE}
    _insert(database, "pictures", picture | {"sha256": hashlib.sha256(PICTURE).hexdigest()})
    if schema >= FINDINGS:
        for place in _places(entry) if schema >= LISTS else [{"owner": entry["owner"] or ""}]:
            for text in _texts_within(entry["predicted"], entry["corrected"] or ""):
                found = {name: entry[name] for name in ("input_type", "timestamp")}
                status = "corrected" if entry["corrected"] else "certain"
                more = {"text": text, "entry_id": entry["id"], "status": status}
                _insert(database, "findings", place | found | more)

    if schema >= STATISTICS:
        _count_entry(database, entry)


def _count_entry(database: sqlite3.Connection, entry: Values) -> None:
    """Count an entry in the statistics, and note where its pairs of digits are found."""
    is_checked = entry["corrected"] is not None
    counted = [("wrong" if is_checked else "unchecked", entry["timestamp"][:10], "0" * 8)]
    counted += [("digit", digit, "") for digit in entry["predicted"]]
    if is_checked:
        counted += [("certainty", "90", "wrong"), *(("pair", *pair) for pair in PAIRS)]
    for place in [(entry["owner"], "")] if entry["owner"] else [("", ""), ("", entry["maker"])]:
        for what in counted:
            database.execute(ADD, (*place, *what))
        for pair in PAIRS if is_checked else ():
            row = (*place, *pair, entry["timestamp"], entry["id"])
            database.execute("INSERT INTO confusions VALUES (?, ?, ?, ?, ?, ?)", row)


def _places(entry: Values) -> list[Values]:
    """Return where an entry is found since 0004."""
    owner, name = entry["owner"] or "", entry["list"] or ""
    maker = "" if owner else entry["maker"]
    places = {(owner, "", ""), (owner, maker, ""), (owner, maker, name)}
    return [dict(zip(("owner", "maker", "list"), place, strict=True)) for place in places]


def _texts_within(*texts: str) -> Iterable[str]:
    lengths = range(1, MAX_TERM_LENGTH + 1)
    return {""} | {
        text[start : start + length]
        for text in texts
        for start in range(len(text))
        for length in lengths
    }


def _insert(database: sqlite3.Connection, table: str, values: Values) -> None:
    """Insert those of the values for which the table has a column."""
    columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
    known = {name: value for name, value in values.items() if name in columns}
    names = ", ".join(f'"{name}"' for name in known)
    places = ", ".join("?" * len(known))
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", [*known.values()])
