"""Live frames that wait to be read: at most one of each client, its newest."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Frame = TypeVar("Frame")


class FrameQueue(Generic[Frame]):
    """Clients are served in turn; a newer frame takes the place, and the turn, of an older one.

    While a client's frame is being read its next one waits, so that answers keep their order.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Frame] = {}
        self._being_read: set[str] = set()
        self._changed = threading.Condition()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, client: str, frame: Frame) -> bool:
        """Add a frame; return whether it overtakes another."""
        with self._changed:
            overtakes = client in self._waiting
            self._waiting[client] = frame
            self._changed.notify()
            return overtakes

    def drop(self, client: str) -> None:
        """Forget the frame of a client that has left."""
        with self._changed:
            self._waiting.pop(client, None)
            self._being_read.discard(client)

    def take(self, most: int) -> list[tuple[str, Frame]]:
        """Wait for frames; take up to `most` of the longest waiting. Empty once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._next_clients())
            clients = [] if self._closed else self._next_clients()[:most]
            self._being_read.update(clients)
            return [(client, self._waiting.pop(client)) for client in clients]

    def finish(self, client: str) -> None:
        """Note that this client's frame is answered: its next one may be taken."""
        with self._changed:
            self._being_read.discard(client)
            self._changed.notify()

    def close(self) -> None:
        """End every `take`, now and from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next_clients(self) -> list[str]:
        return [client for client in self._waiting if client not in self._being_read]
