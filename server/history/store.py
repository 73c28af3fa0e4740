"""The history's store: entries and their pictures, saved, listed, corrected, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.contract import Entry, HistoryQuery
from server.database.engine import now, transaction
from server.database.schema import entries, findings, pictures
from server.errors import Forbidden, NotFound, SignInRequired
from server.history.access import Viewer, made_by, refuse_others, seen_by
from server.history.entry import Draft, EntryPage, Saved, StoredPicture, restore_reading
from server.history.findings import find, forget, note


class HistoryStore:
    """The history in a database. Every method is one short transaction.

    Raises Unavailable when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine, max_entries: int) -> None:
        self._engine = engine
        self._max_entries = max_entries

    def save(self, draft: Draft, viewer: Viewer) -> Saved:
        """Save a reading and its picture.

        Raises Forbidden for another's id and beyond `max_entries`, and SignInRequired for an
        account that was deleted.
        """
        with self._transaction(writes=True) as connection:
            row = connection.execute(select(entries).where(entries.c.id == draft.id)).first()
            if row is None:
                self._refuse_too_many(connection, viewer)
                return Saved(_insert(connection, draft, viewer), "added")
            refuse_others(row, viewer)
            if not draft.replaces or _picture_sha256(connection, draft.id) == draft.sha256:
                return Saved(_entry(row), None)
            return Saved(_replace(connection, row, draft), "changed")

    def list(self, viewer: Viewer, query: HistoryQuery) -> EntryPage:
        """List the entries that a query selects, of those that the viewer sees."""
        cursor = _parse_cursor(query.before) if query.before is not None else None
        one_more = query.limit + 1  # tells whether a page follows
        select_entries = find(viewer.owner, one_more, cursor, query.input_type, query.search or "")
        with self._transaction() as connection:
            found = [_entry(row) for row in connection.execute(select_entries)]
        page = found[: query.limit]
        return EntryPage(page, _cursor(page[-1]) if len(found) > query.limit else None)

    def get(self, viewer: Viewer, id: UUID) -> Entry:
        """Get an entry. Raises NotFound, as everywhere for one that the viewer does not see."""
        with self._transaction() as connection:
            return _entry(_require(connection, viewer, id))

    def picture(self, viewer: Viewer, id: UUID) -> StoredPicture:
        """Get an entry's picture. Raises NotFound."""
        query = (
            select(pictures.c.content, entries.c.image_version)
            .join(entries, entries.c.id == pictures.c.entry_id)
            .where(entries.c.id == id, seen_by(viewer))
        )
        with self._transaction() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise _not_found()
        return StoredPicture(bytes(row.content), row.image_version)

    def correct(self, viewer: Viewer, id: UUID, text: str) -> Entry:
        """Set the text that was really written. Raises NotFound and Forbidden."""
        with self._transaction(writes=True) as connection:
            row = _require(connection, viewer, id)
            refuse_others(row, viewer)
            return _entry(_update(connection, row, {"corrected": text}))

    def delete(self, viewer: Viewer, id: UUID) -> None:
        """Delete an entry and its picture. Raises NotFound and Forbidden."""
        with self._transaction(writes=True) as connection:
            row = _require(connection, viewer, id)
            refuse_others(row, viewer)
            forget(connection, row)
            connection.execute(delete(pictures).where(pictures.c.entry_id == id))
            connection.execute(delete(entries).where(entries.c.id == id))

    def count_own(self, viewer: Viewer) -> int:
        """Count the entries that the viewer made, up to `max_entries`."""
        with self._transaction() as connection:
            return self._count_own(connection, viewer)

    def take_along(self, guest: Viewer, account: Viewer, limit: int) -> Sequence[UUID]:
        """Give an account up to `limit` entries of a guest's browser; return their ids."""
        whose = {"owner": account.owner, "maker": account.maker}
        with self._transaction(writes=True) as connection:
            query = select(entries).where(made_by(guest)).limit(limit)
            rows = connection.execute(query).all()
            return [_update(connection, row, whose).id for row in rows]

    def check(self) -> None:
        """Raise Unavailable unless the database answers."""
        with self._transaction() as connection:
            connection.execute(select(entries.c.id).limit(1)).first()

    def _refuse_too_many(self, connection: Connection, viewer: Viewer) -> None:
        if self._count_own(connection, viewer) >= self._max_entries:
            raise Forbidden(
                f"The history is full: it keeps at most {self._max_entries} entries for one "
                "person. Delete some first."
            )

    def _count_own(self, connection: Connection, viewer: Viewer) -> int:
        own = select(entries.c.maker).where(made_by(viewer)).limit(self._max_entries)
        return connection.execute(select(func.count()).select_from(own.subquery())).scalar_one()

    def _transaction(self, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes)


