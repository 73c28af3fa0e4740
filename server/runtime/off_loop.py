"""Long native calls, made without holding the other connections.

Under eventlet and gevent all connections share one native thread, the loop. A long native call
(decoding a large picture, a transaction) would hold every connection, so it is made in a native
thread. Such a call must not wait for a green lock (native_locks.py). Short calls, such as reading
a small frame, stay on the loop, because the way to another thread costs more.
Under "threading" every connection has a native thread, and every call is made right there.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Protocol, TypeVar

from server.errors import Unavailable
from server.limits.work_budget import add_work
from server.monitoring.metrics import POOL_SECONDS, POOL_WAITING

MAX_WAITING = 200  # calls of one pool
MAX_WAIT_S = 15
CHARGED = ("reads",)  # pictures are bounded by the size of their own pools
BUSY = "The server is busy right now. Your input is not lost: try again in a moment."

Result = TypeVar("Result")


class MakeCall(Protocol):
    """A way to make a call and return its result."""

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result: ...


class Pool:
    """Native calls off the loop, at most `size` at once, in turn; the metrics know it by its name.

    `is_charged`: their processor time counts as work of the request that makes them.
    Raises Unavailable for a call that finds too many before it, or has waited for too long.
    """

    def __init__(
        self, off_loop: MakeCall, name: str, size: int = 1, is_charged: bool = False
    ) -> None:
        self._off_loop = off_loop
        self._is_charged = is_charged
        self._turns = threading.Semaphore(size)
        self._count = 0  # of calls that wait
        self._waiting = POOL_WAITING.labels(name)
        self._seconds = POOL_SECONDS.labels(name)

    def __call__(self, call: Callable[..., Result], *arguments: Any) -> Result:
        self._wait()
        try:
            with self._seconds.time():
                if self._is_charged:
                    return self._call_charged(call, *arguments)
                return self._off_loop(call, *arguments)
        finally:
            self._turns.release()

    def _call_charged(self, call: Callable[..., Result], *arguments: Any) -> Result:
        spent_s = [0.0]
        try:
            result: Result = self._off_loop(_measure, spent_s, call, *arguments)
        finally:
            add_work(spent_s[0])
        return result

    def _wait(self) -> None:
        if self._turns.acquire(blocking=False):
            return
        if self._count >= MAX_WAITING:
            raise Unavailable(BUSY)
        self._count += 1
        try:
            with self._waiting.track_inprogress():
                if not self._turns.acquire(timeout=MAX_WAIT_S):
                    raise Unavailable(BUSY)
        finally:
            self._count -= 1


@dataclass(frozen=True)
class Pools:
    """The pools of one server, so that no kind of work waits behind another.

    SQLite allows one writer at a time. Of large pictures two are read at once, each in up to
    200 MB, and one if that leaves the loop no core of its own.
    """

    reads: Pool
    writes: Pool
    pictures: Pool
    large_pictures: Pool
    passwords: Pool
    exports: Pool


def open_pools(off_loop: MakeCall) -> Pools:
    """Return the pools of one server, with fewer calls at once than a loop has threads (20)."""
    sizes = {"reads": 4, "pictures": 4, "large_pictures": 2 if (os.cpu_count() or 1) > 2 else 1}
    names = [each.name for each in fields(Pools)]
    return Pools(
        **{name: Pool(off_loop, name, sizes.get(name, 1), name in CHARGED) for name in names}
    )


def _measure(spent_s: list[float], call: Callable[..., Result], *arguments: Any) -> Result:
    started_s = time.thread_time()
    try:
        return call(*arguments)
    finally:
        spent_s[0] = time.thread_time() - started_s
