"""The watchdog of the event loop: how late it wakes a sleeper, and what holds it.

Under eventlet and gevent a call that holds the loop holds every connection. A native thread sees
that the loop's pulse has stopped and takes the stack of the loop's thread. The pulse logs it when
the loop goes on, with the time for which it was held.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from typing import Any

from server.monitoring.metrics import LOOP_LAG_SECONDS
from server.runtime.loops import Loop

PULSE_S = 0.05
HELD_S = 0.1  # longer than this, a call does not belong on the loop
QUIET_S = 10  # between two stacks in the log

log = logging.getLogger(__name__)


class Watchdog:
    """Measures the lag of the loop between `start` and `stop`; logs what holds it too long."""

    def __init__(self, loop: Loop) -> None:
        self._native = loop.native_threading()
        self._waits = loop.WAITS  # there it is not held: the machine is busy
        self._stopped = threading.Event()
        self._threads: list[Any] = []
        self._pulse_s = time.monotonic()
        self._stack = ""
        self._logged_s = -float("inf")

    def start(self) -> None:
        self._loop_thread, self._pulse_s = threading.get_ident(), time.monotonic()
        self._start(threading.Thread, self._beat)
        if self._native:
            self._loop_thread = self._native.get_ident()
            self._start(self._native.Thread, self._watch)

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _start(self, make: Any, work: Any) -> None:
        thread = make(target=work, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _beat(self) -> None:
        while not self._stopped.wait(PULSE_S):
            now_s = time.monotonic()
            lag_s = max(0.0, now_s - self._pulse_s - PULSE_S)
            LOOP_LAG_SECONDS.observe(lag_s)
            self._log_stack(now_s, lag_s)
            self._pulse_s = time.monotonic()

    def _log_stack(self, now_s: float, lag_s: float) -> None:
        if self._stack and lag_s > HELD_S and now_s - self._logged_s > QUIET_S:
            log.warning("The loop was held for %.0f ms by:\n%s", lag_s * 1000, self._stack)
            self._logged_s = now_s
        self._stack = ""

    def _watch(self) -> None:
        pause = self._native.Event()
        while not self._stopped.is_set():
            pause.wait(PULSE_S / 2)
            if not self._stack and time.monotonic() - self._pulse_s > PULSE_S + HELD_S:
                frame = sys._current_frames().get(self._loop_thread)
                if frame and frame.f_code.co_qualname != self._waits:
                    self._stack = "".join(traceback.format_stack(frame))
