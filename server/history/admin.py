"""The operator's commands: python -m server history backup|restore|check|vacuum|copy

They print one line for a log. The exit status is 0 if all is well, 1 if a check found faults, and 2
if a command was not carried out.
"""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from server.database.backup import Progress, copy_database, open_existing
from server.database.copying import copy_into
from server.database.engine import connect
from server.database.files import database_file
from server.database.lock import hold_as_command, hold_as_server
from server.database.migration import schema_of
from server.database.restore import restore
from server.errors import ConfigurationError
from server.history import upkeep
from server.history.checking import find_faults, require_schema

DONE, FAULTY, NOT_DONE = 0, 1, 2
MAX_SHOWN_FAULTS = 20
MAGIC = b"SQLite format 3\0"  # how its files begin
WITHOUT_AMCHECK = (
    " The inside of the indexes was not checked: a superuser lets this user do it by CREATE "
    "EXTENSION amcheck and GRANT EXECUTE ON FUNCTION bt_index_check(regclass, boolean)."
)
INTERRUPTED = {"copy": "It was interrupted. The same command goes on where it was."}


def run(url: str, arguments: Sequence[str]) -> int:
    """Carry out a command, say what happened, and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "copy":
            return _copy(options)
        file = database_file(url)
        if file is None:
            return _run_on_postgresql(url, options.command)
        return COMMANDS[options.command](file, options)
    except KeyboardInterrupt:
        reason = INTERRUPTED.get(options.command, "It was interrupted; the history is as it was.")
    except (ConfigurationError, ImportError, OSError, sqlite3.Error, SQLAlchemyError) as error:
        reason = _reason(error)
    print(f"history {options.command} was not carried out: {reason}", file=sys.stderr)
    return NOT_DONE


def _back_up(database: Path, options: argparse.Namespace) -> int:
    target = options.file or database.parent / "backups"
    if options.file is None:
        target.mkdir(mode=0o700, exist_ok=True)
    if target.is_dir():
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        target /= f"{database.stem}-{moment}{database.suffix}"
    _refuse_to_replace(target, database)
    with hold_as_command(database), _progress("Copying") as progress:
        counts = copy_database(database, target, progress)
    print(f"{target}: {counts.get('entries', 0)} entries, {_size(target)}, verified.")
    return DONE


def _refuse_to_replace(target: Path, database: Path) -> None:
    """Raise ConfigurationError unless a file is an older backup, if it is there."""
    if not target.exists():
        return
    with target.open("rb") as file:
        is_database = file.read(len(MAGIC)) == MAGIC
    if not is_database or (database.exists() and target.samefile(database)):
        raise ConfigurationError(f"{target} is there and no backup. Name another file.")


def _restore(database: Path, options: argparse.Namespace) -> int:
    if options.file.exists() and database.exists() and options.file.samefile(database):
        raise ConfigurationError(f"{options.file} is the database itself. Name a backup.")
    with hold_as_server(database), hold_as_command(database), _progress("Restoring") as progress:
        kept = restore(options.file, database, progress)
    print(f"{database} is restored.", f"The former one is kept as {kept}." if kept else "")
    return DONE


def _check(database: Path, _options: argparse.Namespace) -> int:
    with closing(open_existing(database)) as connection:
        faults = find_faults(connection)
    return _report(str(database), faults)


def _report(name: str, faults: Sequence[str], note: str = "") -> int:
    for fault in faults[:MAX_SHOWN_FAULTS]:
        print(f"{name}: {fault}.", file=sys.stderr)
    if faults:
        print(f"{name} has {len(faults)} faults. Restore a backup.", file=sys.stderr)
        return FAULTY
    print(f"{name}: no faults.{note}")
    return DONE


def _vacuum(database: Path, _options: argparse.Namespace) -> int:
    with hold_as_server(database), hold_as_command(database):
        with closing(open_existing(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            before = _size(database)
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print(f"{database}: {before} before, {_size(database)} now.")
    return DONE


def _run_on_postgresql(url: str, command: str) -> int:
    if make_url(url).get_backend_name() != "postgresql" or command not in ON_POSTGRESQL:
        raise ConfigurationError(
            "This command is for SQLite. PostgreSQL has its own: pg_dump and pg_restore."
        )
    engine = connect(url)
    try:
        found = schema_of(engine)
        if found is None:
            raise ConfigurationError("This is not a database of Live Digits.")
        require_schema(found)
        return ON_POSTGRESQL[command](engine)
    finally:
        engine.dispose()


def _check_postgresql(engine: Engine) -> int:
    with engine.connect() as connection:
        faults = upkeep.find_faults(connection)
        note = "" if upkeep.may_check_indexes(connection) else WITHOUT_AMCHECK
    return _report(_name(str(engine.url)), faults, note)


def _vacuum_postgresql(engine: Engine) -> int:
    before, now = (f"{size / 1e6:.1f} MB" for size in upkeep.vacuum(engine))
    print(f"{_name(str(engine.url))}: {before} before, {now} now.")
    return DONE


def _copy(options: argparse.Namespace) -> int:
    with _progress("Copying") as progress, _stopped_at_reports(progress) as report:
        counts, copied = copy_into(options.source, options.target, report)
    print(
        f"{_name(options.source)}: {counts['entries']} entries, {sum(counts.values())} rows in "
        f"all, are in {_name(options.target)}, verified; {copied} rows were copied now."
    )
    return DONE


def _name(url: str) -> str:
    """Return what may be shown of a database's URL."""
    return str(database_file(url) or make_url(url).render_as_string(hide_password=True))


COMMANDS: dict[str, Callable[[Path, argparse.Namespace], int]] = {
    "backup": _back_up,
    "restore": _restore,
    "check": _check,
    "vacuum": _vacuum,
}

ON_POSTGRESQL: dict[str, Callable[[Engine], int]] = {
    "check": _check_postgresql,
    "vacuum": _vacuum_postgresql,
}


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    """Show a progress bar on a terminal, and nothing in a log."""
    with click.progressbar(
        length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def report(left: int, total: int) -> None:
            bar.length = total
            bar.update(total - left - bar.pos)

        yield report


@contextmanager
def _stopped_at_reports(progress: Progress) -> Iterator[Progress]:
    """Let Ctrl+C end the work at its next report; elsewhere, libraries may swallow the error.

    A second Ctrl+C ends it at once.
    """
    pressed = False

    def press(*_signal: object) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def report(left: int, total: int) -> None:
        if pressed:
            raise KeyboardInterrupt
        progress(left, total)

    former = signal.signal(signal.SIGINT, press)
    try:
        yield report
    finally:
        signal.signal(signal.SIGINT, former)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}."
    return str(getattr(error, "orig", None) or error).splitlines()[0]


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1e6:.1f} MB"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m server history", description="Back up, maintain and move the history."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    backup = commands.add_parser("backup", help="copy the database, also while the server runs")
    backup.add_argument("file", nargs="?", type=Path, help="file or folder (backups/)")
    give_back = commands.add_parser("restore", help="put a backup in the database's place")
    give_back.add_argument("file", type=Path)
    commands.add_parser("check", help="check the database, also while the server runs")
    commands.add_parser("vacuum", help="give the space of what was deleted back to the disk")
    copy = commands.add_parser("copy", help="copy everything to another database, or go on with it")
    copy.add_argument("source", help="URL: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
    copy.add_argument("target", help="URL of an empty database, or of one that a copy has begun")
    return parser
