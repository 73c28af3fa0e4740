"""Settings of the operating system's process: memory, garbage collection, open files, its end."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # their numbers in malloc.h
PR_SET_PDEATHSIG = 1
LARGE_BLOCK_BYTES = 1_000_000
MAX_ARENAS = 2
MAX_OPEN_FILES = 10_000
SWITCH_S = 0.0005
TRIM_S = 10
# Of the youngest objects, and of collections of the younger ones before one of the older: a full
# collection holds everybody up, for a tenth of a second while many messages are being parsed.
GARBAGE_THRESHOLDS = 10_000, 10, 50
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def collect_garbage_rarely() -> None:
    """Collect garbage rarely, and exclude start-up objects (gc.freeze)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def switch_threads_often() -> None:
    """Let the loop wait for a native thread in Python code a tenth as long as by default (5 ms)."""
    sys.setswitchinterval(SWITCH_S)


def keep_little_memory() -> None:
    """Return large blocks to the system as soon as they are free, and share the memory of small.

    By default glibc keeps free blocks for each of many native threads (mallopt(3)): a gigabyte
    after a few dozen photos, and 80 MB of small blocks after ten minutes of mixed use. Other C
    libraries lack these settings and do not need them.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)
        if set_option:
            set_option(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)
            set_option(M_ARENA_MAX, MAX_ARENAS)


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


def end_with_parent() -> None:
    """End as at SIGTERM when the process that has started this one ends (prctl(2), on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class StopSignals:
    """SIGTERM and SIGINT: the first can be waited for, and the next ends the process at once.

    An exception would be raised in whichever green thread runs, and might be lost there.
    """

    def __init__(self) -> None:
        self._first, self._noted = socket.socketpair()
        self._noted.setblocking(False)
        signal.set_wakeup_fd(self._noted.fileno())
        for number in STOP_SIGNALS:
            signal.signal(number, _let_next_end)

    def wait(self) -> None:
        self._first.recv(1)


def _let_next_end(_signal: int, _frame: object) -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def end_within(seconds: float) -> None:
    """End the process with status 1 at that time, whatever it does, and say what that was."""
    faulthandler.dump_traceback_later(seconds, exit=True)


def end() -> NoReturn:
    """End the process without waiting for threads: clients may keep theirs for long."""
    os._exit(0)
