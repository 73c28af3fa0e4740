"""Rows of entries with their pictures, index and statistics, changed in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.contract import Entry, Reading
from server.database.constraints import is_missing_reference
from server.database.engine import now
from server.database.schema import entries, examples, findings, pictures
from server.errors import NotFound, SignInRequired
from server.history import findings as search
from server.history import tallies as statistics
from server.history.access import Viewer, refuse_others, seen_by
from server.history.entry import Draft, Past, restore_reading
from server.history.examples import unteach
from server.history.reviews import forget

Values = dict[str, Any]


def as_entry(row: Row[Any]) -> Entry:
    values = dict(row._mapping)
    values["reading"] = restore_reading(values["reading"])
    return Entry(**values)


def not_found() -> NotFound:
    return NotFound("There is no such entry. It may have been deleted.")


def get_row(connection: Connection, id: UUID) -> Row[Any] | None:
    """Return an entry, whoever asks; None: there is none."""
    return connection.execute(select(entries).where(entries.c.id == id)).first()


def require(connection: Connection, viewer: Viewer, id: UUID) -> Row[Any]:
    """Return an entry. Raises NotFound, as everywhere for one that the viewer does not see."""
    found = find_seen(connection, viewer, [id])
    if not found:
        raise not_found()
    return found[0]


def require_own(connection: Connection, viewer: Viewer, ids: Sequence[UUID]) -> list[Row[Any]]:
    """Return entries that the viewer may change, in this order. Raises NotFound and Forbidden."""
    found = find_own(connection, viewer, ids)
    if len(found) < len(set(ids)):
        raise not_found()
    return found


def find_seen(connection: Connection, viewer: Viewer, ids: Sequence[UUID]) -> list[Row[Any]]:
    """Return those entries that the viewer sees, in this order."""
    return _find(connection, ids, seen_by(viewer))


def find_own(connection: Connection, viewer: Viewer, ids: Sequence[UUID]) -> list[Row[Any]]:
    """Return those entries that still exist, in this order. Raises Forbidden for another's."""
    found = find_seen(connection, viewer, ids)
    for row in found:
        refuse_others(row, viewer)
    return found


def insert_entry(connection: Connection, draft: Draft, viewer: Viewer) -> Row[Any]:
    """Insert an entry with its picture. Raises SignInRequired for an account that was deleted."""
    past = draft.past or Past(now())
    values = {
        "id": draft.id,
        "input_type": draft.input_type,
        "maker": viewer.maker,
        "owner": viewer.owner,
        "image_path": f"/images/{draft.id}",
        "timestamp": past.timestamp,
        "corrected": past.corrected,
        "list": draft.list,
        "rank": _default_rank(past.timestamp) if past.rank is None else past.rank,
    }
    try:
        connection.execute(insert(entries).values(values | _draft_values(draft)))
    except IntegrityError as error:
        if not is_missing_reference(error):
            raise
        raise SignInRequired("This account was deleted. Sign in to another one.") from error
    connection.execute(insert(pictures).values({"entry_id": draft.id} | _picture_values(draft)))
    return _noted(connection, [], [draft.id])[0]


def replace_entry(
    connection: Connection, row: Row[Any], draft: Draft, corrected: str | None
) -> Row[Any]:
    """Replace the reading and picture of a drawing, and put it into the draft's list."""
    if corrected is None:
        unteach(connection, [row.id])
        forget(connection, row.id)
    picture = update(pictures).where(pictures.c.entry_id == row.id)
    connection.execute(picture.values(_picture_values(draft)))
    said = {"corrected": corrected, "disputed": row.disputed and corrected is not None}
    values = _draft_values(draft) | said | _moved(row, draft.list)
    return change(connection, [row], [values])[0]


def move(
    connection: Connection, rows: Sequence[Row[Any]], list_name: str | None, rank: float | None
) -> list[Row[Any]]:
    """Put entries into a list; one that is new there stands where it was made, or at the rank."""
    return change(connection, rows, [_moved(row, list_name, rank) for row in rows])


def change(
    connection: Connection, rows: Sequence[Row[Any]], values: Sequence[Values]
) -> list[Row[Any]]:
    """Set the values of each entry; return the entries as they are now."""
    for row, given in zip(rows, values, strict=True):
        connection.execute(update(entries).where(entries.c.id == row.id).values(given))
    return _noted(connection, rows, [row.id for row in rows])


def read_values(reading: Reading) -> Values:
    """Return the values of an entry that its reading gives."""
    return {
        "predicted": reading.text,
        "confidence": reading.confidence,
        "uncertain": reading.uncertain,
        "reading": msgspec.to_builtins(reading),
        "reread": None,
        "reread_by": None,
    }


def remove(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """Delete entries and their pictures."""
    ids = [row.id for row in rows]
    _note(connection, rows, [])
    unteach(connection, ids)
    connection.execute(delete(pictures).where(pictures.c.entry_id.in_(ids)))
    connection.execute(delete(entries).where(entries.c.id.in_(ids)))


def erase(connection: Connection, owner: str) -> None:
    """Delete an account's entries."""
    own = select(entries.c.id).where(entries.c.owner == owner)
    connection.execute(delete(findings).where(findings.c.owner == owner))
    statistics.forget(connection, owner)
    connection.execute(delete(examples).where(examples.c.owner == owner))
    connection.execute(delete(pictures).where(pictures.c.entry_id.in_(own)))
    connection.execute(delete(entries).where(entries.c.owner == owner))


def _noted(connection: Connection, old: Sequence[Row[Any]], ids: Sequence[UUID]) -> list[Row[Any]]:
    """Bring index and statistics up to date; return the entries as they are now."""
    new = _find(connection, ids)
    _note(connection, old, new)
    return new


def _note(connection: Connection, old: Sequence[Row[Any]], new: Sequence[Row[Any]]) -> None:
    search.note(connection, old, new)
    statistics.note(connection, old, new)


def _find(
    connection: Connection, ids: Sequence[UUID], *conditions: ColumnElement[bool]
) -> list[Row[Any]]:
    query = select(entries).where(entries.c.id.in_(ids), *conditions)
    found = {row.id: row for row in connection.execute(query)}
    return [found[id] for id in dict.fromkeys(ids) if id in found]


def _moved(row: Row[Any], list_name: str | None, rank: float | None = None) -> Values:
    if rank is None:
        rank = row.rank if row.list == list_name else _default_rank(row.timestamp)
    return {"list": list_name, "rank": rank}


def _default_rank(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp() * 1000


def _draft_values(draft: Draft) -> Values:
    return read_values(draft.reading) | {"image_version": draft.sha256[:16]}


def _picture_values(draft: Draft) -> Values:
    strokes = msgspec.json.encode(draft.strokes) if draft.strokes else None
    return {
        "content": draft.picture,
        "sha256": draft.sha256,
        "strokes": strokes,
        "digits_only": draft.digits_only,
    }
