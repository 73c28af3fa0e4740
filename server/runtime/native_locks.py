"""Native locks for the libraries that native threads use.

Eventlet and gevent make the locks of the standard library green. Under eventlet a native thread
that waits for a green lock waits for ever, because whoever releases it wakes the green threads of
the loop only; under gevent it gets a loop of its own for that. So the libraries whose code runs
off the loop keep the native locks. The loop may use these too: nobody waits for anything else
while holding one, so that it is held only for a moment.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

LIBRARIES = ("logging", "prometheus_client", "psycopg", "sqlalchemy")


def keep_native(make_green: Callable[[], object], native_threading: Callable[[], Any]) -> None:
    """Make the standard library green for all but the libraries that native threads use."""
    for library in LIBRARIES:  # before, so that the names that they import are native
        if find_spec(library):
            import_module(library)
    make_green()
    native = native_threading()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in LIBRARIES and uses_threading(module):
            module.threading = native  # type: ignore[attr-defined]
    renew_locks_of_logging(native)


def uses_threading(module: ModuleType) -> bool:
    return getattr(module, "threading", None) is threading


def renew_locks_of_logging(native: Any) -> None:
    """Replace the locks of before, which have become green."""
    logging._lock = native.RLock()  # type: ignore[attr-defined]
    for reference in logging._handlerList:  # type: ignore[attr-defined]
        reference().createLock()
