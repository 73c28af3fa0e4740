"""The engine: SQLite configured to lose nothing and to erase, or PostgreSQL; and transactions."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

from server.database import postgresql
from server.database.constraints import is_missing_table
from server.database.files import database_file, keep_private
from server.database.migration import upgrade
from server.errors import ConfigurationError, Unavailable

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 5_000  # wait for another process that writes to the same file
WRITES = "digits_writes"  # execution option of a transaction that will write
AFTER_COMMIT = "digits_after_commit"  # what follows the transaction of a connection


def open_database(url: str, is_locked: bool = False) -> Engine:
    """Connect, and run the migrations that are missing. Raises ConfigurationError.

    `is_locked`: the caller holds the lock as a server; else it is held for the migrations.

    Errors reach the log, so they show neither the values of a statement nor the URL, which may
    contain a password.
    """
    try:
        engine = connect(url)
        upgrade(engine, is_locked)
    except (ArgumentError, SQLAlchemyError, ImportError, OSError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise ConfigurationError(
            f"The database cannot be opened: {reason}. {_cure(url)}"
        ) from error
    return engine


def connect(url: str) -> Engine:
    """Return an engine as the server uses it, whatever the schema of its database."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    options = postgresql.ENGINE_OPTIONS if backend == "postgresql" else {}
    engine = create_engine(
        parsed,
        hide_parameters=True,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        **options,
    )
    if backend == "postgresql":
        postgresql.set_up(engine, WRITES)
    elif backend == "sqlite":
        file = database_file(url)
        if file:
            keep_private(file)
        _set_up_sqlite(engine)
    return engine


def _cure(url: str) -> str:
    file = database_file(url)
    if file is None:
        return "Check DIGITS_DATABASE_URL."
    return f"Its file is {file}; `python -m server history restore FILE` puts a backup there."


@contextmanager
def transaction(engine: Engine, writes: bool = False) -> Iterator[Connection]:
    """Run a short transaction.

    Raises Unavailable, and logs why, if the database cannot be reached, read or written.
    """
    with reaching(), engine.connect() as connection:
        connection.execution_options(**{WRITES: writes})
        acts: list[Callable[[], object]] = []
        connection.info[AFTER_COMMIT] = acts
        with connection.begin():
            yield connection
        for act in acts:
            act()


@contextmanager
def reaching() -> Iterator[None]:
    """Raise Unavailable, and log why, if the database cannot be reached, read or written."""
    try:
        yield
    except (DatabaseError, InterfaceError, TimeoutError) as error:
        if not _is_out_of_reach(error):
            raise
        log.error("A transaction failed: %s", getattr(error, "orig", error))
        raise Unavailable(
            "The history cannot be reached right now. Your input is not lost: "
            "try again in a moment."
        ) from error


def after_commit(connection: Connection, act: Callable[[], object]) -> None:
    """Do something, in the same thread, when the transaction of a connection is committed."""
    connection.info[AFTER_COMMIT].append(act)


def rewrite_revision(connection: Connection) -> None:
    """Write what is there already, to see whether the database can be written."""
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _is_out_of_reach(error: SQLAlchemyError) -> bool:
    """Whether the database is at fault.

    SQLite raises a plain DatabaseError for a damaged file, and PostgreSQL an InternalError for
    damaged pages and where it only lets read, as after a failover. A table may be missing.
    """
    at_fault = isinstance(error, OperationalError | InterfaceError | InternalError | TimeoutError)
    return at_fault or type(error) is DatabaseError or is_missing_table(error)


def now() -> str:
    """Return the current time as the tables store it: UTC, 2026-01-31T12:00:00.123Z."""
    return as_timestamp(datetime.now(UTC))


def as_timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _set_up_sqlite(engine: Engine) -> None:
    """Use a write-ahead log, an fsync for every commit, and explicit transactions; erase.

    With secure_delete, what is deleted is overwritten with zeros.

    Python's driver begins transactions too late to rely on: see "Serializable isolation /
    Savepoints / Transactional DDL" in SQLAlchemy's notes on pysqlite.
    """

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON",
            "secure_delete = ON", f"busy_timeout = {BUSY_TIMEOUT_MS}",
        ):  # fmt: skip
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
