"""Socket.IO's events bound to what answers them, all through one wrapper.

The wrapper finds out who asks, holds the limit of rate, checks the payload, and answers
{ok: true, …} or {ok: false, error: {code, message}}. A bad message never closes a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import flask
from flask_socketio import SocketIO

from server.accounts.guests import Visitor, current_visitor, let_in
from server.errors import DigitsError, InvalidPayload
from server.feed import Feed
from server.guard import attempt, failure
from server.live import Live
from server.payloads import CorrectEntry, DeleteEntry, Explain, HistoryQuery, Save, Upload, parse
from server.rates import Rates

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """An event that is acknowledged: its payload's form, its handler, whether it writes."""

    event: str
    form: type
    handler: Callable[[Any, Visitor], Answer]
    writes: bool


class Events:
    """Every event of the contract, answered."""

    def __init__(self, live: Live, feed: Feed, rates: Rates, guests_allowed: bool) -> None:
        self._live = live
        self._feed = feed
        self._rates = rates
        self._guests_allowed = guests_allowed

    def register(self, socketio: SocketIO) -> None:
        for request in self._requests():
            socketio.on_event(request.event, partial(self._acknowledge, request))
        socketio.server.on("frame", self._frame)  # without a request's context: frames are many
        socketio.on_event("disconnect", self._forget)
        socketio.on_event("*", refuse_unknown)

    def _requests(self) -> tuple[Request, ...]:
        live, feed = self._live, self._feed
        return (
            Request("save", Save, live.save, writes=True),
            Request("upload", Upload, live.upload, writes=True),
            Request("explain", Explain, live.explain, writes=False),
            Request("watch_history", HistoryQuery, feed.watch, writes=False),
            Request("list_history", HistoryQuery, feed.list, writes=False),
            Request("correct_entry", CorrectEntry, feed.correct, writes=True),
            Request("delete_entry", DeleteEntry, feed.delete, writes=True),
        )

    def _acknowledge(self, request: Request, *arguments: Any) -> Answer:
        result = attempt(self._respond, request, arguments)
        return failure(result) if isinstance(result, DigitsError) else {"ok": True} | result

    def _respond(self, request: Request, arguments: tuple[Any, ...]) -> Answer:
        visitor = current_visitor(self._guests_allowed)
        if request.writes:
            self._rates.count(flask.request.remote_addr)
        return request.handler(parse(only(arguments), request.form), visitor)

    def _frame(self, client: str, *arguments: Any) -> None:
        payload = arguments[0] if len(arguments) == 1 else None
        result = attempt(self._queue_frame, client, payload)
        if isinstance(result, DigitsError):
            self._live.refuse_frame(client, payload, result)

    def _queue_frame(self, client: str, payload: Any) -> None:
        let_in(self._guests_allowed)
        self._live.frame(client, payload)

    def _forget(self, *_: Any) -> None:
        self._live.forget(client_id())


def client_id() -> str:
    """The connection whose event is being handled."""
    return str(flask.request.sid)  # type: ignore[attr-defined]


def refuse_unknown(event: str, *_: Any) -> Answer:
    return failure(InvalidPayload(f"There is no event {event[:40]!r}."))


def only(arguments: tuple[Any, ...]) -> Any:
    """The one payload of an event; none at all counts as an empty one."""
    if len(arguments) > 1:
        raise InvalidPayload(f"Send one payload with the event, not {len(arguments)}.")
    return arguments[0] if arguments else {}
