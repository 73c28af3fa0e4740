"""The examples that a person's corrections gave: at most so many, the most telling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from server.database.engine import now, transaction
from server.database.schema import entries, examples, unlearning, users
from server.history.access import Viewer, made_by
from server.history.entry import Taught
from server.history.journal import Journal, relearned

MAX_EXAMPLES = 300  # of one person

TELLING = examples.c.label != examples.c.read_as
KEY = examples.c.entry_id, examples.c.position


def unteach(connection: Connection, ids: Sequence[UUID]) -> None:
    """Delete the examples of entries."""
    connection.execute(delete(examples).where(examples.c.entry_id.in_(ids)))


def take_along(connection: Connection, ids: Sequence[UUID], account: Viewer) -> None:
    """Give an account the examples of entries that it was given."""
    whose = {"owner": account.owner, "maker": account.maker}
    connection.execute(update(examples).where(examples.c.entry_id.in_(ids)).values(whose))


@dataclass(frozen=True)
class Lessons:
    """The examples of a person, in the order in which they came, and whether they are used.

    `contributes`: models for everybody may be trained on what this account corrected.
    """

    examples: Sequence[Row[Any]]
    is_on: bool
    contributes: bool


class ExampleStore:
    """The examples in a database. Every method is one short transaction.

    What changes is noted in a journal. Raises Unavailable when the database cannot be reached or
    written.
    """

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def load(self, viewer: Viewer) -> Lessons:
        """Return what a person's corrections taught."""
        query = select(examples).where(_of(viewer)).order_by(examples.c.time, *KEY)
        with transaction(self._engine) as connection:
            is_on, contributes = not _is_off(connection, viewer), _contributes(connection, viewer)
            return Lessons(connection.execute(query).all(), is_on, contributes)

    def teach(self, viewer: Viewer, id: UUID, text: str, taught: Sequence[Taught]) -> None:
        """Replace the examples of a viewer's entry, if it is corrected to this text still.

        Of too many, what the network reads right by itself goes first, and of that the oldest.
        """
        still = entries.c.corrected == text
        query = select(entries.c.id).where(entries.c.id == id, made_by(viewer), still)
        with transaction(self._engine, writes=True) as connection:
            if connection.execute(query).first() is None or _is_off(connection, viewer):
                return
            unteach(connection, [id])
            connection.execute(insert(examples), _rows(viewer, id, taught))
            _prune(connection, viewer)
            self._journal.note(connection, [relearned(viewer)])

    def forget(
        self, viewer: Viewer, entry: UUID | None = None, position: int | None = None
    ) -> None:
        """Delete an example of a person, or all; those that do not exist are passed over."""
        chosen = _of(viewer)
        if entry is not None:
            chosen &= (examples.c.entry_id == entry) & (examples.c.position == position)
        with transaction(self._engine, writes=True) as connection:
            connection.execute(delete(examples).where(chosen))
            self._journal.note(connection, [relearned(viewer)])

    def switch(self, viewer: Viewer, is_on: bool) -> None:
        """Learn from a person's corrections, and use what was learned, or do neither."""
        with transaction(self._engine, writes=True) as connection:
            connection.execute(delete(unlearning).where(unlearning.c.maker == viewer.maker))
            if not is_on:
                row = {"maker": viewer.maker, "owner": viewer.owner}
                connection.execute(insert(unlearning).values(row))
            self._journal.note(connection, [relearned(viewer)])

    def contribute(self, account: Viewer, does: bool) -> None:
        """Let models for everybody be trained on what an account corrected, or not."""
        whose = users.c.name == account.owner
        with transaction(self._engine, writes=True) as connection:
            connection.execute(update(users).where(whose).values(contributes=does))


def _rows(viewer: Viewer, id: UUID, taught: Sequence[Taught]) -> list[dict[str, Any]]:
    common = {"entry_id": id, "owner": viewer.owner, "maker": viewer.maker, "time": now()}
    return [
        common | {"position": place, "label": x.label, "read_as": x.read_as, "picture": x.picture}
        for place, x in enumerate(taught)
    ]


def _prune(connection: Connection, viewer: Viewer) -> None:
    ranked = select(*KEY).where(_of(viewer)).order_by(TELLING.desc(), examples.c.time.desc(), *KEY)
    surplus = connection.execute(ranked.offset(MAX_EXAMPLES).limit(MAX_EXAMPLES)).all()
    if surplus:
        keys = [tuple(row) for row in surplus]
        connection.execute(delete(examples).where(tuple_(*KEY).in_(keys)))


def _is_off(connection: Connection, viewer: Viewer) -> bool:
    query = select(unlearning.c.maker).where(unlearning.c.maker == viewer.maker)
    return connection.execute(query).first() is not None


def _contributes(connection: Connection, viewer: Viewer) -> bool:
    query = select(users.c.contributes).where(users.c.name == viewer.owner)
    return bool(connection.execute(query).scalar())


def _of(viewer: Viewer) -> ColumnElement[bool]:
    return (examples.c.owner == viewer.owner) & (examples.c.maker == viewer.maker)
