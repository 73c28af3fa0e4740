"""Socket.IO events: a history, watched live, listed, corrected, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_socketio import SocketIO, join_room

from server.contract import CorrectEntry, DeleteEntry, Entry, HistoryQuery
from server.history.access import Viewer
from server.history.entry import Page
from server.history.store import History
from server.runtime.off_loop import Lane

AT_ONCE = 100  # entries that are given away in one transaction


class Feed:
    """The history as clients see it. What changes is announced to all who watch the same one."""

    def __init__(self, socketio: SocketIO, history: History, lane: Lane) -> None:
        self._socketio = socketio
        self._history = history
        self._lane = lane

    def announce(self, event: str, entry: Entry) -> None:
        self._socketio.emit(event, entry, to=_room(entry.owner))

    def announce_removed(self, ids: Sequence[UUID], viewer: Viewer) -> None:
        for id in ids:
            self._socketio.emit("history_removed", {"id": id}, to=_room(viewer.owner))

    def watch(self, query: HistoryQuery, viewer: Viewer) -> dict[str, Any]:
        """Join those who watch, then list: an entry made in between is sent, not missed."""
        join_room(_room(viewer.owner))
        return self.list(query, viewer)

    def list(self, query: HistoryQuery, viewer: Viewer) -> dict[str, Any]:
        page: Page = self._lane(
            self._history.list, viewer, query.limit, query.before, query.input_type, query.search
        )
        return {"entries": page.entries, "next": page.next}

    def get(self, id: UUID, viewer: Viewer) -> dict[str, Any]:
        return {"entry": self._lane(self._history.get, viewer, id)}

    def count_own(self, viewer: Viewer) -> int:
        return self._lane(self._history.count_own, viewer)

    def take_along(self, guest: Viewer, account: Viewer) -> None:
        """Give an account what a guest's browser made; the public history loses it.

        Others have their turn in between, however much it is.
        """
        while ids := self._lane(self._history.take_along, guest, account, AT_ONCE):
            self.announce_removed(ids, guest)

    def correct(self, correction: CorrectEntry, viewer: Viewer) -> dict[str, Any]:
        entry = self._lane(self._history.correct, viewer, correction.id, correction.text)
        self.announce("history_changed", entry)
        return {"entry": entry}

    def delete(self, deletion: DeleteEntry, viewer: Viewer) -> dict[str, Any]:
        self._lane(self._history.delete, viewer, deletion.id)
        self.announce_removed([deletion.id], viewer)
        return {}


def _room(owner: str | None) -> str:
    """Those who watch the history of an account, or the public one."""
    return "public history" if owner is None else f"history of {owner}"
