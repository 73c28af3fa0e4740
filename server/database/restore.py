"""A backup, put in the place of a SQLite database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine

from server.database.backup import Progress, copy_database, open_existing, require_ours, verify
from server.database.files import clear, companions, sync
from server.database.migration import refuse_newer, run_migrations, schema_of
from server.errors import ConfigurationError


def restore(backup: Path, database: Path, progress: Progress) -> Path | None:
    """Put an upgraded copy of a backup in the place of a database that nobody uses.

    Until the last step, the database is as it was. Return where the former one is kept, None if
    there was none. Raises ConfigurationError, OSError, sqlite3.Error and SQLAlchemyError.
    """
    _refuse_unfit(backup)
    new = database.with_name(f"{database.name}.restored")
    copy_database(backup, new, progress)
    try:
        _upgrade(new)
        kept = _set_aside(database)
        new.replace(database)
        sync(database.parent)
    finally:
        clear(new, *companions(new))
    return kept


def _refuse_unfit(backup: Path) -> None:
    """Raise ConfigurationError for a backup that cannot be served."""
    try:
        with closing(open_existing(backup)) as connection:
            require_ours(connection)
            faults = verify(connection)
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    if faults:
        raise ConfigurationError(f"{backup} cannot be restored: {'; '.join(faults)}.")
    with _opened(backup) as engine:
        refuse_newer(schema_of(engine))


def _upgrade(file: Path) -> None:
    with _opened(file) as engine:
        run_migrations(engine)
    sync(file)


@contextmanager
def _opened(file: Path) -> Iterator[Engine]:
    """Open a database without the server's settings, so that it stays one file."""
    engine = create_engine(URL.create("sqlite", database=str(file)))
    yield engine
    engine.dispose()


def _set_aside(database: Path) -> Path | None:
    """Give a database a second name, by which it is kept, and leave no log beside the first one.

    SQLite would take the log for that of the next file of this name.
    """
    if not database.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(open_existing(database)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # puts the log into the database
    moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = database.with_name(f"{database.stem}.until-{moment}{database.suffix}")
    os.link(database, kept)
    for file, kept_file in zip(companions(database), companions(kept), strict=True):
        if file.exists():  # of a damaged database
            file.replace(kept_file)
    return kept
