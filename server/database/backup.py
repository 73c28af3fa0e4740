"""Copies of a SQLite database, made while others use it, whole and verified or not there at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select, table

from server.database.files import clear, companions, keep_private, sync
from server.errors import ConfigurationError

STEP_PAGES = 256  # 1 MB, between two reports
BUSY_S = 5.0  # wait for another process

Progress = Callable[[int, int], None]  # pages that are left, and all pages
Counts = dict[str, int]  # rows of each table


def report_nothing(_left: int, _total: int) -> None:
    """Report no progress."""


def open_existing(file: Path) -> sqlite3.Connection:
    """Open a database that is there. Raises ConfigurationError, and sqlite3.Error."""
    if not file.is_file():
        raise ConfigurationError(f"There is no database {file}.")
    return sqlite3.connect(file, timeout=BUSY_S, isolation_level=None)


def copy_database(source: Path, target: Path, progress: Progress = report_nothing) -> Counts:
    """Copy a database as it is now, privately, verify the copy, and only then name it `target`.

    Others may write meanwhile. A copy that was broken off leaves a file that the next one replaces.
    Return how many rows were copied. Raises ConfigurationError, OSError and sqlite3.Error.
    """
    partial = target.with_name(f"{target.name}.partial")
    try:
        with closing(open_existing(source)) as original:
            require_ours(original)
            clear(partial, *companions(partial))
            counts = _copy(original, partial, progress)
        sync(partial)
        clear(*companions(target))  # SQLite would take them for those of the new file
        partial.replace(target)
        sync(target.parent)
    finally:
        clear(partial, *companions(partial))
    return counts


def require_ours(connection: sqlite3.Connection) -> None:
    """Raise ConfigurationError for a database that no version of the server has made."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.execute(query).fetchone() is None:
        raise ConfigurationError("This is not a database of Live Digits.")


def verify(connection: sqlite3.Connection) -> list[str]:
    """Return what is wrong with the structure and the references of a database."""
    broken = [row[0] for row in connection.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
    dangling = connection.execute("PRAGMA foreign_key_check").fetchmany(10)
    return broken + [f"row {row} of {table} refers to nothing" for table, row, *_ in dangling]


def count_rows(connection: sqlite3.Connection) -> Counts:
    """Count the rows of each table."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = [name for (name,) in connection.execute(query)]
    counts = {name: str(select(func.count()).select_from(table(name))) for name in names}
    return {name: connection.execute(count).fetchone()[0] for name, count in counts.items()}


def _copy(original: sqlite3.Connection, partial: Path, progress: Progress) -> Counts:
    keep_private(partial)
    original.execute("BEGIN")  # or every write of another process would start the copy again
    counts = count_rows(original)
    with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # it is synced as a whole
        original.backup(
            copy, pages=STEP_PAGES, progress=lambda _status, left, total: progress(left, total)
        )
        copy.execute("PRAGMA journal_mode = DELETE")  # one file is all of it
    with closing(sqlite3.connect(partial)) as copy:
        faults = verify(copy)
        if count_rows(copy) != counts:
            faults.append("rows are missing")
    if faults:
        raise ConfigurationError(f"The copy of the database is faulty: {'; '.join(faults)}.")
    return counts
