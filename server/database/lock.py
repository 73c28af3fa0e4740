"""Locks on a SQLite database: who must be alone with it, a server or a command, is.

Two servers on one file would not tell each other's clients what changes. The system drops a lock
(flock) when its process ends, however that happens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from server.database.files import PRIVATE
from server.errors import ConfigurationError

Lock = IO[str]


def hold_as_server(database: Path) -> Lock:
    """Lock a database for a server, or for a command that no server may run beside.

    It is held until the result is closed. Raises ConfigurationError.
    """
    return _hold(
        Path(f"{database}.lock"),
        f"A server or a command already uses {database}. Stop it first: two servers would not "
        "tell each other's visitors what changes",
    )


def hold_as_command(database: Path) -> Lock:
    """Lock a database for a command that may run beside a server. Raises ConfigurationError."""
    return _hold(
        Path(f"{database}.command.lock"),
        f"Another history command is at work on {database}. Wait for its end",
    )


def _hold(path: Path, refusal: str) -> Lock:
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE), "r+")
        if not _lock(file):
            raise ConfigurationError(f"{refusal} (process {file.read().strip() or 'unknown'}).")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be locked ({error.strerror}).") from error
    file.truncate()
    print(os.getpid(), file=file, flush=True)
    return file


def _lock(file: Lock) -> bool:
    """Lock an open file; False if another process holds it. Windows has no such locks."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
