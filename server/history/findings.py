"""The search index: the short texts of every entry, so that no search reads the whole table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, tuple_, union_all
from sqlalchemy.sql import Subquery

from server.database.schema import entries, findings

PUBLIC = ""  # the owner of public entries: a primary key cannot hold NULL
MAX_INDEXED_LENGTH = 4  # characters; the rest of a longer search is compared afterwards
INPUT_TYPES = ("canvas", "upload")

Cursor = tuple[str, Any]  # timestamp and id of the last entry of the page before


def note(connection: Connection, row: Row[Any]) -> None:
    """Index an entry's texts."""
    where = {
        "owner": row.owner or PUBLIC,
        "input_type": row.input_type,
        "timestamp": row.timestamp,
        "entry_id": row.id,
    }
    texts = texts_within(row.predicted, row.corrected)
    connection.execute(insert(findings), [where | {"text": text} for text in texts])


def forget(connection: Connection, row: Row[Any]) -> None:
    """Undo `note`, before the entry changes or is deleted."""
    connection.execute(
        delete(findings).where(
            findings.c.owner == (row.owner or PUBLIC),
            findings.c.text.in_(texts_within(row.predicted, row.corrected)),
            findings.c.input_type == row.input_type,
            findings.c.timestamp == row.timestamp,
            findings.c.entry_id == row.id,
        )
    )


def find(
    owner: str | None, limit: int, before: Cursor | None, input_type: str | None, search: str
) -> Select[Any]:
    """Select an owner's newest entries that contain a text; every entry contains the empty one.

    Each input type is one range of the primary key, of which at most `limit` rows are read.
    """
    sources = [input_type] if input_type else INPUT_TYPES
    newest = [_newest(owner or PUBLIC, source, limit, before, search) for source in sources]
    found = union_all(*map(select, newest)).subquery()
    newest_first = (entries.c.timestamp.desc(), entries.c.id.desc())
    return (
        select(entries)
        .join(found, found.c.entry_id == entries.c.id)
        .order_by(*newest_first)
        .limit(limit)
    )


def _newest(owner: str, source: str, limit: int, before: Cursor | None, search: str) -> Subquery:
    key = (findings.c.timestamp, findings.c.entry_id)
    query = select(findings.c.entry_id).where(
        findings.c.owner == owner,
        findings.c.text == search[:MAX_INDEXED_LENGTH],
        findings.c.input_type == source,
    )
    if before is not None:
        query = query.where(tuple_(*key) < before)
    if len(search) > MAX_INDEXED_LENGTH:
        query = query.join(entries, entries.c.id == findings.c.entry_id).where(
            entries.c.predicted.contains(search, autoescape=True)
            | entries.c.corrected.contains(search, autoescape=True)
        )
    return query.order_by(*(column.desc() for column in key)).limit(limit).subquery()


def texts_within(*texts: str | None) -> set[str]:
    """Return all substrings of up to MAX_INDEXED_LENGTH characters, and the empty one."""
    return {""} | {
        text[start : start + length]
        for text in filter(None, texts)
        for start in range(len(text))
        for length in range(1, MAX_INDEXED_LENGTH + 1)
    }
