"""The files of a SQLite database: where they are, who may read them, and what is on the disk."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PRIVATE = 0o600
COMPANIONS = ("-wal", "-shm", "-journal")  # that SQLite keeps beside a database
LEAVE_BUSY_S = 2


def database_file(url: str) -> Path | None:
    """Return the file of a SQLite database; None for one in memory, and for any other URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, ":memory:")
    return Path(str(parsed.database)) if is_file else None


def companions(file: Path) -> list[Path]:
    """Return the paths of the files that SQLite may keep beside a database."""
    return [Path(f"{file}{suffix}") for suffix in COMPANIONS]


def clear(*files: Path) -> None:
    """Delete files that may be there."""
    for file in files:
        file.unlink(missing_ok=True)


def keep_private(file: Path) -> None:
    """Let only the owner read a database; SQLite gives the files beside it the same mode.

    No connection may be open in this process: closing a file drops SQLite's locks on it.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, PRIVATE))
    for each in (file, *companions(file)):
        # PermissionError: it belongs to another user, or its file system has no modes.
        with suppress(FileNotFoundError, PermissionError):
            each.chmod(PRIVATE)


def log_of(file: Path) -> int:
    """Return when the write-ahead log was last written, in nanoseconds; 0 if it is empty."""
    try:
        log = Path(f"{file}-wal").stat()
    except OSError:
        return 0
    return log.st_mtime_ns if log.st_size else 0


def empty_log(file: Path, busy_s: float = 0) -> None:
    """Move the write-ahead log into the database and cut it to nothing.

    What was deleted is gone from all files then, and a copy of the database alone is whole. Nothing
    happens if others use the log for longer than `busy_s`, or if the disk fails.
    """
    with suppress(sqlite3.Error), closing(sqlite3.connect(file, timeout=busy_s)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def leave(url: str) -> None:
    """Empty the log of a database at the end of the process; wait shortly for those who use it."""
    file = database_file(url)
    if file and file.exists():
        empty_log(file, LEAVE_BUSY_S)


def sync(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
