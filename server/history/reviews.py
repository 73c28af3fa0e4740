"""The decisions of reviewers: what each said that an entry says, and whether they disagree.

Reviewers disagree about an entry while the last texts of two differ and no decision settles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select

from server.contract import CorrectEntry
from server.database.engine import now
from server.database.schema import review_leases, reviews

MAX_DECISIONS = 20  # of an entry: a reviewer's own ones before that are dropped


def decide(
    connection: Connection, entry: Row[Any], correction: CorrectEntry, reviewer: str
) -> dict[str, Any]:
    """Note a decision; return what it changes of the entry. The same one twice is one."""
    said = decisions(connection, entry.id)
    given = (reviewer, correction.text, correction.settles)
    if not said or given != (said[-1].reviewer, said[-1].text, said[-1].settles):
        _insert(connection, entry, said[-1].number + 1 if said else 1, correction, reviewer)
        said = decisions(connection, entry.id)
    connection.execute(delete(review_leases).where(review_leases.c.entry_id == entry.id))
    return {"corrected": correction.text, "disputed": is_disputed(said)}


def decisions(connection: Connection, id: UUID) -> Sequence[Row[Any]]:
    """Return what was decided about an entry, the oldest first."""
    query = select(reviews).where(reviews.c.entry_id == id).order_by(reviews.c.number)
    return connection.execute(query).all()


def is_disputed(said: Sequence[Row[Any]]) -> bool:
    """Return whether the last texts of two reviewers differ, since one knew the others'."""
    last: dict[str, str] = {}
    for each in said:
        if each.settles:
            last.clear()
        last[each.reviewer] = each.text
    return len(set(last.values())) > 1


def take_back(connection: Connection, decision: Row[Any]) -> None:
    """Delete a decision."""
    key = (reviews.c.entry_id == decision.entry_id) & (reviews.c.number == decision.number)
    connection.execute(delete(reviews).where(key))


def forget(connection: Connection, id: UUID) -> None:
    """Delete what was decided about an entry."""
    connection.execute(delete(reviews).where(reviews.c.entry_id == id))


def _insert(
    connection: Connection, entry: Row[Any], number: int, correction: CorrectEntry, reviewer: str
) -> None:
    values = {
        "entry_id": entry.id,
        "number": number,
        "reviewer": reviewer,
        "text": correction.text,
        "before": entry.corrected,
        "settles": correction.settles,
        "time": now(),
    }
    connection.execute(insert(reviews).values(values))
    of_reviewer = (reviews.c.entry_id == entry.id) & (reviews.c.reviewer == reviewer)
    oldest = reviews.c.number <= number - MAX_DECISIONS
    connection.execute(delete(reviews).where(of_reviewer, oldest))
