"""Lists of entries: their names, and their names only; the entries are the history's."""

from __future__ import annotations

from server.accounts.visitor import Visitor
from server.contract import Done, Filter, GetLists, ListsAnswer, RenameList
from server.history.list_store import ListStore
from server.runtime.off_loop import Pools
from server.services.history import HistoryService
from server.services.publisher import Publisher


class ListService:
    """Lists and renames the lists that a visitor made. Raises Unavailable as the database does."""

    def __init__(
        self, store: ListStore, pools: Pools, history: HistoryService, publisher: Publisher
    ) -> None:
        self._store = store
        self._pools = pools
        self._history = history
        self._publisher = publisher

    def get(self, _request: GetLists, visitor: Visitor) -> ListsAnswer:
        return ListsAnswer(lists=[*self._pools.reads(self._store.lists, visitor.viewer)])

    def rename(self, request: RenameList, visitor: Visitor) -> Done:
        """Rename a list; that and each of its entries are published.

        Raises NotFound and InvalidPayload.
        """
        viewer, name, new_name = visitor.viewer, request.name, request.new_name
        with self._pools.writes.turn() as write:
            write(self._store.rename, viewer, name, new_name)
            if new_name == name:
                return Done()
            self._publisher.list_renamed(name, new_name, viewer)
        self._history.publish(viewer, Filter(list=new_name))
        return Done()
