"""Socket.IO's events bound to what answers them, all through one wrapper.

The wrapper finds out who asks, holds the limit of rate, checks the payload, and answers
{ok: true, …} or {ok: false, error: {code, message}}. A bad message never closes a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_socketio import SocketIO

from server.accounts.visitor import Visitor
from server.contract import CorrectEntry, DeleteEntry, Explain, HistoryQuery, Save, Upload, parse
from server.error_boundary import attempt, failure
from server.errors import DigitsError, InvalidPayload
from server.history.access import Viewer
from server.rate_limits import Rates
from server.services.history import Feed
from server.services.live import Live
from server.sockets.connections import Connections, client_id
from server.sockets.strict_packets import UNREADABLE

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """An event that is acknowledged: its payload's form, its handler, what it counts as."""

    event: str
    form: type
    handler: Callable[[Any, Viewer], Answer]
    action: str


class Events:
    """Every event of the contract, answered."""

    def __init__(
        self,
        socketio: SocketIO,
        live: Live,
        feed: Feed,
        connections: Connections,
        rates: Rates,
    ) -> None:
        self._socketio = socketio
        self._live = live
        self._feed = feed
        self._connections = connections
        self._rates = rates

    def register(self) -> None:
        on_event = self._socketio.on_event
        for request in self.requests():
            on_event(request.event, partial(self._acknowledge, request))
        self._socketio.server.on("frame", self._frame)  # without Flask's context: frames are many
        on_event("connect", self._connections.admit)
        on_event("disconnect", self._forget)
        on_event("*", refuse_unknown)
        on_event(UNREADABLE, refuse_unreadable)

    def requests(self) -> tuple[Request, ...]:
        live, feed = self._live, self._feed
        return (
            Request("save", Save, live.save, "changes"),
            Request("upload", Upload, live.upload, "uploads"),
            Request("explain", Explain, live.explain, "queries"),
            Request("watch_history", HistoryQuery, feed.watch, "queries"),
            Request("list_history", HistoryQuery, feed.list, "queries"),
            Request("correct_entry", CorrectEntry, feed.correct, "changes"),
            Request("delete_entry", DeleteEntry, feed.delete, "changes"),
        )

    def _acknowledge(self, request: Request, *arguments: Any) -> Answer:
        result = attempt(self._respond, request, arguments)
        return failure(result) if isinstance(result, DigitsError) else {"ok": True} | result

    def _respond(self, request: Request, arguments: tuple[Any, ...]) -> Answer:
        client = client_id()
        visitor = self._connections.visitor(client)
        self._admit(request.event, request.action, client, visitor)
        return request.handler(parse(only(arguments), request.form), visitor.viewer)

    def _frame(self, client: str, *arguments: Any) -> None:
        payload = arguments[0] if len(arguments) == 1 else None
        result = attempt(self._queue_frame, client, payload)
        if isinstance(result, DigitsError):
            self._live.refuse_frame(client, payload, result)

    def _queue_frame(self, client: str, payload: Any) -> None:
        self._admit("frame", "frames", client, self._connections.visitor(client))
        self._live.frame(client, payload)

    def _admit(self, event: str, action: str, client: str, visitor: Visitor) -> None:
        """Hold the limit of rate. While a client waits, nothing more of it is received."""

        def tell(wait_s: float) -> None:
            slow_down = {"event": event, "milliseconds": round(wait_s * 1000)}
            self._socketio.emit("slow_down", slow_down, to=client)

        self._rates.admit(action, visitor.address, visitor.viewer.owner, tell)

    def _forget(self, *_: Any) -> None:
        self._live.forget(client_id())
        self._connections.forget(client_id())


def refuse_unknown(event: str, *_: Any) -> Answer:
    return failure(InvalidPayload(f"There is no event {event[:40]!r}."))


def refuse_unreadable(*_: Any) -> Answer:
    return failure(InvalidPayload("The message cannot be read as an event of Socket.IO."))


def only(arguments: tuple[Any, ...]) -> Any:
    """The one payload of an event; none at all counts as an empty one."""
    if len(arguments) > 1:
        raise InvalidPayload(f"Send one payload with the event, not {len(arguments)}.")
    return arguments[0] if arguments else {}
