"""Socket.IO events: the history, watched live, listed, corrected, deleted."""

from __future__ import annotations

from typing import Any

from flask_socketio import SocketIO, join_room

from server.accounts.guests import Visitor
from server.concurrency import Lane
from server.history.entry import Entry, Page
from server.history.store import History
from server.payloads import CorrectEntry, DeleteEntry, HistoryQuery

ROOM = "history"  # of those who watch the public history


class Feed:
    """The history as clients see it. What changes is announced to all who watch."""

    def __init__(self, socketio: SocketIO, history: History, lane: Lane) -> None:
        self._socketio = socketio
        self._history = history
        self._lane = lane

    def announce(self, event: str, entry: Entry) -> None:
        self._socketio.emit(event, entry, to=ROOM)

    def watch(self, query: HistoryQuery, visitor: Visitor) -> dict[str, Any]:
        """Join those who watch, then list: an entry made in between is sent, not missed."""
        join_room(ROOM)
        return self.list(query, visitor)

    def list(self, query: HistoryQuery, _visitor: Visitor) -> dict[str, Any]:
        page: Page = self._lane(
            self._history.list, query.limit, query.before, query.input_type, query.search
        )
        return {"entries": page.entries, "next": page.next}

    def get(self, id: Any) -> dict[str, Any]:
        return {"entry": self._lane(self._history.get, id)}

    def correct(self, correction: CorrectEntry, visitor: Visitor) -> dict[str, Any]:
        entry = self._lane(self._history.correct, correction.id, correction.text, visitor.maker)
        self.announce("history_changed", entry)
        return {"entry": entry}

    def delete(self, deletion: DeleteEntry, visitor: Visitor) -> dict[str, Any]:
        self._lane(self._history.delete, deletion.id, visitor.maker)
        self._socketio.emit("history_removed", {"id": deletion.id}, to=ROOM)
        return {}
