"""The check of a whole SQLite history: its file, and what must hold between its tables."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from server.database.backup import require_ours, verify
from server.database.schema import REVISION
from server.errors import ConfigurationError
from server.history.findings import Key, keys
from server.history.tallies import tally

WITHOUT_PICTURE = (
    "SELECT entries.id FROM entries LEFT JOIN pictures ON pictures.entry_id = entries.id "
    "WHERE coalesce(length(pictures.content), 0) = 0"
)
ENTRIES = (
    "SELECT id, input_type, predicted, corrected, disputed, reread, uncertain, timestamp, owner, "
    "maker, list, confidence, reading FROM entries"
)
FINDING = (  # by its key, in the order of `keys`
    "SELECT 1 FROM findings WHERE owner = ? AND maker = ? AND list = ? AND text = ? "
    "AND input_type = ? AND status = ? AND timestamp = ? AND entry_id = ?"
)
CELL = (
    "SELECT 1 FROM confusions WHERE owner = ? AND maker = ? AND read = ? AND written = ? "
    "AND timestamp = ? AND entry_id = ?"
)
TALLIES = "SELECT owner, maker, kind, first, second, times FROM tallies"

CountNoted = Callable[[set[Key]], int]


class Row(NamedTuple):
    """The columns of an entry that decide where it is found, and how it is counted."""

    id: str
    input_type: str
    predicted: str
    corrected: str | None
    disputed: int
    reread: str | None
    uncertain: int
    timestamp: str
    owner: str | None
    maker: str
    list: str | None
    confidence: float
    reading: Any


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


def faults_of_search(rows: Iterable[Any], count_noted: CountNoted, noted: int) -> Iterator[str]:
    """Compare entries with the search index: what it notes of some keys, and of all."""
    return _faults_of_index(
        "the search index", ((row.id, keys(row)) for row in rows), count_noted, noted
    )


def faults_of_statistics(
    rows: Iterable[Any], count_noted: CountNoted, noted: int, stored: Counter[Key]
) -> Iterator[str]:
    """Compare entries with the statistics: with their cells, as above, and all their counts."""
    counts: Counter[Key] = Counter()

    def find_cells() -> Iterator[tuple[object, set[Key]]]:
        for row in rows:
            added = tally([row])
            counts.update(added.counts)
            if added.cells:
                yield row.id, added.cells

    yield from _faults_of_index("the statistics", find_cells(), count_noted, noted)
    wrong = len(dict(counts.items() ^ stored.items()))
    if wrong:
        yield f"the statistics have {wrong} wrong counts"


def _faults_of_index(
    name: str, entries: Iterable[tuple[object, set[Key]]], count_noted: CountNoted, noted: int
) -> Iterator[str]:
    expected = 0
    for id, wanted in entries:
        missing = len(wanted) - count_noted(wanted)
        expected += len(wanted) - missing
        if missing:
            yield f"entry {id} is missing in {name}, {missing} times"
    if noted > expected:
        yield f"there are {noted - expected} rows of no entry in {name}"


def _faults_of_entries(connection: sqlite3.Connection) -> Iterator[str]:
    for (id,) in connection.execute(WITHOUT_PICTURE):
        yield f"entry {id} has no picture"
    [noted] = connection.execute("SELECT count(*) FROM findings").fetchone()
    [noted_cells] = connection.execute("SELECT count(*) FROM confusions").fetchone()
    search, cells = (partial(_count_noted, connection, query) for query in (FINDING, CELL))
    yield from faults_of_search(_read(connection), search, noted)
    stored = Counter({tuple(key): times for *key, times in connection.execute(TALLIES)})
    yield from faults_of_statistics(_read(connection), cells, noted_cells, stored)


def _read(connection: sqlite3.Connection) -> Iterator[Row]:
    for row in map(Row._make, connection.execute(ENTRIES)):
        yield row._replace(reading=json.loads(row.reading))


def _count_noted(connection: sqlite3.Connection, query: str, keys: set[Key]) -> int:
    return sum(connection.execute(query, key).fetchone() is not None for key in keys)
