"""The publisher over Socket.IO: every event that the server sends, by name."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask_socketio import SocketIO

from server.contract import Outdated, Prediction, SlowDown
from server.history.access import Viewer
from server.history.journal import BATCH, OF_MAKER, Event, Journal, Mark
from server.services.publisher import Watched


class SocketPublisher:
    """Sends events of the contract to one client, or to those that watch an entry.

    A client that watches is in one room: of an owner's history, or of what a viewer made in it.
    Events leave in the order of their positions.
    """

    def __init__(self, socketio: SocketIO, journal: Journal) -> None:
        self._socketio = socketio
        self._journal = journal
        self._last = journal.newest()  # the last event that was sent
        self._listeners: list[Callable[[Event], object]] = []
        self._turn = threading.Lock()

    def on_event(self, listener: Callable[[Event], object]) -> None:
        """Call the listener with every event of the journal, whichever process makes it."""
        self._listeners.append(listener)

    def prediction(self, client: str, prediction: Prediction) -> None:
        self._socketio.emit("prediction", prediction, to=client)

    def slow_down(self, client: str, event: str, wait_s: float) -> None:
        self._socketio.emit("slow_down", SlowDown(event, round(wait_s * 1000)), to=client)

    def outdated(self, client: str, version: int) -> None:
        self._socketio.emit("outdated", Outdated(version), to=client)

    def tell_changes(self) -> None:
        if not self._journal.is_shared:
            self.catch_up()

    def catch_up(self) -> None:
        """Send all that is new in the journal. Raises Unavailable as the database does."""
        while events := self._journal.after(self._last):
            with self._turn:
                for each in events:
                    self._tell(each)
            if len(events) < BATCH:
                return

    def watch(self, client: str, viewer: Viewer, mine: bool, last: Mark | None) -> Watched:
        everything, own = _rooms(viewer)
        entered, left = (own, everything) if mine else (everything, own)
        self.catch_up()  # what follows is newer, also if another process has sent it already
        until = self._last
        missed = self._journal.missed(viewer, mine, last, until) if last else None
        with self._turn:
            self._socketio.server.enter_room(client, entered)
            self._socketio.server.leave_room(client, left)
            if missed is not None and self._last != until:
                later = self._journal.missed(viewer, mine, until, self._last)
                missed = None if later is None else missed + later
            for each in missed or ():
                self._send(each, client)
            return Watched(self._last, missed is not None)

    def _tell(self, event: Event) -> None:
        """Send an event to those that watch, unless another thread has."""
        new_epoch = event.place.epoch != self._last.epoch
        if new_epoch or event.place.position > self._last.position:
            everything, own = _rooms(event.change.viewer)
            self._send(event, own if event.change.event in OF_MAKER else [everything, own])
            self._last = event.place
            for listener in self._listeners:
                listener(event)

    def _send(self, event: Event, to: str | list[str]) -> None:
        self._socketio.emit(event.change.event, event.payload, to=to)


def _rooms(made_by: Viewer) -> tuple[str, str]:
    """Return the rooms in which what somebody made is told; a client in both gets it once."""
    owner = made_by.owner
    history = "public history" if owner is None else f"history of {owner}"
    return history, f"made by {made_by.maker}"
