"""The statistics of a history."""

from __future__ import annotations

from server.accounts.visitor import Visitor
from server.contract import CellQuery, EntriesAnswer, GetStatistics, StatisticsAnswer
from server.history.statistics_store import StatisticsStore
from server.runtime.off_loop import Pools


class StatisticsService:
    """Counts of what a visitor sees in the history. Raises Unavailable as the database does."""

    def __init__(self, store: StatisticsStore, pools: Pools) -> None:
        self._store = store
        self._pools = pools

    def get(self, request: GetStatistics, visitor: Visitor) -> StatisticsAnswer:
        statistics = self._pools.reads(self._store.load, visitor.viewer, request.mine)
        return StatisticsAnswer(statistics=statistics)

    def list_cell(self, query: CellQuery, visitor: Visitor) -> EntriesAnswer:
        page = self._pools.reads(self._store.list_cell, visitor.viewer, query)
        return EntriesAnswer(entries=page.entries, next=page.next)
