"""Locks on a SQLite database: who must be alone with it, a server or a command, is.

Two servers on one file would not tell each other's clients what changes. The system drops a lock
(flock) when its process ends, however that happens.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from server.database.files import PRIVATE
from server.errors import ConfigurationError

MAX_PID_BYTES = 20


@dataclass(frozen=True)
class Lock:
    """A lock that is held until `close`, or until the process ends."""

    descriptor: int

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        os.close(self.descriptor)


def hold_as_server(database: Path) -> Lock:
    """Lock a database for a server, or for a command that no server may run beside.

    Raises ConfigurationError.
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
        lock = Lock(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
        if not _lock(lock.descriptor):
            holder = os.read(lock.descriptor, MAX_PID_BYTES).decode(errors="replace")
            lock.close()
            raise ConfigurationError(f"{refusal} (process {holder.strip() or 'unknown'}).")
        os.truncate(lock.descriptor, 0)
        os.write(lock.descriptor, f"{os.getpid()}\n".encode())
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be locked ({error.strerror}).") from error
    return lock


def _lock(descriptor: int) -> bool:
    """Lock an open file; False if another process holds it. Windows has no such locks."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
