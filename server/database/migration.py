"""Migrations: an older database is upgraded, after a copy of it; a newer one is refused."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from server.database.backup import copy_database
from server.database.files import database_file
from server.database.lock import hold_as_server
from server.database.postgresql import become_patient, become_writer
from server.database.schema import REVISION
from server.errors import ConfigurationError

MIGRATIONS = Path(__file__).with_name("migrations")
KEPT_COPIES = 3  # of former schemas, beside the database

log = logging.getLogger(__name__)


def upgrade(engine: Engine, is_locked: bool) -> None:
    """Run the missing migrations, beside no server; a SQLite database with data is copied before.

    Raises ConfigurationError for a database of a newer version, and what copy_database does.
    """
    found = schema_of(engine)
    if found == REVISION:
        return
    refuse_newer(found)
    file = database_file(engine.url.render_as_string(hide_password=False))
    with hold_as_server(file) if file and not is_locked else nullcontext():
        if found and file:
            copy_database(file, former_copy(file, found))
        run_migrations(engine)
    if found and file:
        _drop_old_copies(file)
        kept = former_copy(file, found)
        log.info("Upgraded the database from schema %s to %s; before, it was copied to %s.",
                 found, REVISION, kept)  # fmt: skip


def schema_of(engine: Engine) -> str | None:
    """Return the version of a database's schema; None for an empty database."""
    with engine.connect() as connection:
        return _revision(connection)


def refuse_newer(schema: str | None) -> None:
    """Raise ConfigurationError for a schema that this version does not know."""
    if schema is not None and schema not in known_schemas():
        raise ConfigurationError(
            f"The database is from a newer version of Live Digits: its schema is {schema}, and "
            f"this version knows none after {REVISION}. Use the newer version, or restore a backup "
            "from before it."
        )


def known_schemas() -> list[str]:
    """Return the versions of the schema, the oldest first, by the names of the migrations."""
    return sorted(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/*_*.py"))


def run_migrations(engine: Engine, to: str = "head") -> None:
    """Run the migrations that are missing up to a version; Alembic is imported only here."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            become_patient(connection)
            become_writer(connection)  # another process may be about to migrate too
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def former_copy(file: Path, schema: str) -> Path:
    """Return the name of a copy from before the migration of a schema."""
    return file.with_name(f"{file.stem}.schema-{schema}{file.suffix}")


def _drop_old_copies(file: Path) -> None:
    copies = file.parent.glob(former_copy(file, "*").name)
    for old in sorted(copies, key=lambda copy: copy.stat().st_mtime)[:-KEPT_COPIES]:
        old.unlink()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
