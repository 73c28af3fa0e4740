"""The journal of several processes: a table of PostgreSQL, which tells each of them what is new.

A change and its event are one transaction (the transactional outbox), and one transaction writes at
a time, so positions have the order of the commits. NOTIFY wakes the processes:
https://www.postgresql.org/docs/current/sql-notify.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from server.database.engine import transaction
from server.database.schema import events
from server.errors import Unavailable
from server.history.access import Viewer
from server.history.journal import BATCH, MAX_MISSED, OF_MAKER, Change, Event, Mark, bounded

KEPT, KEPT_FOR = 20_000, "10 minutes"
CHANNEL = "digits_events"

Read = Callable[..., Any]


class SharedJournal:
    """The events in a table, in the order of the commits of all processes.

    An epoch is a run of PostgreSQL: another server that takes its place may not have all commits.
    The table is as durable as the changes, or an event could be lost in a crash.
    """

    is_shared = True

    def __init__(self, engine: Engine, read: Read) -> None:
        """`read` makes a call of the database off the loop."""
        self._engine = engine
        self._read = read
        self._listener: Connection | None = None
        self._run = self._read_run()

    def note(self, connection: Connection, changes: Sequence[Change]) -> None:
        if changes:
            connection.execute(insert(events), [_values(each) for each in changes])
            connection.execute(text(f"NOTIFY {CHANNEL}"))

    def newest(self) -> Mark:
        with transaction(self._engine) as connection:
            position = connection.execute(select(func.max(events.c.position))).scalar()
        return Mark(position or 0, self._run.epoch)

    def after(self, last: Mark) -> Sequence[Event]:
        run = self._run
        known = last.position if last.epoch == run.epoch else min(last.position, run.position)
        query = select(events).where(events.c.position > known).limit(BATCH)
        return self._read(self._select, query, run.epoch)  # type: ignore[no-any-return]

    def missed(self, viewer: Viewer, mine: bool, last: Mark, until: Mark) -> list[Event] | None:
        if last.epoch != until.epoch or last.position > until.position:
            return None
        if last == until:
            return []
        of_viewer = events.c.owner.is_not_distinct_from(viewer.owner)
        whose = events.c.maker == viewer.maker if mine else events.c.event.not_in(OF_MAKER)
        newer = events.c.position.between(last.position + 1, until.position)
        query = select(events).where(newer, of_viewer, whose).limit(MAX_MISSED + 1)
        return self._read(self._missed, query, last)  # type: ignore[no-any-return]

    def wait(self, timeout_s: float) -> bool:
        """Wait, in a native thread, until something may be new; return whether it may.

        Raises Unavailable.
        """
        try:
            if self._listener is None:
                self._listen()
                return True
            connection: Any = self._listener.connection.driver_connection
            return any(True for _ in connection.notifies(timeout=timeout_s, stop_after=1))
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
            self.hang_up()
            raise Unavailable("The database does not tell what is new.") from error

    def prune(self) -> None:
        """Forget the oldest events."""
        oldest = select(func.max(events.c.position) - KEPT).scalar_subquery()
        old = events.c.time < func.now() - text(f"interval '{KEPT_FOR}'")
        with transaction(self._engine) as connection:
            connection.execute(delete(events).where((events.c.position <= oldest) | old))

    def hang_up(self) -> None:
        """Listen no more."""
        listener, self._listener = self._listener, None
        if listener:
            listener.invalidate()
            listener.close()

    def _listen(self) -> None:
        listener = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._listener = listener
        listener.execute(text(f"LISTEN {CHANNEL}"))
        self._run = self._read_run()

    def _read_run(self) -> Mark:
        """Return the epoch of PostgreSQL's run, and the last position before it."""
        started = func.pg_postmaster_start_time()
        table = func.concat(started, text(f"'{events.name}'::regclass::oid"))
        before = select(func.max(events.c.position)).where(events.c.time < started)
        with transaction(self._engine) as connection:
            run, position = connection.execute(select(table, before.scalar_subquery())).one()
        return Mark(position or 0, hashlib.sha256(run.encode()).hexdigest()[:16])

    def _select(self, query: Select[Any], epoch: str) -> list[Event]:
        with transaction(self._engine) as connection:
            rows = connection.execute(query.order_by(events.c.position))
            return [_event(row, epoch) for row in rows]

    def _missed(self, query: Select[Any], last: Mark) -> list[Event] | None:
        missed = self._select(query, last.epoch)
        with transaction(self._engine) as connection:  # after that, so that none was forgotten
            oldest = connection.execute(select(func.min(events.c.position))).scalar()
        is_known = oldest is not None and oldest <= last.position + 1
        return bounded(missed) if is_known else None


def _values(change: Change) -> dict[str, Any]:
    return {
        "event": change.event,
        "owner": change.viewer.owner,
        "maker": change.viewer.maker,
        "content": change.content,
    }


def _event(row: Row[Any], epoch: str) -> Event:
    change = Change(row.event, Viewer(row.maker, row.owner), bytes(row.content))
    return Event(change, Mark(row.position, epoch))
