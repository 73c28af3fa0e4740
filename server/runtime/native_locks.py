"""Native locks for the libraries that native threads use.

Eventlet makes the locks of the standard library green. A native thread that waits for a green lock
waits for ever, because whoever releases it wakes the green threads of the loop only. So the
libraries whose code runs off the loop keep the native locks. The loop may use these too: nobody
waits for anything else while holding one, so that it is held only for a moment.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, TypeVar

from server.runtime.quiet_eventlet import import_eventlet

LIBRARIES = ("logging", "prometheus_client", "psycopg", "sqlalchemy")

Result = TypeVar("Result")


def make_green() -> None:
    """Make the standard library green for all but the libraries that native threads use."""
    patcher = import_eventlet().patcher
    for library in LIBRARIES:  # before, so that the names that they import are native
        if find_spec(library):
            import_module(library)
    import_eventlet().monkey_patch()
    native = patcher.original("threading")
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in LIBRARIES and uses_threading(module):
            module.threading = native  # type: ignore[attr-defined]
    renew_locks_of_logging(native)


def uses_threading(module: ModuleType) -> bool:
    return getattr(module, "threading", None) is threading


def renew_locks_of_logging(native: Any) -> None:
    """Replace the locks of before, which eventlet has made green."""
    logging._lock = native.RLock()  # type: ignore[attr-defined]
    for reference in logging._handlerList:  # type: ignore[attr-defined]
        reference().createLock()


def native_calls() -> Callable[..., Any]:
    """Return a way to make a call in a native thread, for the thread of the loop.

    It raises RuntimeError where the call would wait for a green lock. While a module is being
    imported, eventlet makes the call right here.
    """
    eventlet = import_eventlet()
    get_ident = eventlet.patcher.original("threading").get_ident
    loop = get_ident()

    def call_there(call: Callable[..., Result], *arguments: Any) -> Result:
        if get_ident() != loop:
            eventlet.hubs.use_hub(NoHub)
        return call(*arguments)

    return partial(eventlet.tpool.execute, call_there)


class NoHub:
    """Stand-in for the event loop in a native thread, where nobody would run one."""

    greenlet = None

    @staticmethod
    def is_available() -> bool:
        return True

    def mark_as_reopened(self, file: int) -> None:
        """Forget who waits for a file of this number: nobody does."""

    def switch(self, *_arguments: Any, **_options: Any) -> None:
        raise RuntimeError("A native thread waits for a green lock: see runtime/native_locks.py.")

    add = schedule_call_global = switch
