"""The history: the only way to it for HTTP, sockets and exports."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from server.accounts.visitor import Visitor
from server.contract import (
    CorrectEntry,
    DeleteEntry,
    Done,
    EntriesAnswer,
    Entry,
    EntryAnswer,
    GetEntry,
    HistoryQuery,
)
from server.history.access import Viewer
from server.history.entry import Draft, StoredPicture
from server.history.store import HistoryStore
from server.runtime.off_loop import Lane
from server.services.publisher import Publisher

BATCH = 100  # entries of one transaction: other visitors have their turn in between


class HistoryService:
    """Lists, changes and watches entries; every change is published to those who watch.

    The store is called on the lane, one call at a time. Raises Unavailable as the database does.
    """

    def __init__(self, store: HistoryStore, lane: Lane, publisher: Publisher) -> None:
        self._store = store
        self._lane = lane
        self._publisher = publisher

    def watch(self, query: HistoryQuery, visitor: Visitor) -> EntriesAnswer:
        """Watch first, then list: an entry made in between is sent, not missed."""
        if visitor.client is not None:
            self._publisher.watch(visitor.client, visitor.viewer.owner)
        return self.list(query, visitor)

    def list(self, query: HistoryQuery, visitor: Visitor) -> EntriesAnswer:
        page = self._lane(self._store.list, visitor.viewer, query)
        return EntriesAnswer(entries=page.entries, next=page.next)

    def get(self, request: GetEntry, visitor: Visitor) -> EntryAnswer:
        return EntryAnswer(entry=self._lane(self._store.get, visitor.viewer, request.id))

    def correct(self, correction: CorrectEntry, visitor: Visitor) -> EntryAnswer:
        entry = self._lane(self._store.correct, visitor.viewer, correction.id, correction.text)
        self._publisher.history_changed(entry)
        return EntryAnswer(entry=entry)

    def delete(self, deletion: DeleteEntry, visitor: Visitor) -> Done:
        self._lane(self._store.delete, visitor.viewer, deletion.id)
        self._publisher.history_removed([deletion.id], visitor.viewer.owner)
        return Done()

    def save(self, draft: Draft, viewer: Viewer) -> Entry:
        """Save a draft. The entry is committed before it is published and returned."""
        saved = self._lane(self._store.save, draft, viewer)
        if saved.change == "added":
            self._publisher.history_added(saved.entry)
        elif saved.change == "changed":
            self._publisher.history_changed(saved.entry)
        return saved.entry

    def picture(self, viewer: Viewer, id: UUID) -> StoredPicture:
        """Return an entry's picture. Raises NotFound."""
        return self._lane(self._store.picture, viewer, id)

    def count_own(self, viewer: Viewer) -> int:
        """Return the number of entries that the viewer made, up to the limit for one viewer."""
        return self._lane(self._store.count_own, viewer)

    def take_along(self, guest: Viewer, account: Viewer) -> None:
        """Give an account the entries of a guest's browser; the public history loses them."""
        while ids := self._lane(self._store.take_along, guest, account, BATCH):
            self._publisher.history_removed(ids, guest.owner)

    def entries(self, viewer: Viewer) -> Iterator[Entry]:
        """Yield everything that the viewer sees, newest first, in short transactions."""
        cursor: str | None = None
        while True:
            page = self._lane(self._store.list, viewer, HistoryQuery(limit=BATCH, before=cursor))
            yield from page.entries
            cursor = page.next
            if cursor is None:
                return

    def check(self) -> None:
        """Raise Unavailable unless the database answers."""
        self._lane(self._store.check)
