"""The watchdog, in a process of its own whose event loop is eventlet's."""

from __future__ import annotations

import subprocess
import sys

from server.settings import PROJECT

PROGRAM = """
from server.runtime import library_patches
library_patches.install("eventlet")
import logging, time
from server.runtime.quiet_eventlet import import_eventlet
from server.runtime.watchdog import Watchdog

hold = import_eventlet().patcher.original("time").sleep

def hold_the_loop(seconds):
    hold(seconds)

logging.basicConfig()
watchdog = Watchdog("eventlet")
watchdog.start()
time.sleep(0.2)
hold_the_loop({seconds})
time.sleep(0.2)
watchdog.stop()
"""


def run(seconds: float) -> str:
    program = PROGRAM.replace("{seconds}", str(seconds))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stderr


def test_stack_of_what_holds_the_loop_is_logged() -> None:
    log = run(0.5)
    assert "The loop was held for" in log
    assert "in hold_the_loop" in log


def test_short_calls_are_not_logged() -> None:
    assert run(0.02) == ""
