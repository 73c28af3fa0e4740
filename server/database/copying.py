"""Copies of all rows into another database, of either engine, that the same command completes.

The rows of a table are copied in the order of its key, a batch in each transaction, so what a
killed copy leaves is the beginning of each table. That is compared before a copy goes on, and
everything in the end: by checksums of values, which are the same on both engines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    String,
    Table,
    func,
    insert,
    select,
)

from server.database import postgresql
from server.database.backup import Counts, Progress
from server.database.copy_ends import open_source, open_target
from server.database.schema import metadata
from server.errors import ConfigurationError

BATCH_BYTES = 1_000_000  # of a transaction, and one row more
MAX_ROWS_AHEAD = 500  # that PostgreSQL sends at once
MAX_PICTURES_AHEAD = 20
REPORT_ROWS = 200  # between two reports
BYTEWISE = {"sqlite": "BINARY", "postgresql": "C"}  # collations that sort texts alike
TABLES = metadata.sorted_tables  # those that others refer to come first

encode = msgspec.msgpack.Encoder(order="deterministic").encode

Item = TypeVar("Item")
Rows = Iterable[Row[Any]]


@dataclass
class Steps:
    """The rows that are still to be read, of all."""

    progress: Progress
    total: int
    left: int

    def count(self, rows: Iterable[Item]) -> Iterator[Item]:
        """Pass rows on, and report them."""
        for row in rows:
            self.left -= 1
            if self.left % REPORT_ROWS == 0:
                self.progress(self.left, self.total)
            yield row


@dataclass(frozen=True)
class Copy:
    """A copy of one table, of which the target has the first rows."""

    table: Table
    source: Connection
    target: Connection
    kept: int  # rows
    steps: Steps

    def go_on(self) -> None:
        """Copy the rows that the target does not have."""
        for batch in _batches(self.steps.count(_read(self.source, self.table, self.kept))):
            with self.target.begin():
                self.target.execute(insert(self.table), batch)

    def require_beginning(self) -> None:
        """Raise ConfigurationError unless the target has the first rows of the source."""
        if self.kept and not self._is_same(self.kept):
            raise ConfigurationError(
                f"The target has other {self.table.name} than the source. Name an empty database."
            )

    def verify(self) -> None:
        """Raise ConfigurationError unless the target has all rows, and no others."""
        if not self._is_same(None):
            raise ConfigurationError(
                f"The copy is faulty: its {self.table.name} are not those of the source."
            )

    def _is_same(self, count: int | None) -> bool:
        """Return whether all rows of the target are the first ones of the source; None: all."""
        with self.target.begin():
            copied = _checksum(self.steps.count(_read(self.target, self.table)))
        rows = _read(self.source, self.table, count=count)
        return copied == _checksum(self.steps.count(rows))


def copy_into(source_url: str, target_url: str, progress: Progress) -> tuple[Counts, int]:
    """Copy those rows of a database, as it is now, that another one does not have yet.

    Return how many rows each table has, and how many were copied. Raises ConfigurationError unless
    the other one is empty or has the beginning of such a copy, and OSError and SQLAlchemyError.
    """
    with open_source(source_url) as source, open_target(target_url, source) as target:
        counts = {table.name: _count(source, table) for table in TABLES}
        with target.begin():
            kept = {table.name: _count(target, table) for table in TABLES}
        total = 3 * sum(counts.values()) + sum(kept.values())
        steps = Steps(progress, total, total)
        copies = [Copy(table, source, target, kept[table.name], steps) for table in TABLES]
        for step in (Copy.require_beginning, Copy.go_on):
            for copy in copies:
                step(copy)
        with target.begin():
            postgresql.continue_sequences(target, TABLES)
        for copy in copies:
            copy.verify()
    return counts, sum(counts.values()) - sum(kept.values())


def _batches(rows: Rows) -> Iterator[list[dict[str, Any]]]:
    batch, size = [], 0
    for row in rows:
        batch.append(row._asdict())
        size += len(encode(tuple(row)))
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _checksum(rows: Rows) -> bytes:
    checksum = hashlib.sha256()
    for row in rows:
        checksum.update(encode(tuple(row)))
    return checksum.digest()


def _read(connection: Connection, table: Table, first: int = 0, count: int | None = None) -> Rows:
    """Read rows in the order of their key, a few at a time."""
    has_pictures = any(isinstance(column.type, LargeBinary) for column in table.c)
    ahead = MAX_PICTURES_AHEAD if has_pictures else MAX_ROWS_AHEAD
    query = select(table).order_by(*_key(connection, table)).offset(first).limit(count)
    options = {"stream_results": True, "max_row_buffer": ahead}
    return connection.execute(query, execution_options=options)


def _key(connection: Connection, table: Table) -> Iterator[ColumnElement[Any]]:
    for column in table.primary_key:
        is_text = isinstance(column.type, String)
        yield column.collate(BYTEWISE[connection.dialect.name]) if is_text else column


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
