"""All histories read again, a few entries at a time: what was read so far, and by whom.

The entries are taken in the order of their ids. One server at a time goes on with it; if that ends,
another one does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from server.contract import Reading, Shown, Strokes
from server.database.engine import as_timestamp, now, transaction
from server.database.schema import entries, pictures, rereadings
from server.history.access import Viewer
from server.history.entry import restore_reading
from server.history.journal import Journal, changed
from server.history.rows import as_entry, change, read_values

HELD_S = 15  # by a server that goes on with it


@dataclass(frozen=True)
class Progress:
    """How far a rereading is: entries at its start, those it has come by, and those it changed."""

    id: int
    total: int
    seen: int
    changed: int
    is_finished: bool


@dataclass(frozen=True)
class Kept:
    """An entry as it is kept, to be read again."""

    id: UUID
    viewer: Viewer  # who made it
    image_version: str
    is_corrected: bool
    reading: Reading
    shown: Shown


class RereadingStore:
    """The newest rereading in a database. Every method is one short transaction.

    What changes is noted in a journal. Raises Unavailable as HistoryStore does.
    """

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def begin(self) -> bool:
        """Begin another rereading; return whether none is under way."""
        with self._transaction(writes=True) as connection:
            newest = _newest(connection)
            if newest and newest.finished is None:
                return False
            total = connection.execute(select(func.count()).select_from(entries)).scalar_one()
            counts = {"total": total, "seen": 0, "changed": 0}
            row = {"started": now(), "held_until": ""} | counts
            connection.execute(insert(rereadings).values(row))
        return True

    def progress(self) -> Progress | None:
        """Return how far the newest rereading is; None if there was none."""
        with self._transaction() as connection:
            row = _newest(connection)
        if row is None:
            return None
        return Progress(row.id, row.total, row.seen, row.changed, row.finished is not None)

    def hold(self) -> bool:
        """Go on with the rereading; return whether one is under way that no other server holds."""
        until = as_timestamp(datetime.now(UTC) + timedelta(seconds=HELD_S))
        free = rereadings.c.finished.is_(None) & (rereadings.c.held_until < now())
        with self._transaction(writes=True) as connection:
            taken = connection.execute(update(rereadings).where(free).values(held_until=until))
        return taken.rowcount > 0

    def next(self, limit: int) -> Sequence[Kept]:
        """Return the next entries; none at the end."""
        query = select(entries, *PICTURE).join(pictures, pictures.c.entry_id == entries.c.id)
        query = query.order_by(entries.c.id).limit(limit)
        with self._transaction() as connection:
            newest = _newest(connection)
            if newest and newest.last_id:
                query = query.where(entries.c.id > newest.last_id)
            return [_as_kept(row) for row in connection.execute(query)]

    def keep(self, seen: Sequence[Kept], readings: Mapping[UUID, Reading]) -> None:
        """Note that entries were seen, and the readings of those that were read again.

        An entry that was corrected or drawn anew meanwhile stays as it is.
        """
        as_seen = {each.id: each.image_version for each in seen}
        query = select(entries).where(entries.c.id.in_(readings), entries.c.corrected.is_(None))
        with self._transaction(writes=True) as connection:
            rows = [
                row for row in connection.execute(query) if row.image_version == as_seen[row.id]
            ]
            values = [read_values(readings[row.id]) for row in rows]
            now_read = [as_entry(row) for row in change(connection, rows, values)]
            self._journal.note(connection, [changed(entry) for entry in now_read])
            _advance(connection, seen, sum(map(_differ, rows, values)))

    def finish(self) -> None:
        """Note that all entries were seen."""
        unfinished = rereadings.c.finished.is_(None)
        with self._transaction(writes=True) as connection:
            connection.execute(update(rereadings).where(unfinished).values(finished=now()))

    def _transaction(self, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes)


PICTURE = pictures.c.content, pictures.c.strokes, pictures.c.digits_only


def _newest(connection: Connection) -> Row[Any] | None:
    return connection.execute(select(rereadings).order_by(rereadings.c.id.desc()).limit(1)).first()


def _as_kept(row: Row[Any]) -> Kept:
    strokes = msgspec.json.decode(row.strokes, type=Strokes) if row.strokes else None
    return Kept(
        id=row.id,
        viewer=Viewer(row.maker, row.owner),
        image_version=row.image_version,
        is_corrected=row.corrected is not None,
        reading=restore_reading(row.reading),
        shown=Shown(image=bytes(row.content), strokes=strokes, digits_only=row.digits_only),
    )


def _differ(row: Row[Any], values: Mapping[str, Any]) -> bool:
    return bool(row.predicted != values["predicted"] or row.uncertain != values["uncertain"])


def _advance(connection: Connection, seen: Sequence[Kept], changed: int) -> None:
    until = as_timestamp(datetime.now(UTC) + timedelta(seconds=HELD_S))
    values = {
        "last_id": seen[-1].id,
        "seen": rereadings.c.seen + len(seen),
        "changed": rereadings.c.changed + changed,
        "held_until": until,
    }
    unfinished = rereadings.c.finished.is_(None)
    connection.execute(update(rereadings).where(unfinished).values(values))
