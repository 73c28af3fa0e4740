"""Locks in native threads beside an event loop, in a process of its own that the loop changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import PROJECT

LOOPS = ("eventlet", "gevent")
SET_UP = """
import logging
import sys
import threading
import time

from server.runtime import library_patches
library_patches.install("{mode}")

from prometheus_client import Counter
from sqlalchemy import text

from server.database.engine import open_database, transaction
from server.runtime.loops import load

off_loop = load("{mode}").native_calls()
"""

CONTENTION = """
logging.basicConfig()
sys.setswitchinterval(1e-5)
engine, counter = open_database(f"sqlite:///{sys.argv[1]}/history.db"), Counter("calls", "Calls.")

def call(_number):
    with transaction(engine) as connection:
        connection.execute(text("SELECT 1")).all()
    counter.inc()
    logging.warning("off the loop")

def alternate():
    for number in range(400):
        off_loop(call, number)
        counter.inc()
        logging.warning("on the loop")

threads = [threading.Thread(target=alternate) for _ in range(12)]
for each in threads: each.start()
for each in threads: each.join()
print(int(counter._value.get()))
"""

GREEN_LOCK = """
lock = threading.Lock()
lock.acquire()
threading.Timer(0.1, lock.release).start()
try:
    print(off_loop(lock.acquire))
except RuntimeError as error:
    print(error)
"""

DURING_AN_IMPORT = """
import _imp
_imp.acquire_lock()
print(off_loop(int, "7"))
_imp.release_lock()
time.sleep(0)
print(off_loop(int, "8"))
"""


def run(mode: str, program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SET_UP.replace("{mode}", mode) + program, *arguments],
        cwd=PROJECT, capture_output=True, text=True, check=True, timeout=90,
    )  # fmt: skip
    return done.stdout


@pytest.mark.alone
@pytest.mark.parametrize("mode", LOOPS)
def test_calls_off_the_loop_end_whatever_locks_they_contend_for(mode: str, tmp_path: Path) -> None:
    assert run(mode, CONTENTION, str(tmp_path)) == "9600\n"


def test_waiting_for_a_green_lock_of_eventlet_off_the_loop_is_an_error() -> None:
    assert "A native thread waits for a green lock" in run("eventlet", GREEN_LOCK)


def test_green_lock_of_gevent_is_waited_for_off_the_loop() -> None:
    assert run("gevent", GREEN_LOCK) == "True\n"


@pytest.mark.parametrize("mode", LOOPS)
def test_call_during_an_import_leaves_the_loop_as_it_is(mode: str) -> None:
    assert run(mode, DURING_AN_IMPORT) == "7\n8\n"
