"""The publisher over Socket.IO: every event that the server sends, by name."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from flask_socketio import SocketIO
from msgspec.structs import asdict

from server.contract import (
    Entry,
    EntryEvent,
    Outdated,
    Prediction,
    Removed,
    Renamed,
    SlowDown,
)
from server.history.access import Viewer
from server.services.publisher import Mark, Watched
from server.sockets.journal import Announcement, Journal, MakeEvent


class SocketPublisher:
    """Sends events of the contract to one client, or to those that watch an entry.

    A client that watches is in one room: of an owner's history, or of what a viewer made in it.
    """

    def __init__(self, socketio: SocketIO) -> None:
        self._socketio = socketio
        self._journal = Journal()
        self._turn = threading.Lock()  # events leave in the order of their positions

    def prediction(self, client: str, prediction: Prediction) -> None:
        self._socketio.emit("prediction", prediction, to=client)

    def slow_down(self, client: str, event: str, wait_s: float) -> None:
        self._socketio.emit("slow_down", SlowDown(event, round(wait_s * 1000)), to=client)

    def outdated(self, client: str, version: int) -> None:
        self._socketio.emit("outdated", Outdated(version), to=client)

    def history_added(self, entry: Entry) -> None:
        self._announce("history_added", partial(EntryEvent, **asdict(entry)), _rooms(entry))

    def history_changed(self, entry: Entry) -> None:
        self._announce("history_changed", partial(EntryEvent, **asdict(entry)), _rooms(entry))

    def history_removed(self, ids: Sequence[UUID], viewer: Viewer) -> None:
        for id in ids:
            self._announce("history_removed", partial(Removed, id=id), _rooms(viewer))

    def list_renamed(self, name: str, new_name: str, viewer: Viewer) -> None:
        _, own = _rooms(viewer)
        self._announce("list_renamed", partial(Renamed, name=name, new_name=new_name), [own])

    def watch(self, client: str, viewer: Viewer, mine: bool, last: Mark | None) -> Watched:
        everything, own = _rooms(viewer)
        entered, left = (own, everything) if mine else (everything, own)
        with self._turn:
            self._socketio.server.enter_room(client, entered)
            self._socketio.server.leave_room(client, left)
            missed = last and self._journal.missed(entered, last.position, last.epoch)
            for each in missed or ():
                self._send(each, client)
            newest = Mark(self._journal.position, self._journal.epoch)
            return Watched(newest, missed is not None)

    def _announce(self, name: str, make_event: MakeEvent, rooms: Sequence[str]) -> None:
        with self._turn:
            self._send(self._journal.add(name, make_event, rooms), rooms)

    def _send(self, announcement: Announcement, to: str | Sequence[str]) -> None:
        self._socketio.emit(announcement.name, announcement.payload, to=to)


def _rooms(made_by: Entry | Viewer) -> list[str]:
    """Return the rooms in which what somebody made is announced; a client in both gets it once."""
    owner, maker = made_by.owner, made_by.maker
    return ["public history" if owner is None else f"history of {owner}", f"made by {maker}"]
