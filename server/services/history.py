"""The history: the only way to it for HTTP, sockets and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import asdict, replace

from server.accounts.visitor import Visitor
from server.contract import (
    CorrectEntry,
    CountAnswer,
    DeleteEntries,
    DeleteEntry,
    Done,
    EntriesAnswer,
    Entry,
    EntryAnswer,
    Filter,
    GetEntry,
    HistoryQuery,
    MovedAnswer,
    MoveEntries,
    Shown,
    WatchAnswer,
    WatchHistory,
)
from server.history.access import Viewer
from server.history.entry import Draft, EntryPage, Saved, StoredPicture
from server.history.journal import Mark
from server.history.store import HistoryStore
from server.limits.rate_limits import RateLimit, RateLimits
from server.monitoring.metrics import SAVES
from server.runtime.off_loop import Pools
from server.services.publisher import Publisher

Result = TypeVar("Result")

BATCH = 100  # entries of one transaction: other visitors have their turn in between
EVERYTHING = Filter()


class HistoryService:
    """Lists, changes and watches entries; every change is told to those who watch.

    The store is called off the loop, one call at a time. Raises Unavailable as the database does.
    """

    def __init__(
        self, store: HistoryStore, pools: Pools, publisher: Publisher, rate_limits: RateLimits
    ) -> None:
        self._store = store
        self._pools = pools
        self._publisher = publisher
        self._rate_limits = rate_limits

    def watch(self, query: WatchHistory, visitor: Visitor) -> WatchAnswer:
        """Watch first, then list: an entry made in between is sent, not missed.

        A client that comes back and gets the events that it missed needs no list.
        """
        assert visitor.client
        last = Mark(query.since, query.epoch) if query.since is not None and query.epoch else None
        watched = self._publisher.watch(visitor.client, visitor.viewer, query.mine, last)
        page = EntryPage([], None) if watched.recovered else self.page(query, visitor.viewer)
        return WatchAnswer(
            entries=page.entries,
            next=page.next,
            epoch=watched.newest.epoch,
            position=watched.newest.position,
            recovered=watched.recovered,
        )

    def list(self, query: HistoryQuery, visitor: Visitor) -> EntriesAnswer:
        page = self.page(query, visitor.viewer)
        return EntriesAnswer(entries=page.entries, next=page.next)

    def page(self, query: HistoryQuery, viewer: Viewer) -> EntryPage:
        """Return entries of those that a viewer sees."""
        return self._pools.reads(self._store.list, viewer, query)

    def count(self, filter: Filter, visitor: Visitor) -> CountAnswer:
        return CountAnswer(count=self._pools.reads(self._store.count, visitor.viewer, filter))

    def get(self, request: GetEntry, visitor: Visitor) -> EntryAnswer:
        return EntryAnswer(entry=self._pools.reads(self._store.get, visitor.viewer, request.id))

    def drawn(self, viewer: Viewer, id: UUID) -> Shown:
        """Return an entry that the viewer may change, to be read again.

        Raises NotFound and Forbidden.
        """
        return self._pools.reads(self._store.drawn, viewer, id)

    def correct(self, correction: CorrectEntry, visitor: Visitor) -> EntryAnswer:
        entry = self._change(self._store.correct, visitor.viewer, correction, visitor.reviewer)
        return EntryAnswer(entry=entry)

    def delete(self, deletion: DeleteEntry, visitor: Visitor) -> Done:
        self._change(self._store.delete, visitor.viewer, deletion.id)
        return Done()

    def delete_all(self, deletion: DeleteEntries, visitor: Visitor) -> Done:
        self._change(self._store.delete_all, visitor.viewer, deletion.ids)
        return Done()

    def move(self, move: MoveEntries, visitor: Visitor) -> MovedAnswer:
        """Put entries into a list, or off any; only those that this changes are told of."""
        moved = self._change(self._store.move, visitor.viewer, move.ids, move.list, move.rank)
        for each in moved:
            SAVES.labels(each.change or "none").inc()
        return MovedAnswer(entries=[each.entry for each in moved])

    def save(self, draft: Draft, visitor: Visitor) -> Saved:
        """Save a draft. The entry is committed before it is told of and returned.

        Raises RateLimited if the guests of an address have made too many entries on this day:
        without its cookie, a browser is another guest each time.
        """
        is_guest = visitor.viewer.owner is None
        if is_guest:
            self._rate_limits.refuse_empty(RateLimit.GUEST_ENTRIES, visitor.address)
        saved = self._change(self._store.save, draft, visitor.viewer)
        SAVES.labels(saved.change or "none").inc()
        if is_guest and saved.change == "added":
            self._rate_limits.charge(RateLimit.GUEST_ENTRIES, visitor.address)
        return saved

    def picture(self, viewer: Viewer, id: UUID) -> StoredPicture:
        """Return an entry's picture. Raises NotFound."""
        return self._pools.reads(self._store.picture, viewer, id)

    def strokes(self, viewer: Viewer, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """Return the strokes, as JSON, of those entries that the viewer sees and that have some."""
        return self._pools.reads(self._store.strokes, viewer, ids)

    def seen(self, viewer: Viewer, ids: Sequence[UUID]) -> Sequence[Entry]:
        """Return those of a few entries that the viewer sees."""
        return self._pools.reads(self._store.get_all, viewer, ids)

    def count_own(self, viewer: Viewer) -> int:
        """Return the number of entries that the viewer made, up to the limit for one viewer."""
        return self._pools.reads(self._store.count_own, viewer)

    def take_along(self, guest: Viewer, account: Viewer) -> int:
        """Give an account the entries of a guest's browser; the public history loses them.

        Return how many.
        """
        count = 0
        while ids := self._change(self._store.take_along, guest, account, BATCH):
            count += len(ids)
        return count

    def entries(self, viewer: Viewer, filter: Filter = EVERYTHING) -> Iterator[Entry]:
        """Yield the entries that pass a filter, newest first, in short transactions."""
        query = HistoryQuery(**asdict(filter), limit=BATCH)
        cursor: str | None = None
        while True:
            page = self._pools.reads(self._store.list, viewer, replace(query, before=cursor))
            yield from page.entries
            cursor = page.next
            if cursor is None:
                return

    def tell(self, viewer: Viewer, filter: Filter) -> None:
        """Tell of the entries that pass a filter as changed."""
        last: Entry | None = None
        while batch := self._change(self._store.tell_in_order, viewer, filter, BATCH, last):
            last = batch[-1]

    def in_order(self, viewer: Viewer, filter: Filter) -> Iterator[Sequence[Entry]]:
        """Yield batches of the entries that pass a filter, oldest first, or by rank in a list."""
        last: Entry | None = None
        while batch := self._pools.reads(self._store.list_in_order, viewer, filter, BATCH, last):
            yield batch
            last = batch[-1]

    def chosen(self, viewer: Viewer, ids: Sequence[UUID]) -> Iterator[Sequence[Entry]]:
        """Yield batches of the entries with these ids that the viewer sees, in this order."""
        each_once = [*dict.fromkeys(ids)]
        for start in range(0, len(each_once), BATCH):
            yield self._pools.reads(self._store.get_all, viewer, each_once[start : start + BATCH])

    def check(self) -> None:
        """Raise Unavailable unless the database answers."""
        self._pools.writes(self._store.check)

    def _change(self, change: Callable[..., Result], *arguments: Any) -> Result:
        """Change the store, and tell those who watch what its journal has noted."""
        result = self._pools.writes(change, *arguments)
        self._publisher.tell_changes()
        return result
