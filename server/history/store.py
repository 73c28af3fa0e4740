"""The history: entries saved with their pictures, listed newest first, corrected, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from server.errors import Forbidden, InvalidPayload, NotFound, Unavailable
from server.history.database import WRITES
from server.history.entry import Draft, Entry, Page, Picture, Saved
from server.history.findings import find, forget, note
from server.history.tables import entries, pictures


class History:
    """The history in a database. Every method is one short transaction.

    Raises Unavailable when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, draft: Draft) -> Saved:
        """Save a reading and its picture together. Raises Forbidden for somebody else's id."""
        with self._transaction(writes=True) as connection:
            row = _find(connection, draft.id)
            if row is None:
                return Saved(_insert(connection, draft), "added")
            _refuse_others(row, draft.maker)
            if not draft.replaces or _picture_sha256(connection, draft.id) == draft.sha256:
                return Saved(_entry(row), None)
            return Saved(_replace(connection, row, draft), "changed")

    def list(
        self,
        limit: int,
        before: str | None = None,
        input_type: str | None = None,
        search: str | None = None,
    ) -> Page:
        """Entries older than the cursor `before`, of one source, with a text in what was read."""
        cursor = _parse_cursor(before) if before is not None else None
        query = find(limit + 1, cursor, input_type, search or "")
        with self._transaction() as connection:
            found = [_entry(row) for row in connection.execute(query)]
        page = found[:limit]
        return Page(page, _cursor(page[-1]) if len(found) > limit else None)

    def get(self, id: UUID) -> Entry:
        """Raises NotFound."""
        with self._transaction() as connection:
            return _entry(_require(connection, id))

    def picture(self, id: UUID) -> Picture:
        """Raises NotFound."""
        query = (
            select(pictures.c.content, entries.c.image_version)
            .join(entries, entries.c.id == pictures.c.entry_id)
            .where(entries.c.id == id)
        )
        with self._transaction() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise _not_found()
        return Picture(bytes(row.content), row.image_version)

    def correct(self, id: UUID, text: str, maker: str) -> Entry:
        """Note what was really written. Raises NotFound and Forbidden."""
        with self._transaction(writes=True) as connection:
            row = _require(connection, id)
            _refuse_others(row, maker)
            return _entry(_update(connection, row, {"corrected": text}))

    def delete(self, id: UUID, maker: str) -> None:
        """Delete an entry and its picture. Raises NotFound and Forbidden."""
        with self._transaction(writes=True) as connection:
            row = _require(connection, id)
            _refuse_others(row, maker)
            forget(connection, row)
            connection.execute(delete(pictures).where(pictures.c.entry_id == id))
            connection.execute(delete(entries).where(entries.c.id == id))

    def check(self) -> None:
        """Raises Unavailable unless the database answers."""
        with self._transaction() as connection:
            connection.execute(select(entries.c.id).limit(1)).first()

    @contextmanager
    def _transaction(self, writes: bool = False) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                connection.execution_options(**{WRITES: writes})
                with connection.begin():
                    yield connection
        except (OperationalError, InterfaceError, TimeoutError) as error:
            raise Unavailable(
                "The history cannot be reached just now. What you made is still with you: "
                "try again in a moment."
            ) from error


def _insert(connection: Connection, draft: Draft) -> Entry:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    values = _read_values(draft) | {
        "id": draft.id,
        "input_type": draft.input_type,
        "maker": draft.maker,
        "image_path": f"/images/{draft.id}",
        "timestamp": now,
    }
    connection.execute(insert(entries).values(values))
    picture = {"content": draft.picture, "sha256": draft.sha256}
    connection.execute(insert(pictures).values(entry_id=draft.id, **picture))
    row = _require(connection, draft.id)
    note(connection, row)
    return _entry(row)


def _replace(connection: Connection, row: Row[Any], draft: Draft) -> Entry:
    """A drawing that went on: another reading and picture, so a correction no longer holds."""
    picture = {"content": draft.picture, "sha256": draft.sha256}
    connection.execute(update(pictures).where(pictures.c.entry_id == draft.id).values(picture))
    return _entry(_update(connection, row, _read_values(draft) | {"corrected": None}))


def _update(connection: Connection, row: Row[Any], values: dict[str, Any]) -> Row[Any]:
    forget(connection, row)
    connection.execute(update(entries).where(entries.c.id == row.id).values(values))
    changed = _require(connection, row.id)
    note(connection, changed)
    return changed


def _read_values(draft: Draft) -> dict[str, Any]:
    reading = draft.reading
    return {
        "predicted": reading["text"],
        "confidence": reading["confidence"],
        "uncertain": reading["uncertain"],
        "reading": reading,
        "image_version": draft.sha256[:16],
    }


def _cursor(entry: Entry) -> str:
    return f"{entry.timestamp}~{entry.id}"


def _parse_cursor(cursor: str) -> tuple[str, UUID]:
    timestamp, _, id = cursor.partition("~")
    try:
        return timestamp, UUID(id)
    except ValueError:
        raise InvalidPayload(
            "`before` is no cursor. Send the `next` of the page before, as it is."
        ) from None


def _find(connection: Connection, id: UUID) -> Row[Any] | None:
    return connection.execute(select(entries).where(entries.c.id == id)).first()


def _require(connection: Connection, id: UUID) -> Row[Any]:
    row = _find(connection, id)
    if row is None:
        raise _not_found()
    return row


def _not_found() -> NotFound:
    return NotFound("There is no such entry: it may have been deleted.")


def _picture_sha256(connection: Connection, id: UUID) -> str | None:
    query = select(pictures.c.sha256).where(pictures.c.entry_id == id)
    return connection.execute(query).scalar()


def _refuse_others(row: Row[Any], maker: str) -> None:
    if row.maker != maker:
        raise Forbidden("This entry was made in another browser: only there can it be changed.")


def _entry(row: Row[Any]) -> Entry:
    return Entry(**row._mapping)