def erase(connection: Connection, owner: str) -> None:
    """Delete an account's entries, within a transaction."""
    own = select(entries.c.id).where(entries.c.owner == owner)
    connection.execute(delete(findings).where(findings.c.owner == owner))
    connection.execute(delete(pictures).where(pictures.c.entry_id.in_(own)))
    connection.execute(delete(entries).where(entries.c.owner == owner))


def _insert(connection: Connection, draft: Draft, viewer: Viewer) -> Entry:
    values = _read_values(draft) | {
        "id": draft.id,
        "input_type": draft.input_type,
        "maker": viewer.maker,
        "owner": viewer.owner,
        "image_path": f"/images/{draft.id}",
        "timestamp": now(),
    }
    try:
        connection.execute(insert(entries).values(values))
    except IntegrityError as error:
        raise SignInRequired("This account was deleted. Sign in to another one.") from error
    picture = {"content": draft.picture, "sha256": draft.sha256}
    connection.execute(insert(pictures).values(entry_id=draft.id, **picture))
    row = connection.execute(select(entries).where(entries.c.id == draft.id)).one()
    note(connection, row)
    return _entry(row)


def _replace(connection: Connection, row: Row[Any], draft: Draft) -> Entry:
    """Replace the reading and picture of a drawing that went on; its correction no longer holds."""
    picture = {"content": draft.picture, "sha256": draft.sha256}
    connection.execute(update(pictures).where(pictures.c.entry_id == draft.id).values(picture))
    return _entry(_update(connection, row, _read_values(draft) | {"corrected": None}))


def _update(connection: Connection, row: Row[Any], values: dict[str, Any]) -> Row[Any]:
    forget(connection, row)
    connection.execute(update(entries).where(entries.c.id == row.id).values(values))
    changed = connection.execute(select(entries).where(entries.c.id == row.id)).one()
    note(connection, changed)
    return changed


def _read_values(draft: Draft) -> dict[str, Any]:
    reading = draft.reading
    return {
        "predicted": reading.text,
        "confidence": reading.confidence,
        "uncertain": reading.uncertain,
        "reading": msgspec.to_builtins(reading),
        "image_version": draft.sha256[:16],
    }


def _cursor(entry: Entry) -> str:
    return f"{entry.timestamp}~{entry.id}"


def _parse_cursor(cursor: str) -> tuple[str, UUID]:
    timestamp, _, id = cursor.partition("~")
    return timestamp, UUID(id)


def _require(connection: Connection, viewer: Viewer, id: UUID) -> Row[Any]:
    query: Select[Any] = select(entries).where(entries.c.id == id, seen_by(viewer))
    row = connection.execute(query).first()
    if row is None:
        raise _not_found()
    return row


def _not_found() -> NotFound:
    return NotFound("There is no such entry. It may have been deleted.")


def _picture_sha256(connection: Connection, id: UUID) -> str | None:
    query = select(pictures.c.sha256).where(pictures.c.entry_id == id)
    return connection.execute(query).scalar()


def _entry(row: Row[Any]) -> Entry:
    values = dict(row._mapping)
    values["reading"] = restore_reading(values["reading"])
    return Entry(**values)
