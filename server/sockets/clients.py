"""The connected clients as bytes: what each is sending, what waits for it, how it is cut off.

Of each client three things are bounded: the message that comes in, the event whose attachment has
not come, and the answers that it has not read. The clients of one address share a budget for what
comes in, and another for what waits.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from server.limits.byte_budget import SMALL_BYTES
from server.limits.rate_limits import network
from server.limits.refusal_log import RefusalLog
from server.monitoring.metrics import CONNECTIONS
from server.runtime.meter import Environ
from server.sockets.byte_limits import ByteLimits
from server.sockets.inbox import Inbox

LATE_S = 2  # between two looks for clients that keep something waiting


@dataclass
class Client:
    """One client, by WebSocket once it has a connection."""

    id: str
    address: str
    queue: Any
    inbox: Inbox | None = None
    connection: socket.socket | None = None
    unfinished_bytes: int = 0
    unfinished_since_s: float = field(default=0)
    handling: bool = False

    @property
    def sending(self) -> bool:
        """Whether a message comes in."""
        return self.inbox is not None and self.inbox.busy

    @property
    def idle(self) -> bool:
        """Whether everything that has come is answered, and the answers are sent.

        What was handed out by long polling counts as sent: only the next poll would tell.
        """
        coming = self.sending or self.unfinished_bytes > 0
        unsent = unread_bytes(self.queue) if self.connection else self.queue.waiting_bytes
        return not (coming or self.handling or unsent)

    def is_late(self, now_s: float, patience_s: float) -> bool:
        """Whether it has announced an attachment and does not send it."""
        late = now_s - self.unfinished_since_s > patience_s
        return self.unfinished_bytes > 0 and late and not self.sending

    def polls_late(self, now_s: float, patience_s: float) -> bool:
        """Whether it takes its answers by long polling, and does not."""
        late = now_s - self.queue.fetched_s > patience_s
        return self.connection is None and self.queue.waiting_bytes > 0 and late


class Clients:
    """Connected clients, by their Engine.IO session; those over a limit are cut off."""

    def __init__(self, engine: Any, limits: ByteLimits, log: RefusalLog) -> None:
        self._engine = engine
        self._limits = limits
        self._log = log
        self._clients: dict[str, Client] = {}

    def connect(self, id: str, environ: Environ) -> None:
        address = network(environ.get("REMOTE_ADDR", ""))
        queue = self._engine.sockets[id].queue
        queue.client, queue.address = id, address
        self._clients[id] = Client(id, address, queue)
        CONNECTIONS.inc()

    def disconnect(self, id: str) -> None:
        client = self._clients.pop(id, None)
        if client:
            CONNECTIONS.dec()
            client.queue.drop()
            self._limits.receiving.remove(client.address, client.unfinished_bytes)

    def open_inbox(self, engine_socket: Any, environ: Environ, connection: socket.socket) -> Inbox:
        """Return the inbox of a client that opens a WebSocket, at first or after polling."""
        address = network(environ.get("REMOTE_ADDR", ""))
        inbox = Inbox(self._limits, self._log, address)
        client = self._clients.get(engine_socket.sid)
        if client:
            client.inbox, client.connection = inbox, connection
        return inbox

    def note_unfinished(self, id: str, count: int) -> None:
        """Note the length of the event that waits for its attachment, 0 if there is none."""
        client = self._clients.get(id)
        if client is None or count == client.unfinished_bytes:
            return
        self._limits.receiving.remove(client.address, client.unfinished_bytes)
        client.unfinished_bytes, client.unfinished_since_s = count, time.monotonic()
        within = self._limits.receiving.add(client.address, count)
        if not within and count > SMALL_BYTES:
            self.cut_off(client, self._limits.receiving_spent)

    @contextmanager
    def handling(self, id: str) -> Iterator[None]:
        """Note that a message of a client is being handled."""
        client = self._clients.get(id)
        if client:
            client.handling = True
        try:
            yield
        finally:
            if client:
                client.handling = False

    def settle(self, id: str, seconds: float) -> None:
        """Count processor time; wait as long as the client's address has taken too much."""
        client = self._clients.get(id)
        if client and seconds:
            self._limits.work.settle(client.address, seconds)

    def note_too_long(self, id: str) -> None:
        """Log a message by long polling that was refused because of its length."""
        if id in self._clients:
            self._log.warn(self._clients[id].address, self._limits.polled_too_long)

    def note_answer(self, queue: Any, within: bool) -> None:
        """Give up a client that does not read; over its budget, that of the address with most."""
        if queue.waiting_bytes > self._limits.unread_bytes:
            self._give_up(queue, self._limits.unread_by_one)
        elif not within:
            queues = [each.queue for each in list(self._clients.values())]
            here = [each for each in queues if each.address == queue.address]
            self._give_up(max(here, key=unread_bytes, default=queue), self._limits.unread_spent)

    def close_idle(self, max_count: int) -> int:
        """Close so many clients that wait for no answer; return how many there were of all.

        Only the connection is closed. A page connects again then, but takes a disconnection from
        the namespace for the end of its session.
        """
        clients = list(self._clients.values())
        for client in [each for each in clients if each.idle][:max_count]:
            self._close(client, "the server stops")
        return len(clients)

    def cut_off(self, client: Client, reason: str) -> None:
        """Close a client's connection without waiting for it."""
        self._log.warn(client.address, reason)
        self._close(client, reason)
        if client.connection:
            with suppress(OSError):
                client.connection.shutdown(socket.SHUT_RDWR)

    def _close(self, client: Client, reason: str) -> None:
        engine_socket = self._engine.sockets.pop(client.id, None)
        if engine_socket:
            engine_socket.close(wait=False, abort=True, reason=reason)

    def _give_up(self, queue: Any, reason: str) -> None:
        """Cut a client off soon: whoever sends to it may be going through a list of clients."""
        client = self._clients.get(queue.client)
        if client and not queue.given_up:
            queue.given_up = True
            self._engine.start_background_task(self.cut_off, client, reason)

    def cut_off_late(self) -> None:
        """Cut off the clients whose attachments do not come, or that fetch no answers."""
        now_s = time.monotonic()
        for client in list(self._clients.values()):
            if client.is_late(now_s, self._limits.unfinished_s):
                self.cut_off(client, self._limits.unfinished)
            elif client.polls_late(now_s, self._limits.unpolled_s):
                self._close(client, self._limits.unpolled)  # a page that was closed cannot say so


def unread_bytes(queue: Any) -> int:
    """Return the bytes that wait in a queue or are being sent."""
    return int(queue.waiting_bytes + queue.handed_out_bytes)
