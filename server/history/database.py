"""The engine of the history, with SQLite set up to lose nothing, and its migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from server.errors import ConfigurationError
from server.history.tables import REVISION

BUSY_MS = 5_000  # how long to wait for another process that writes to the same file
WRITES = "digits_writes"  # execution option of a transaction that will write


def open_database(url: str) -> Engine:
    """Connect and bring the tables up to date. Raises ConfigurationError."""
    try:
        engine = create_engine(make_url(url))
        if engine.dialect.name == "sqlite":
            _set_up_sqlite(engine)
        migrate(engine)
    except (ArgumentError, SQLAlchemyError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise ConfigurationError(f"DIGITS_DATABASE_URL is {url!r}: {reason}") from error
    return engine


def migrate(engine: Engine) -> None:
    """Run the migrations that the database lacks; Alembic is imported only for those."""
    with engine.connect() as connection:
        if _revision(connection) == REVISION:
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _set_up_sqlite(engine: Engine) -> None:
    """Write-ahead log, an fsync for every commit, and transactions begun by us.

    See "Serializable isolation / Savepoints / Transactional DDL" in SQLAlchemy's notes on
    pysqlite: Python's driver would begin them too late to rely on.
    """

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON",
            f"busy_timeout = {BUSY_MS}",
        ):  # fmt: skip
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
