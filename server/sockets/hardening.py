"""Limits and refusals that the libraries have no option for, set on one server's own objects.

By long polling a message that is too long is read to its end and refused, and the session goes
on. On a WebSocket it closes the connection with code 1009 (RFC 6455, section 7.4.1): its length is
not known before its end, and a client could go on sending for ever. Clients that leave events
unfinished or answers unread are cut off by `Clients`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from server.error_boundary import failure
from server.errors import ImageTooLarge
from server.limits.refusal_log import RefusalLog
from server.limits.work_budget import CHARACTER_S, add_work, begin_work
from server.runtime.engineio_packets import TooLong
from server.runtime.library_patches import outdated
from server.runtime.loops import load
from server.runtime.meter import Environ
from server.sockets.answer_queue import answer_queue
from server.sockets.byte_limits import ByteLimits
from server.sockets.clients import Clients
from server.sockets.strict_packets import TOO_LONG

MAX_HEAD = 1_000  # characters of a text that is too long: its id is among them
COSTLY_LENGTH = 10_000

Handler = Callable[..., Any]


def harden(server: Any, limits: ByteLimits, log: RefusalLog) -> Clients:
    """Harden a socketio.Server. Raises ConfigurationError if its libraries have changed."""
    clients = Clients(server.eio, limits, log)
    watch_clients(server, clients, limits)
    refuse_long_messages(server, limits)
    replace_drivers(server.eio, limits, clients)
    return clients


def watch_clients(server: Any, clients: Clients, limits: ByteLimits) -> None:
    """Tell `clients` of each client, and of each event that waits for its attachment.

    A message by long polling that is too long becomes TooLong before it is parsed. An attachment
    for a namespace that the client has not joined is ignored: it raises ValueError.
    """
    handlers = getattr(server.eio, "handlers", {})
    unfinished = getattr(server, "_binary_packet", None)
    if not {"connect", "message", "disconnect"} <= handlers.keys() or unfinished is None:
        raise outdated("python-socketio", "has other Server.eio.handlers or no _binary_packet")
    leaving = load(server.eio.async_mode).make_lane()

    def connect(handle: Handler, client: str, environ: Environ) -> Any:
        clients.connect(client, environ)
        return handle(client, environ)

    def receive(handle: Handler, client: str, message: Any) -> None:
        if len(message) > limits.of_message(isinstance(message, str)):
            message = TooLong(message[:MAX_HEAD] if isinstance(message, str) else "")
        if isinstance(message, TooLong):
            clients.note_too_long(client)
        work = begin_work()
        if len(message) > COSTLY_LENGTH and isinstance(message, str):
            add_work(len(message) * CHARACTER_S)
        with clients.handling(client), suppress(ValueError):
            handle(client, message)
        waiting = unfinished.get(client)
        clients.note_unfinished(client, len(waiting.text) if waiting else 0)
        clients.settle(client, work.seconds)  # only here is nothing kept of what was parsed
        if len(message) > COSTLY_LENGTH:  # one after another must not hold up other clients
            server.eio.sleep(0)

    def disconnect(handle: Handler, client: str, reason: str) -> None:
        leaving.enter()
        handle(client, reason)
        clients.disconnect(client)

    for event, watch in (("connect", connect), ("message", receive), ("disconnect", disconnect)):
        server.eio.on(event, partial(watch, handlers[event]))


def refuse_long_messages(server: Any, limits: ByteLimits) -> None:
    """Answer the event that stands for a message that was cut off."""
    megabytes, kilobytes = limits.binary_bytes / 1e6, limits.text_bytes / 1e3
    error = ImageTooLarge(
        f"The message has more than {megabytes:.3g} MB, or more than {kilobytes:g} kB of text. "
        "Send a smaller picture."
    )
    server.on(TOO_LONG, lambda *_: failure(error))


def replace_drivers(engine: Any, limits: ByteLimits, clients: Clients) -> None:
    """Use WebSockets that are metered and queues that are counted."""
    drivers = getattr(engine, "_async", {})
    if not {"websocket", "queue", "queue_empty"} <= drivers.keys():
        raise outdated("python-engineio", "has other Server._async")
    metered_websocket = load(engine.async_mode).metered_websocket
    engine._async = drivers | {
        "websocket": metered_websocket(drivers["websocket"], clients.open_inbox),
        "queue": answer_queue(drivers, limits.unread, clients.note_answer),
    }
