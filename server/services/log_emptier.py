"""The write-ahead log, emptied at quiet moments: until then it holds pictures that were deleted."""

from __future__ import annotations

from pathlib import Path

from server.database.files import empty_log, log_of
from server.runtime.off_loop import Pool

CHECK_S = 2
MAX_UNQUIET_S = 30  # then it is emptied though somebody writes


class LogEmptier:
    """Empties the log of a SQLite database when nothing was written to it for CHECK_S.

    It takes some milliseconds among the writes, so it waits for a pause, but not for ever.
    """

    def __init__(self, database: Path, writes: Pool) -> None:
        self._database = database
        self._writes = writes
        self._before, self._waited_s = 0, 0

    def look(self) -> None:
        """Empty the log if it is time. Called every CHECK_S."""
        written = log_of(self._database)
        self._waited_s = self._waited_s + CHECK_S if written else 0
        if written and (written == self._before or self._waited_s >= MAX_UNQUIET_S):
            self._writes(empty_log, self._database)
            self._waited_s = self._waited_s if log_of(self._database) else 0
        self._before = written
