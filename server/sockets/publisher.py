"""The publisher over Socket.IO: every event that the server sends, by name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_socketio import SocketIO

from server.contract import Entry, Outdated, Prediction, Removed, SlowDown


class SocketPublisher:
    """Sends events of the contract to one client, or to the room of an owner's history."""

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio

    def prediction(self, client: str, prediction: Prediction) -> None:
        self._socketio.emit("prediction", prediction, to=client)

    def slow_down(self, client: str, event: str, wait_s: float) -> None:
        self._socketio.emit("slow_down", SlowDown(event, round(wait_s * 1000)), to=client)

    def outdated(self, client: str, version: int) -> None:
        self._socketio.emit("outdated", Outdated(version), to=client)

    def history_added(self, entry: Entry) -> None:
        self._socketio.emit("history_added", entry, to=_room(entry.owner))

    def history_changed(self, entry: Entry) -> None:
        self._socketio.emit("history_changed", entry, to=_room(entry.owner))

    def history_removed(self, ids: Sequence[UUID], owner: str | None) -> None:
        for id in ids:
            self._socketio.emit("history_removed", Removed(id), to=_room(owner))

    def watch(self, client: str, owner: str | None) -> None:
        self._socketio.server.enter_room(client, _room(owner))


def _room(owner: str | None) -> str:
    return "public history" if owner is None else f"history of {owner}"
