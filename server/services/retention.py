"""Retention: the oldest entries are deleted where a history has outgrown the operator's limits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.contract import Filter
from server.database.engine import as_timestamp
from server.error_boundary import attempt
from server.history.retention import Deleted, RetentionStore, everything
from server.history.store import HistoryStore
from server.runtime.off_loop import Pools
from server.services.publisher import Publisher

CHECK_S = 300  # between two looks at all histories
BATCH = 10  # entries of one transaction, about 10 ms
PAUSE_S = 0.05  # between two transactions: saves come first
WEIGHED = 1_000  # pictures that are added up in one transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RetentionLimits:
    """Limits on what each history keeps; 0: none."""

    days: int
    entries: int
    picture_bytes: int

    @property
    def any(self) -> bool:
        return bool(self.days or self.entries or self.picture_bytes)


class RetentionService:
    """Deletes what is too old or too much, between `start` and `stop`, at once and then again.

    A history is the public one or an account's: nobody's entries push out those of another history.
    Every deletion is told to those who watch.
    """

    def __init__(
        self,
        store: RetentionStore,
        history: HistoryStore,
        pools: Pools,
        publisher: Publisher,
        limits: RetentionLimits,
    ) -> None:
        self._store = store
        self._history = history
        self._pools = pools
        self._publisher = publisher
        self._limits = limits
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._limits.any:
            self._thread = threading.Thread(target=self._repeat, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def enforce(self) -> None:
        """Bring all histories within their limits, unless a server does. Raises Unavailable."""
        end = self._pools.reads(self._store.begin)
        if end:
            try:
                self._enforce()
            finally:
                self._pools.reads(end)

    def _enforce(self) -> None:
        for owner in self._pools.reads(self._store.owners):
            deleted = self._delete_old(owner) + self._delete_many(owner) + self._delete_large(owner)
            if deleted:
                whose = "the public history" if owner is None else f"the history of {owner}"
                log.info("Retention deleted %d entries of %s.", deleted, whose)

    def _repeat(self) -> None:
        while not self._stopped.is_set():
            attempt(self.enforce)
            self._stopped.wait(CHECK_S)

    def _delete_old(self, owner: str | None) -> int:
        if not self._limits.days:
            return 0
        until = as_timestamp(datetime.now(UTC) - timedelta(days=self._limits.days))
        count = 0
        while deleted := self._delete(owner, BATCH, made_until=until):
            count += len(deleted)
        return count

    def _delete_many(self, owner: str | None) -> int:
        if not self._limits.entries:
            return 0
        count = self._pools.reads(self._history.count, everything(owner), Filter())
        surplus = count - self._limits.entries
        left = surplus
        while left > 0 and (deleted := self._delete(owner, min(left, BATCH))):
            left -= len(deleted)
        return max(0, surplus - left)

    def _delete_large(self, owner: str | None) -> int:
        if not self._limits.picture_bytes:
            return 0
        left, count = self._weigh(owner) - self._limits.picture_bytes, 0
        while left > 0 and (deleted := self._delete(owner, BATCH, max_bytes=left)):
            left -= sum(each.picture_bytes for each in deleted)
            count += len(deleted)
        return count

    def _weigh(self, owner: str | None) -> int:
        """Return the bytes of all pictures of a history."""
        weighed = self._pools.reads(self._store.weigh, owner, WEIGHED, None)
        total_bytes = weighed.total_bytes
        while weighed.next and not self._stopped.wait(PAUSE_S):
            weighed = self._pools.reads(self._store.weigh, owner, WEIGHED, weighed.next)
            total_bytes += weighed.total_bytes
        return total_bytes

    def _delete(
        self,
        owner: str | None,
        limit: int,
        made_until: str | None = None,
        max_bytes: int | None = None,
    ) -> Sequence[Deleted]:
        """Delete a few of the oldest entries, tell those who watch, and pause; none if stopped."""
        if self._stopped.is_set():
            return []
        delete = self._store.delete_oldest
        deleted = self._pools.writes(delete, owner, limit, made_until, max_bytes)
        self._publisher.tell_changes()
        self._stopped.wait(PAUSE_S)
        return deleted
