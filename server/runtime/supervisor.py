"""Several server processes: started, replaced when one ends, restarted one by one at SIGHUP.

The supervisor binds the sockets and passes them on, so a connection that comes while a process ends
waits for another one. Every process listens on the shared port, and on a port of its own, by which
a proxy sends a client that polls to the same process again.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from server.runtime.listeners import BACKLOG, bind
from server.runtime.notify import Notices, tell_ready

READY_S = 60  # until a process serves
STOP_S = 6.0  # until a process that is to end has ended; then it is killed
LOOK_S = 0.05
LONGEST_PAUSE_S = 30.0  # before a process that does not start is started again
LIVED_S = 60.0  # a process that has lived as long did not fail at its start

log = logging.getLogger(__name__)


def supervise(host: str, port: int, count: int) -> int:
    """Serve by so many processes until SIGTERM or SIGINT; return the exit status.

    They listen on `port`, and on one of the ports after it each. Raises ConfigurationError.
    """
    listeners = [bind(host, port + number) for number in range(count + 1)]
    for each in listeners:
        each.listen(BACKLOG)
    shared, *own = [each.fileno() for each in listeners]
    supervisor = Supervisor()
    with TemporaryDirectory(prefix="live-digits-") as folder:
        for some in (own[:1], own[1:]):  # if the first cannot start, it alone says why
            places = [Place([shared, each], Path(folder) / str(each)) for each in some]
            if not supervisor.add(places):
                return 1
        print(f"{count} processes of Live Digits serve http://{host}:{port}", flush=True)
        tell_ready()
        supervisor.run()
    return 0


class Place:
    """The listeners of one process, and the process that serves them now."""

    def __init__(self, listeners: Sequence[int], notices: Path) -> None:
        self._listeners = listeners
        self._notices = notices
        self._failures = 0
        self.process = self.start()

    def start(self) -> Process:
        """Start another process beside the one that serves."""
        return Process(self._listeners, self._notices)

    def replace_ended(self) -> None:
        """Start the process anew if it has ended, the later the more often that has failed."""
        if self.process.is_alive:
            return
        lived_s = time.monotonic() - self.process.started_s
        if lived_s < min(LONGEST_PAUSE_S, 2.0**self._failures - 1):
            return
        log.error("A process ended with status %s; another takes its place.", self.process.status)
        self._failures = 0 if lived_s > LIVED_S else self._failures + 1
        self.process.kill()
        self.process = self.start()


class Process:
    """A server process."""

    def __init__(self, listeners: Sequence[int], notices: Path) -> None:
        self.started_s = time.monotonic()
        self._notices = Notices(notices)
        given = [f"--listener={each}" for each in listeners]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "server", *given],
            env=os.environ | self._notices.environment,
            pass_fds=listeners,
            start_new_session=True,  # or Ctrl-C would reach it too, and it would be told twice
        )

    @property
    def status(self) -> int | None:
        return self._process.returncode

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it serves."""
        return self._notices.has_come

    def end(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """End the process at once, if it has not ended."""
        self._process.kill()
        self._process.wait()
        self._notices.close()


class Supervisor:
    """The processes of one server, and the signals to them all."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._signals: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: self._signals.append(number))

    @property
    def _is_ending(self) -> bool:
        return any(number != signal.SIGHUP for number in self._signals)

    def add(self, places: Sequence[Place]) -> bool:
        """Take over places, and return whether their processes serve; if not, end all."""
        self._places += places
        new = [each.process for each in places]
        for each in new:
            self._wait_for(each)
        if all(each.is_ready for each in new):
            return True
        self._end([each.process for each in self._places])
        return False

    def run(self) -> None:
        """Keep all places served until a signal to end."""
        while not self._is_ending:
            for each in self._places:
                each.replace_ended()
            if signal.SIGHUP in self._signals:
                self._signals.remove(signal.SIGHUP)
                self._restart()
            time.sleep(LOOK_S)
        self._end([each.process for each in self._places])

    def _restart(self) -> None:
        """Replace one process after the other, each as soon as its successor serves."""
        for place in self._places:
            old, new = place.process, place.start()
            self._wait_for(new)
            if not new.is_ready:
                log.error("The new process does not serve; the old ones stay.")
                new.kill()
                return
            place.process = new
            self._end([old])

    def _wait_for(self, new: Process) -> None:
        wait(lambda: new.is_ready or not new.is_alive or self._is_ending, READY_S)

    def _end(self, processes: Sequence[Process]) -> None:
        """End processes as a server leaves; kill those that do not, or at a second signal."""
        asked = len(self._signals)
        for each in processes:
            each.end()
        wait(
            lambda: not any(each.is_alive for each in processes) or len(self._signals) > asked,
            STOP_S,
        )
        for each in processes:
            each.kill()


def wait(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition, or for so long."""
    end_s = time.monotonic() + seconds
    while not condition() and time.monotonic() < end_s:
        time.sleep(LOOK_S)
