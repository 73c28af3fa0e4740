"""Long native calls, made without holding the other connections.

Under eventlet all connections share one native thread, the loop. A long native call (decoding a
large picture, a transaction) would hold every connection, so it is made in a native thread. Such
a call must not log or wait for a lock: both would be green. Short calls, such as reading a small
frame, stay on the loop, because the way to another thread costs more.
Under "threading" every connection has a native thread, and every call is made right there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from server.monitoring.metrics import POOL_SECONDS, POOL_WAITING
from server.runtime.quiet_eventlet import import_eventlet

Result = TypeVar("Result")


class MakeCall(Protocol):
    """A way to make a call and return its result."""

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result: ...


class Lane:
    """Native calls off the loop, one at a time; the metrics know it by a name."""

    def __init__(self, off_loop: MakeCall, name: str) -> None:
        self._off_loop = off_loop
        self._turn = threading.Lock()
        self._waiting = POOL_WAITING.labels(name)
        self._seconds = POOL_SECONDS.labels(name)

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result:
        with self._waiting.track_inprogress():
            self._turn.acquire()
        try:
            with self._seconds.time():
                return self._off_loop(call, *arguments)
        finally:
            self._turn.release()


def choose_off_loop(async_mode: str) -> MakeCall:
    """Return the way to make a native call without holding other connections."""
    if async_mode == "eventlet":
        return import_eventlet().tpool.execute  # type: ignore[no-any-return]
    return call_here


def call_here(call: Callable[..., Result], *arguments: Any) -> Result:
    """Make the call in the thread that asks for it."""
    return call(*arguments)
