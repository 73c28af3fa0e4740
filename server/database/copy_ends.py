"""The two ends of a copy: a database that is read as it is now, and one that nobody else writes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, literal, select, table

from server.database import postgresql
from server.database.backup import open_existing
from server.database.engine import WRITES, connect
from server.database.files import database_file
from server.database.lock import hold_as_server
from server.database.migration import refuse_newer, schema_of, upgrade
from server.database.schema import REVISION
from server.errors import ConfigurationError

LEAVE_S = 2.0  # in which PostgreSQL notices that a killed copy has gone
SAME = "Source and target are the same database."


@contextmanager
def open_source(url: str) -> Iterator[Connection]:
    """Open a database of this version at one moment; if it is a file, no server may use it.

    Raises ConfigurationError, OSError and SQLAlchemyError.
    """
    file = _file(url)
    if file:
        open_existing(file).close()
    with hold_as_server(file) if file else nullcontext(), _closed(_engine(url)) as engine:
        _require_schema(engine)
        with engine.connect() as connection:
            _see_one_moment(connection)
            yield connection


@contextmanager
def open_target(url: str, source: Connection) -> Iterator[Connection]:
    """Open a database, make the tables of this version in an empty one, and let nobody else write.

    Raises ConfigurationError if others use it or it has other tables; OSError and SQLAlchemyError.
    """
    file = _file(url)
    _refuse_same_file(file, source)
    with hold_as_server(file) if file else nullcontext():
        with _closed(_engine(url)) as engine:
            _refuse_company(engine, source)
            _refuse_other_schemas(engine)
        with _closed(connect(url)) as engine:
            upgrade(engine, is_locked=True)
            with engine.connect() as connection:
                postgresql.become_only_writer(connection)
                yield connection.execution_options(**{WRITES: True})


def _require_schema(engine: Engine) -> None:
    found = schema_of(engine)
    refuse_newer(found)
    if found is None:
        raise ConfigurationError("The source is not a database of Live Digits.")
    if found != REVISION:
        raise ConfigurationError(
            f"The schema of the source is {found}, and this version copies {REVISION}. Start the "
            "server once to upgrade it."
        )


def _see_one_moment(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        postgresql.become_reader(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _refuse_same_file(file: Path | None, source: Connection) -> None:
    source_file = _file(source.engine.url.render_as_string(hide_password=False))
    if file and source_file and file.exists() and file.samefile(source_file):
        raise ConfigurationError(SAME)


def _refuse_company(engine: Engine, source: Connection) -> None:
    """Raise ConfigurationError if others use a database of PostgreSQL."""
    end_s, own = time.monotonic() + LEAVE_S, postgresql.process_of(source)
    with engine.connect() as connection:
        while others := postgresql.others(connection):
            if own in others:
                raise ConfigurationError(SAME)
            if time.monotonic() > end_s:
                raise ConfigurationError(
                    f"Others use the target, by {len(others)} connections. Stop the server first."
                )
            time.sleep(0.1)


def _refuse_other_schemas(engine: Engine) -> None:
    """Raise ConfigurationError for rows in tables that are not those of this version."""
    if schema_of(engine) == REVISION:
        return
    with engine.connect() as connection:
        for name in set(inspect(connection).get_table_names()) - {"alembic_version"}:
            row = select(literal(1)).select_from(table(name)).limit(1)
            if connection.execute(row).first():
                raise ConfigurationError(
                    f"The target has other data, in its table {name}. Name an empty database."
                )


def _file(url: str) -> Path | None:
    """Return the file of a SQLite database, None for PostgreSQL. Raises ConfigurationError."""
    file = database_file(url)
    if file is None and not url.startswith("postgresql"):
        raise ConfigurationError(
            "Name databases by their URLs: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME."
        )
    return file


def _engine(url: str) -> Engine:
    """Connect; a SQLite file is left as it is, as it may be a backup or not ours."""
    return create_engine(url) if database_file(url) else connect(url)


@contextmanager
def _closed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()
