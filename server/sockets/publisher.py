"""The publisher over Socket.IO: every event that the server sends, by name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_socketio import SocketIO

from server.contract import Entry, Outdated, Prediction, Removed, SlowDown
from server.history.access import Viewer


class SocketPublisher:
    """Sends events of the contract to one client, or to those that watch an entry.

    A client that watches is in one room: of an owner's history, or of what a viewer made in it.
    """

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio

    def prediction(self, client: str, prediction: Prediction) -> None:
        self._socketio.emit("prediction", prediction, to=client)

    def slow_down(self, client: str, event: str, wait_s: float) -> None:
        self._socketio.emit("slow_down", SlowDown(event, round(wait_s * 1000)), to=client)

    def outdated(self, client: str, version: int) -> None:
        self._socketio.emit("outdated", Outdated(version), to=client)

    def history_added(self, entry: Entry) -> None:
        self._socketio.emit("history_added", entry, to=_rooms(entry))

    def history_changed(self, entry: Entry) -> None:
        self._socketio.emit("history_changed", entry, to=_rooms(entry))

    def history_removed(self, ids: Sequence[UUID], viewer: Viewer) -> None:
        for id in ids:
            self._socketio.emit("history_removed", Removed(id), to=_rooms(viewer))

    def watch(self, client: str, viewer: Viewer, mine: bool) -> None:
        everything, own = _rooms(viewer)
        entered, left = (own, everything) if mine else (everything, own)
        self._socketio.server.enter_room(client, entered)  # first, or an event would be missed
        self._socketio.server.leave_room(client, left)


def _rooms(made_by: Entry | Viewer) -> list[str]:
    """Return the rooms in which what somebody made is announced; a client in both gets it once."""
    owner, maker = made_by.owner, made_by.maker
    return ["public history" if owner is None else f"history of {owner}", f"made by {maker}"]
