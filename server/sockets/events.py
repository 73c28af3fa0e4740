"""Socket.IO events, bound from the table of operations.

Every event takes the same way: the visitor, the rate limit, the payload, the use case. The
acknowledgement is the answer, or {ok: false, error: {code, message}}. A bad message never closes a
connection.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import flask
from flask_socketio import SocketIO
from msgspec import Struct
from werkzeug.routing import MapAdapter

from server.contract import SOCKET_PATH, Failure
from server.error_boundary import attempt, failure
from server.errors import DigitsError, InvalidPayload
from server.monitoring.logs import begin_request
from server.services.live import LiveService
from server.services.operations import OPERATIONS, Dispatcher, Operation
from server.sockets.connections import Connections, client_id
from server.sockets.publisher import SocketPublisher
from server.sockets.strict_packets import UNREADABLE

MAX_NAME_SHOWN = 40


class EventfulFlask(flask.Flask):
    """An app that looks for no route for an event, which Flask-SocketIO gives a request.

    No route would fit. The error for that and the request refer to each other, and would keep all
    that belongs to the event until a full garbage collection, which holds everybody up for as long
    as there is much to collect.
    """

    def create_url_adapter(self, request: flask.Request | None) -> MapAdapter | None:
        if request is not None and f"{request.path.rstrip('/')}/" == SOCKET_PATH:
            return None
        return super().create_url_adapter(request)


class Events:
    """Answers every event of the table, and refuses every other."""

    def __init__(
        self,
        socketio: SocketIO,
        dispatcher: Dispatcher,
        connections: Connections,
        publisher: SocketPublisher,
        live: LiveService,
    ) -> None:
        self._socketio = socketio
        self._dispatcher = dispatcher
        self._connections = connections
        self._publisher = publisher
        self._live = live

    def register(self) -> None:
        on_event = self._socketio.on_event
        for operation in (each for each in OPERATIONS if each.event):
            if operation.answer:
                on_event(operation.name, partial(self._acknowledge, operation))
            else:  # without Flask's request context, since frames are many
                self._socketio.server.on(operation.name, partial(self._receive_frame, operation))
        on_event("connect", self._connections.connect)
        on_event("disconnect", self._forget)
        on_event("*", refuse_unknown)
        on_event(UNREADABLE, refuse_unreadable)

    def _acknowledge(self, operation: Operation, *arguments: Any) -> Struct:
        begin_request(client=client_id())
        self._connections.identify_again(client_id())
        result = attempt(self._perform, operation, client_id(), arguments)
        return failure(result) if isinstance(result, DigitsError) else result

    def _receive_frame(self, operation: Operation, client: str, *arguments: Any) -> None:
        result = attempt(self._perform, operation, client, arguments)
        if isinstance(result, DigitsError):
            payload = arguments[0] if len(arguments) == 1 else None
            self._live.refuse(client, payload, result)

    def _perform(self, operation: Operation, client: str, arguments: tuple[Any, ...]) -> Any:
        """Perform an operation. While a client waits, nothing more of it is received."""
        return self._dispatcher.perform(
            operation,
            self._connections.visitor(client),
            partial(only, arguments),
            partial(self._publisher.slow_down, client, operation.name),
        )

    def _forget(self, *_: Any) -> None:
        self._live.forget(client_id())
        self._connections.forget(client_id())


def refuse_unknown(event: str, *_: Any) -> Failure:
    begin_request()
    return failure(InvalidPayload(f"There is no event {event[:MAX_NAME_SHOWN]!r}."))


def refuse_unreadable(*_: Any) -> Failure:
    begin_request()
    return failure(InvalidPayload("The message is not a valid Socket.IO event."))


def only(arguments: tuple[Any, ...]) -> Any:
    """Return the one payload of an event, {} if there is none. Raises InvalidPayload."""
    if len(arguments) > 1:
        raise InvalidPayload(f"Send one payload with the event, not {len(arguments)}.")
    return arguments[0] if arguments else {}
