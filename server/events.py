"""Socket.IO's events bound to what answers them, all through one wrapper.

The wrapper finds out who asks, holds the limit of rate, checks the payload, and answers
{ok: true, …} or {ok: false, error: {code, message}}. A bad message never closes a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
from flask_socketio import SocketIO

from server.accounts.guests import Visitor, current_visitor
from server.errors import DigitsError, InvalidPayload
from server.feed import Feed
from server.guard import attempt, failure
from server.live import Live
from server.payloads import CorrectEntry, DeleteEntry, HistoryQuery, Save, Upload, parse
from server.rates import Rates

Answer = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """An event that is acknowledged: its payload's form, its handler, whether it writes."""

    event: str
    form: type
    handler: Callable[[Any, Visitor], Answer]
    writes: bool


def bind_events(
    socketio: SocketIO, live: Live, feed: Feed, rates: Rates, guests_allowed: bool
) -> None:
    """Register every event of the contract."""
    requests = (
        Request("save", Save, live.save, writes=True),
        Request("upload", Upload, live.upload, writes=True),
        Request("watch_history", HistoryQuery, feed.watch, writes=False),
        Request("list_history", HistoryQuery, feed.list, writes=False),
        Request("correct_entry", CorrectEntry, feed.correct, writes=True),
        Request("delete_entry", DeleteEntry, feed.delete, writes=True),
    )

    def bind(request: Request) -> None:
        def respond(*arguments: Any) -> Answer:
            visitor = current_visitor(guests_allowed)
            if request.writes:
                rates.count(flask.request.remote_addr)
            return request.handler(parse(only(arguments), request.form), visitor)

        def acknowledge(*arguments: Any) -> Answer:
            result = attempt(respond, *arguments)
            return failure(result) if isinstance(result, DigitsError) else {"ok": True} | result

        socketio.on_event(request.event, acknowledge)

    def frame(*arguments: Any) -> None:
        client: str = flask.request.sid  # type: ignore[attr-defined]
        payload = arguments[0] if len(arguments) == 1 else None

        def queue() -> None:
            current_visitor(guests_allowed)
            live.frame(client, payload)

        result = attempt(queue)
        if isinstance(result, DigitsError):
            live.refuse_frame(client, payload, result)

    def refuse_unknown(event: str, *_: Any) -> Answer:
        return failure(InvalidPayload(f"There is no event {event[:40]!r}."))

    for request in requests:
        bind(request)
    socketio.on_event("frame", frame)
    socketio.on_event("disconnect", lambda *_: live.forget(flask.request.sid))  # type: ignore[attr-defined]
    socketio.on_event("*", refuse_unknown)


def only(arguments: tuple[Any, ...]) -> Any:
    """The one payload of an event; none at all counts as an empty one."""
    if len(arguments) > 1:
        raise InvalidPayload(f"Send one payload with the event, not {len(arguments)}.")
    return arguments[0] if arguments else {}
