"""Lists of entries: their names, and their names only; the entries are the history's."""

from __future__ import annotations

from server.accounts.visitor import Visitor
from server.contract import Done, Filter, GetLists, ListsAnswer, RenameList
from server.history.list_store import ListStore
from server.runtime.off_loop import Pools
from server.services.history import HistoryService


class ListService:
    """Lists and renames the lists that a visitor made. Raises Unavailable as the database does."""

    def __init__(self, store: ListStore, pools: Pools, history: HistoryService) -> None:
        self._store = store
        self._pools = pools
        self._history = history

    def get(self, _request: GetLists, visitor: Visitor) -> ListsAnswer:
        return ListsAnswer(lists=[*self._pools.reads(self._store.lists, visitor.viewer)])

    def rename(self, request: RenameList, visitor: Visitor) -> Done:
        """Rename a list; each of its entries is published. Raises NotFound and InvalidPayload."""
        self._pools.writes(self._store.rename, visitor.viewer, request.name, request.new_name)
        if request.new_name != request.name:
            self._history.publish(visitor.viewer, Filter(list=request.new_name))
        return Done()
