"""Settings of the operating system's process: memory, garbage collection, open files, signals."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

M_MMAP_THRESHOLD = -3  # its number in malloc.h
LARGE_BLOCK_BYTES = 1_000_000
MAX_OPEN_FILES = 10_000
GARBAGE_THRESHOLD = 10_000  # objects that may wait to be collected
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def collect_garbage_rarely() -> None:
    """Collect garbage rarely, and exclude start-up objects (gc.freeze)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)


def return_large_blocks() -> None:
    """Return the memory of a large picture to the system as soon as it is read.

    Without a fixed threshold glibc keeps such blocks for each native thread (mallopt(3)): a
    gigabyte after a few dozen photos. Other C libraries lack this setting and do not need it.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option:
            set_option(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)


def trim_memory() -> None:
    """Return the free memory between small blocks to the system, which glibc keeps otherwise."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)


def allow_many_files() -> None:
    """Raise the limit of open files: each connection is one, and the usual limit is 1,024."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError):  # macOS reports a hard limit that it does not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, MAX_OPEN_FILES)), hard))


def exit_on_signals(finish: Callable[[], None]) -> None:
    """End the process at SIGTERM and SIGINT, after a last short call; at a second one at once.

    The call must neither log nor wait for another thread's lock: it interrupts any of them.
    """

    def leave(_signal: int, _frame: object) -> NoReturn:
        """End: acknowledged changes are committed, and the others are sent again.

        An exception would be raised in whichever green thread runs now, and might be lost there.
        """
        for number in SIGNALS:
            signal.signal(number, _exit)
        finish()
        os._exit(0)

    for number in SIGNALS:
        signal.signal(number, leave)


def _exit(_signal: int, _frame: object) -> NoReturn:
    os._exit(0)
