"""The watchdog, in a process of its own with an event loop."""

from __future__ import annotations

import subprocess
import sys

import pytest

from server.settings import PROJECT

PROGRAM = """
from server.runtime import library_patches
library_patches.install("{mode}")
import logging, time
from server.runtime.loops import load
from server.runtime.watchdog import Watchdog

loop = load("{mode}")

def hold_the_loop(seconds):
    loop.native_threading().Event().wait(seconds)

logging.basicConfig()
watchdog = Watchdog(loop)
watchdog.start()
time.sleep(0.2)
hold_the_loop({seconds})
time.sleep(0.2)
watchdog.stop()
"""


pytestmark = pytest.mark.parametrize("mode", ["eventlet", "gevent"])


def run(mode: str, seconds: float) -> str:
    program = PROGRAM.replace("{mode}", mode).replace("{seconds}", str(seconds))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stderr


def test_stack_of_what_holds_the_loop_is_logged(mode: str) -> None:
    log = run(mode, 0.5)
    assert "The loop was held for" in log
    assert "in hold_the_loop" in log


def test_short_calls_are_not_logged(mode: str) -> None:
    assert run(mode, 0.02) == ""
