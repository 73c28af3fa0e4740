"""The history's store: entries and their pictures, saved, listed, corrected, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, func, select

from server.contract import CorrectEntry, Entry, Filter, HistoryQuery, Shown, Strokes
from server.database.engine import rewrite_revision, transaction
from server.database.schema import entries, pictures
from server.errors import Forbidden
from server.history.access import Viewer, made_by, refuse_others, seen_by
from server.history.entry import Draft, EntryPage, Saved, StoredPicture, restore_reading
from server.history.examples import take_along, unteach
from server.history.journal import Journal, added, changed, removed
from server.history.reviews import decide
from server.history.rows import (
    as_entry,
    change,
    find_own,
    find_seen,
    get_row,
    insert_entry,
    move,
    not_found,
    remove,
    replace_entry,
    require,
    require_own,
)
from server.history.selection import (
    count,
    find,
    find_in_order,
    find_newer,
    parse_cursor,
    plan,
    to_page,
)


class HistoryStore:
    """The history in a database. Every method is one short transaction.

    What changes is noted in a journal. Raises Unavailable when the database cannot be reached or
    written.
    """

    def __init__(self, engine: Engine, max_entries: int, journal: Journal) -> None:
        self._engine = engine
        self._max_entries = max_entries
        self._journal = journal

    def save(self, draft: Draft, viewer: Viewer) -> Saved:
        """Save a reading and its picture.

        Raises Forbidden for another's id and beyond `max_entries`, and SignInRequired for an
        account that was deleted.
        """
        with self._transaction(writes=True) as connection:
            row = get_row(connection, draft.id)
            if row is None:
                self._refuse_too_many(connection, viewer)
                entry = as_entry(insert_entry(connection, draft, viewer))
                self._journal.note(connection, [added(entry)])
                return Saved(entry, "added")
            refuse_others(row, viewer)
            is_same = _picture_sha256(connection, draft.id) == draft.sha256
            is_known = is_same and row.predicted == draft.reading.text and row.list == draft.list
            if is_known or not draft.replaces:
                return Saved(as_entry(row), None)
            corrected = row.corrected if is_same else None
            entry = as_entry(replace_entry(connection, row, draft, corrected))
            self._journal.note(connection, [changed(entry)])
            return Saved(entry, "changed")

    def list(self, viewer: Viewer, query: HistoryQuery) -> EntryPage:
        """List the entries that a query selects, of those that the viewer sees."""
        one_more = query.limit + 1  # tells whether a page follows
        before, after = parse_cursor(query.before), parse_cursor(query.after)
        with self._transaction() as connection:
            scope = plan(connection, viewer, query)
            if after is None:
                selection = find(scope, one_more, before)
            else:
                selection = find_newer(scope, one_more, after, before)
            rows = selection.run(connection).all()
        page = to_page([*map(as_entry, rows)], query.limit)
        return page if after is None else EntryPage(page.entries[::-1], page.next)

    def list_in_order(
        self, viewer: Viewer, filter: Filter, limit: int, after: Entry | None
    ) -> Sequence[Entry]:
        """List the next entries after one, oldest first, or by rank within one list."""
        with self._transaction() as connection:
            scope = plan(connection, viewer, filter)
            rows = find_in_order(scope, limit, after).run(connection)
            return [as_entry(row) for row in rows]

    def tell_in_order(
        self, viewer: Viewer, filter: Filter, limit: int, after: Entry | None
    ) -> Sequence[Entry]:
        """Note the next entries after one, oldest first, as changed; return them."""
        with self._transaction(writes=True) as connection:
            scope = plan(connection, viewer, filter)
            rows = find_in_order(scope, limit, after).run(connection).all()
            entries = [as_entry(row) for row in rows]
            self._journal.note(connection, [changed(entry) for entry in entries])
        return entries

    def count(self, viewer: Viewer, filter: Filter) -> int:
        """Count the entries that pass a filter, of those that the viewer sees."""
        with self._transaction() as connection:
            scope = plan(connection, viewer, filter)
            counted: int = count(scope).run(connection).scalar_one()
        return counted

    def get(self, viewer: Viewer, id: UUID) -> Entry:
        """Get an entry. Raises NotFound, as everywhere for one that the viewer does not see."""
        with self._transaction() as connection:
            return as_entry(require(connection, viewer, id))

    def get_all(self, viewer: Viewer, ids: Sequence[UUID]) -> Sequence[Entry]:
        """Get those of the entries that the viewer sees, in this order."""
        with self._transaction() as connection:
            return [as_entry(row) for row in find_seen(connection, viewer, ids)]

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
            raise not_found()
        return StoredPicture(bytes(row.content), row.image_version)

    def strokes(self, viewer: Viewer, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """Get the strokes, as JSON, of those entries that the viewer sees and that have some."""
        query = (
            select(pictures.c.entry_id, pictures.c.strokes)
            .join(entries, entries.c.id == pictures.c.entry_id)
            .where(entries.c.id.in_(ids), seen_by(viewer), pictures.c.strokes.is_not(None))
        )
        with self._transaction() as connection:
            return {row.entry_id: bytes(row.strokes) for row in connection.execute(query)}

    def drawn(self, viewer: Viewer, id: UUID) -> Shown:
        """Return the strokes of an entry or, if they are not known, its picture.

        Raises NotFound and Forbidden.
        """
        query = select(pictures.c.content, pictures.c.strokes).where(pictures.c.entry_id == id)
        with self._transaction() as connection:
            [row] = require_own(connection, viewer, [id])
            content, strokes = connection.execute(query).one()
        if not strokes:
            return Shown(image=bytes(content))
        size = restore_reading(row.reading).size
        return Shown(strokes=msgspec.json.decode(strokes, type=Strokes), size=size)

    def correct(self, viewer: Viewer, correction: CorrectEntry, reviewer: str) -> Entry:
        """Set the text that was really written. Raises NotFound and Forbidden."""
        with self._transaction(writes=True) as connection:
            rows = require_own(connection, viewer, [correction.id])
            decided = decide(connection, rows[0], correction, reviewer)
            entry = as_entry(change(connection, rows, [decided])[0])
            unteach(connection, [correction.id])
            self._journal.note(connection, [changed(entry)])
        return entry

    def move(
        self, viewer: Viewer, ids: Sequence[UUID], list_name: str | None, rank: float | None
    ) -> Sequence[Saved]:
        """Put entries into a list, or off any; all of them or none.

        Raises NotFound and Forbidden.
        """
        with self._transaction(writes=True) as connection:
            rows = require_own(connection, viewer, ids)
            moved = move(connection, rows, list_name, rank)
            saved = [
                Saved(as_entry(new), "changed" if new != old else None)
                for old, new in zip(rows, moved, strict=True)
            ]
            self._journal.note(connection, [changed(each.entry) for each in saved if each.change])
        return saved

    def delete(self, viewer: Viewer, id: UUID) -> None:
        """Delete an entry and its picture. Raises NotFound and Forbidden."""
        with self._transaction(writes=True) as connection:
            remove(connection, require_own(connection, viewer, [id]))
            self._journal.note(connection, [removed(id, viewer)])

    def delete_all(self, viewer: Viewer, ids: Sequence[UUID]) -> Sequence[UUID]:
        """Delete those of the entries that exist; return their ids. Raises Forbidden."""
        with self._transaction(writes=True) as connection:
            rows = find_own(connection, viewer, ids)
            remove(connection, rows)
            self._journal.note(connection, [removed(row.id, viewer) for row in rows])
        return [row.id for row in rows]

    def count_own(self, viewer: Viewer) -> int:
        """Count the entries that the viewer made, up to `max_entries`."""
        with self._transaction() as connection:
            return self._count_own(connection, viewer)

    def take_along(self, guest: Viewer, account: Viewer, limit: int) -> Sequence[UUID]:
        """Give an account up to `limit` entries of a guest's browser; return their ids.

        The public history loses them.
        """
        whose = {"owner": account.owner, "maker": account.maker}
        with self._transaction(writes=True) as connection:
            rows = connection.execute(select(entries).where(made_by(guest)).limit(limit)).all()
            ids = [row.id for row in change(connection, rows, [whose] * len(rows))]
            take_along(connection, ids, account)
            given = [changed(as_entry(row)) for row in find_seen(connection, account, ids)]
            self._journal.note(connection, [*(removed(id, guest) for id in ids), *given])
        return ids

    def check(self) -> None:
        """Raise Unavailable unless the database can be read and written."""
        with self._transaction(writes=True) as connection:
            connection.execute(select(entries.c.id).limit(1)).first()
            rewrite_revision(connection)

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


def _picture_sha256(connection: Connection, id: UUID) -> str | None:
    query = select(pictures.c.sha256).where(pictures.c.entry_id == id)
    return connection.execute(query).scalar()
