"""The check of a whole SQLite history: its file, and what must hold between its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from server.database.backup import require_ours, verify
from server.database.schema import REVISION
from server.errors import ConfigurationError
from server.history.findings import Key, keys

WITHOUT_PICTURE = (
    "SELECT entries.id FROM entries LEFT JOIN pictures ON pictures.entry_id = entries.id "
    "WHERE coalesce(length(pictures.content), 0) = 0"
)
ENTRIES = (
    "SELECT id, input_type, predicted, corrected, uncertain, timestamp, owner, maker, list "
    "FROM entries"
)
FINDING = (  # by its key, in the order of `keys`
    "SELECT 1 FROM findings WHERE owner = ? AND maker = ? AND list = ? AND text = ? "
    "AND input_type = ? AND status = ? AND timestamp = ? AND entry_id = ?"
)


class Row(NamedTuple):
    """The columns of an entry that decide where it is found."""

    id: str
    input_type: str
    predicted: str
    corrected: str | None
    uncertain: int
    timestamp: str
    owner: str | None
    maker: str
    list: str | None


def find_faults(connection: sqlite3.Connection) -> list[str]:
    """Return what is wrong with a history, in sentences; others may write to it meanwhile.

    Raises ConfigurationError for another schema, and sqlite3.OperationalError.
    """
    try:
        connection.execute("BEGIN")  # sees one moment
        require_ours(connection)
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        require_schema(found and found[0])
        return verify(connection) or [*_faults_of_entries(connection)]
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        return [str(error)]


def require_schema(found: str | None) -> None:
    """Raise ConfigurationError for another schema than that of this version."""
    if found != REVISION:
        raise ConfigurationError(
            f"The schema of the database is {found}, and that of this version {REVISION}. Start "
            "the server once to upgrade it."
        )


def faults_of_search(
    rows: Iterable[Any], count_noted: Callable[[set[Key]], int], noted: int
) -> Iterator[str]:
    """Compare entries with the search index: what it notes of some keys, and of all."""
    expected = 0
    for row in rows:
        wanted = keys(row)
        missing = len(wanted) - count_noted(wanted)
        expected += len(wanted) - missing
        if missing:
            yield f"entry {row.id} is missing in the search index, {missing} times"
    if noted > expected:
        yield f"the search index has {noted - expected} rows of no entry"


def _faults_of_entries(connection: sqlite3.Connection) -> Iterator[str]:
    for (id,) in connection.execute(WITHOUT_PICTURE):
        yield f"entry {id} has no picture"
    [noted] = connection.execute("SELECT count(*) FROM findings").fetchone()
    rows = map(Row._make, connection.execute(ENTRIES))
    yield from faults_of_search(rows, lambda keys: _count_noted(connection, keys), noted)


def _count_noted(connection: sqlite3.Connection, keys: set[Key]) -> int:
    return sum(connection.execute(FINDING, key).fetchone() is not None for key in keys)
