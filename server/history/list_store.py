"""The store of lists: a list is its name on the entries of one maker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select, update

from server.contract import ListSummary
from server.database.engine import transaction
from server.database.schema import entries
from server.errors import InvalidPayload, NotFound
from server.history.access import Viewer, made_by
from server.history.findings import rename
from server.history.journal import Journal, renamed


class ListStore:
    """The lists of a history. Every method is one transaction.

    Raises Unavailable when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def lists(self, viewer: Viewer) -> Sequence[ListSummary]:
        """Return the lists that the viewer made, the one with the newest entry first."""
        with transaction(self._engine) as connection:
            return [ListSummary(*row) for row in connection.execute(summarize(viewer))]

    def rename(self, viewer: Viewer, name: str, new_name: str) -> None:
        """Rename a list. Raises NotFound, and InvalidPayload if another has the new name."""
        with transaction(self._engine, writes=True) as connection:
            if not _exists(connection, viewer, name):
                raise NotFound(f"You have no list named “{name}”.")
            if new_name == name:
                return
            if _exists(connection, viewer, new_name):
                raise InvalidPayload(f"You already have a list named “{new_name}”.")
            in_list = update(entries).where(made_by(viewer), entries.c.list == name)
            connection.execute(in_list.values(list=new_name))
            rename(connection, viewer, name, new_name)
            self._journal.note(connection, [renamed(name, new_name, viewer)])


def summarize(viewer: Viewer) -> Select[Any]:
    """Select the name, count and newest timestamp of each list, the newest first."""
    latest = func.max(entries.c.timestamp)
    return (
        select(entries.c.list, func.count(), latest)
        .where(made_by(viewer), entries.c.list.is_not(None))
        .group_by(entries.c.list)
        .order_by(latest.desc(), entries.c.list)
    )


def _exists(connection: Connection, viewer: Viewer, name: str) -> bool:
    query = select(entries.c.id).where(made_by(viewer), entries.c.list == name).limit(1)
    return connection.execute(query).first() is not None
