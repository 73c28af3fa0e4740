"""The store of reviews: entries handed out to the pages of reviewers, none to two at once.

First come those that were not read for sure, the least sure one first, then those that a newer
model reads otherwise. An entry is leased to a page for some minutes; the page renews its leases
while it is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Engine,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    select,
    union_all,
)

from server.contract import Decision, Entry, Filter, Review, ReviewsAnswer, TakeReviews, UndoReview
from server.database.engine import as_timestamp, now, transaction
from server.database.schema import entries, findings, review_leases
from server.history.access import Viewer
from server.history.examples import unteach
from server.history.findings import (
    ANY,
    CERTAIN,
    DIFFERENT,
    DISPUTED,
    UNCERTAIN,
    in_place,
    place_of,
)
from server.history.journal import Journal, changed
from server.history.reviews import decisions, is_disputed, take_back
from server.history.rows import as_entry, change, get_row, require_own
from server.history.selection import INPUT_TYPES

LEASE_MINUTES = 3
UNKNOWN = "?"  # ink that is no digit

Range = tuple[str, tuple[str, ...]]  # a text in the index, and statuses
LEFT: tuple[Range, ...] = ((ANY, (UNCERTAIN, DIFFERENT)), (UNKNOWN, (CERTAIN,)))
IN_DISPUTE: tuple[Range, ...] = ((ANY, (DISPUTED,)),)


class ReviewStore:
    """The entries to review in a database. Every method is one short transaction.

    What changes is noted in a journal. Raises Unavailable when the database cannot be reached or
    written.
    """

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self._engine = engine
        self._journal = journal

    def take(self, viewer: Viewer, request: TakeReviews) -> ReviewsAnswer:
        """Lease the first entries that no other page holds, those that this one holds first."""
        with transaction(self._engine, writes=True) as connection:
            held = _give_back(connection, request.page)
            rows = connection.execute(first_free(viewer, request, held)).all()
            _lease(connection, request.page, [row.id for row in rows])
            return ReviewsAnswer(
                reviews=[_review(connection, row) for row in rows],
                left=_count(connection, viewer, LEFT),
                disputed=_count(connection, viewer, IN_DISPUTE),
            )

    def undo(self, viewer: Viewer, request: UndoReview, reviewer: str) -> Entry:
        """Take back a reviewer's decision, if it is the last one, and lease the entry to the page.

        Raises NotFound and Forbidden.
        """
        with transaction(self._engine, writes=True) as connection:
            rows = require_own(connection, viewer, [request.id])
            said = decisions(connection, request.id)
            if not said or (said[-1].reviewer, said[-1].text) != (reviewer, request.text):
                return as_entry(rows[0])
            take_back(connection, said[-1])
            before = {"corrected": said[-1].before, "disputed": is_disputed(said[:-1])}
            entry = as_entry(change(connection, rows, [before])[0])
            unteach(connection, [request.id])
            _lease(connection, request.page, [request.id])
            self._journal.note(connection, [changed(entry)])
        return entry

    def note_reread(self, read: Entry, model: str, text: str) -> None:
        """Note what a newer model reads of an entry's picture, if it has the same one still."""
        with transaction(self._engine, writes=True) as connection:
            row = get_row(connection, read.id)
            if row is None or row.image_version != read.image_version:
                return
            entry = as_entry(change(connection, [row], [{"reread": text, "reread_by": model}])[0])
            if text != read.predicted:
                self._journal.note(connection, [changed(entry)])


def _give_back(connection: Connection, page: UUID) -> Sequence[UUID]:
    """End the leases of a page, and those that have expired; return what the page held."""
    of_page = review_leases.c.page == page
    held = connection.execute(select(review_leases.c.entry_id).where(of_page)).scalars().all()
    connection.execute(delete(review_leases).where(of_page | (review_leases.c.expires < now())))
    return held


def _lease(connection: Connection, page: UUID, ids: Sequence[UUID]) -> None:
    if not ids:
        return
    expires = as_timestamp(datetime.now(UTC) + timedelta(minutes=LEASE_MINUTES))
    connection.execute(delete(review_leases).where(review_leases.c.entry_id.in_(ids)))
    rows = [{"entry_id": id, "page": page, "expires": expires} for id in ids]
    connection.execute(insert(review_leases), rows)


def first_free(viewer: Viewer, request: TakeReviews, held: Sequence[UUID]) -> Select[Any]:
    """Select the entries for a page, of those that nobody holds."""
    found = _find(viewer, IN_DISPUTE if request.disputed else LEFT).subquery()
    leased = select(review_leases.c.entry_id).where(review_leases.c.entry_id == entries.c.id)
    is_unsure = entries.c.uncertain | entries.c.predicted.contains(UNKNOWN)
    return (
        select(entries)
        .join(found, found.c.entry_id == entries.c.id)
        .where(~leased.exists(), entries.c.id.not_in(request.skipped))
        .order_by(
            case((entries.c.id.in_(held), 0), else_=1),
            case((is_unsure, 0), else_=1),
            entries.c.confidence,
            entries.c.timestamp,
            entries.c.id,
        )
        .limit(request.limit)
    )


def _count(connection: Connection, viewer: Viewer, ranges: Sequence[Range]) -> int:
    query = select(func.count()).select_from(_find(viewer, ranges).subquery())
    return int(connection.execute(query).scalar_one())


def _find(viewer: Viewer, ranges: Sequence[Range]) -> CompoundSelect[Any]:
    """Select the ids of a viewer's own entries in ranges of the index."""
    own = in_place(place_of(viewer, Filter(mine=True)))
    of_any_type = findings.c.input_type.in_(INPUT_TYPES)
    return union_all(
        *(
            select(findings.c.entry_id).where(
                own, findings.c.text == text, of_any_type, findings.c.status.in_(statuses)
            )
            for text, statuses in ranges
        )
    )


def _review(connection: Connection, row: Row[Any]) -> Review:
    said = decisions(connection, row.id)
    return Review(as_entry(row), [Decision(each.reviewer, each.text, each.time) for each in said])
