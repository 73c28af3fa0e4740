"""The check and the vacuum of a history in PostgreSQL, while servers use it.

Indexes are checked by amcheck: https://www.postgresql.org/docs/current/amcheck.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    ForeignKey,
    Row,
    Table,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from server.database.postgresql import become_reader
from server.database.schema import (
    confusions,
    entries,
    findings,
    metadata,
    pictures,
    short_lived,
    tallies,
)
from server.history.checking import faults_of_search, faults_of_statistics
from server.history.findings import Key

BATCH = 1_000
TABLES = [*metadata.sorted_tables, *short_lived.sorted_tables]
NAMES = ", ".join(each.name for each in TABLES)
READ = "SELECT count(md5(row::text)) FROM {table} AS row"  # what is stored apart from it too
INDEXES = (
    "SELECT index.indexrelid::regclass::text, index.indisvalid FROM pg_index AS index "
    "JOIN pg_class AS class ON class.oid = index.indexrelid "
    "JOIN pg_am AS method ON method.oid = class.relam AND method.amname = 'btree' "
    "WHERE index.indrelid = ANY(CAST(:tables AS regclass[])) ORDER BY 1"
)
MAY_CHECK = (
    "SELECT has_function_privilege(found, 'EXECUTE') "
    "FROM to_regprocedure('bt_index_check(regclass, boolean)') AS found"
)
CHECK = "SELECT bt_index_check(CAST(:index AS regclass), true)"


def find_faults(connection: Connection) -> list[str]:
    """Return what is wrong with a history, in sentences; others may write to it meanwhile.

    Raises SQLAlchemyError if the connection ends.
    """
    become_reader(connection)  # sees one moment
    return [*_faults_of_tables(connection), *_faults_of_indexes(connection)] or [
        *_faults_of_entries(connection)
    ]


def may_check_indexes(connection: Connection) -> bool:
    """Return whether amcheck is there, and for this user."""
    return bool(connection.execute(text(MAY_CHECK)).scalar())


def vacuum(engine: Engine) -> tuple[int, int]:
    """Free the space of what was deleted; return the bytes of the database before and now."""
    size = select(func.pg_database_size(func.current_database()))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"SET {name} = 0"))
        before = connection.execute(size).scalar_one()
        connection.execute(text(f"VACUUM (ANALYZE) {NAMES}"))
        return before, connection.execute(size).scalar_one()


def _faults_of_tables(connection: Connection) -> Iterator[str]:
    for each in TABLES:
        fault = _fault_of(connection, text(READ.format(table=each.name)))
        if fault:
            yield f"the table {each.name} cannot be read: {fault}"


def _faults_of_indexes(connection: Connection) -> Iterator[str]:
    tables = [each.name for each in TABLES]
    is_checked = may_check_indexes(connection)
    for index, is_valid in connection.execute(text(INDEXES), {"tables": tables}).all():
        if not is_valid:
            yield f"the index {index} is not valid"
        elif is_checked:
            fault = _fault_of(connection, text(CHECK).bindparams(index=index))
            if fault:
                yield f"the index {index} is damaged: {fault}"


def _fault_of(connection: Connection, query: Executable) -> str | None:
    """Return why a query fails; the transaction goes on."""
    try:
        with connection.begin_nested():
            connection.execute(query).all()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return str(error.orig).splitlines()[0]
    return None


def _faults_of_entries(connection: Connection) -> Iterator[str]:
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            count = _count_dangling(connection, key)
            if count:
                yield f"{count} rows of {table.name} refer to nothing"
    length = func.coalesce(func.length(pictures.c.content), 0)
    query = select(entries.c.id).outerjoin(pictures).where(length == 0)
    for id in connection.execute(query).scalars():
        yield f"entry {id} has no picture"
    found, cells = (partial(_count_noted, connection, table) for table in (findings, confusions))
    yield from faults_of_search(_read(connection), found, _count(connection, findings))
    stored = Counter({tuple(key): times for *key, times in connection.execute(select(tallies))})
    noted = _count(connection, confusions)
    yield from faults_of_statistics(_read(connection), cells, noted, stored)


def _read(connection: Connection) -> Iterable[Row[Any]]:
    return connection.execute(select(entries), execution_options={"yield_per": BATCH})


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _count_dangling(connection: Connection, key: ForeignKey) -> int:
    target = key.column.table.alias()
    refers = key.parent == target.c[key.column.name]
    joined = key.parent.table.outerjoin(target, refers)
    is_dangling = key.parent.is_not(None) & target.c[key.column.name].is_(None)
    query = select(func.count()).select_from(joined).where(is_dangling)
    return int(connection.execute(query).scalar_one())


def _count_noted(connection: Connection, table: Table, keys: set[Key]) -> int:
    query = select(func.count()).select_from(table).where(tuple_(*table.c).in_(keys))
    return int(connection.execute(query).scalar_one())
