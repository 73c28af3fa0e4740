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
        """Rename a list; that and each of its entries are told to those who watch.

        Raises NotFound and InvalidPayload.
        """
        viewer, name, new_name = visitor.viewer, request.name, request.new_name
        self._pools.writes(self._store.rename, viewer, name, new_name)
        if new_name != name:
            self._history.tell(viewer, Filter(list=new_name))
        return Done()
