"""The oldest entries of a history, found and deleted a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, func, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from server.contract import Filter
from server.database.engine import reaching, transaction
from server.database.postgresql import RETENTION_LOCK, end_turn, take_turn
from server.database.schema import findings, pictures, users
from server.history.access import Viewer
from server.history.findings import ANY, in_place, place_of
from server.history.journal import Journal, removed
from server.history.rows import remove
from server.history.selection import find_in_order, plan

PLACE_KEY = (findings.c.input_type, findings.c.status, findings.c.timestamp, findings.c.entry_id)

Key = tuple[Any, ...]


class Weighed(NamedTuple):
    """The bytes of some pictures, and where to go on; None after the last."""

    total_bytes: int
    next: Key | None


class Deleted(NamedTuple):
    """An entry that was deleted, and the bytes of its picture."""

    id: UUID
    picture_bytes: int


class RetentionStore:
    """The histories in a database: the public one (no owner) and one for each account.

    Every method is one short transaction; what changes is noted in a journal. Raises Unavailable as
    HistoryStore does.
    """

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def begin(self) -> Callable[[], None] | None:
        """Return what ends the turn of this server; None while another one deletes."""
        with reaching():
            connection = self._engine.connect()
            if take_turn(connection, RETENTION_LOCK):
                return partial(_end, connection)
            connection.close()
        return None

    def owners(self) -> Sequence[str | None]:
        """Return the owners of all histories."""
        with self._transaction() as connection:
            return [None, *connection.execute(select(users.c.name)).scalars()]

    def weigh(self, owner: str | None, limit: int, after: Key | None) -> Weighed:
        """Add up the pictures of the next entries of a history."""
        query = (
            select(*PLACE_KEY, func.length(pictures.c.content))
            .join(pictures, pictures.c.entry_id == findings.c.entry_id)
            .where(in_place(place_of(everything(owner), Filter())), findings.c.text == ANY)
            .order_by(*PLACE_KEY)
            .limit(limit)
        )
        if after is not None:
            query = query.where(tuple_(*PLACE_KEY) > after)
        with self._transaction() as connection:
            rows = connection.execute(query).all()
        next = tuple(rows[-1][:-1]) if len(rows) == limit else None
        return Weighed(sum(row[-1] for row in rows), next)

    def delete_oldest(
        self, owner: str | None, limit: int, made_until: str | None, max_bytes: int | None
    ) -> Sequence[Deleted]:
        """Delete the oldest entries of a history, those made until a time.

        With `max_bytes`, only as many as it takes to delete so many bytes of pictures.
        """
        with self._transaction(writes=True) as connection:
            scope = plan(connection, everything(owner), Filter(made_until=made_until))
            rows = find_in_order(scope, limit, None).run(connection).all()
            deleted = _weigh_rows(connection, rows, max_bytes)
            remove(connection, rows[: len(deleted)])
            gone = [removed(row.id, Viewer(row.maker, row.owner)) for row in rows[: len(deleted)]]
            self._journal.note(connection, gone)
        return deleted

    def _transaction(self, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes)


def _end(connection: Connection) -> None:
    """End the turn; with a connection that is gone, it has ended."""
    with connection:
        try:
            end_turn(connection, RETENTION_LOCK)
        except SQLAlchemyError:
            connection.invalidate()


def everything(owner: str | None) -> Viewer:
    """Return a viewer of a whole history, who made none of it."""
    return Viewer(maker="", owner=owner)


def _weigh_rows(
    connection: Connection, rows: Sequence[Row[Any]], max_bytes: int | None
) -> list[Deleted]:
    """Return the first rows with their weight, up to the one that reaches `max_bytes`."""
    ids = [row.id for row in rows]
    query = select(pictures.c.entry_id, func.length(pictures.c.content))
    found = connection.execute(query.where(pictures.c.entry_id.in_(ids)))
    weights: dict[UUID, int] = {row.entry_id: row[1] for row in found}
    weighed: list[Deleted] = []
    for row in rows:
        if max_bytes is not None and sum(each.picture_bytes for each in weighed) >= max_bytes:
            break
        weighed.append(Deleted(row.id, weights.get(row.id, 0)))
    return weighed
