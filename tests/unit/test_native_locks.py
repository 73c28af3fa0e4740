"""Locks in native threads under eventlet, in a process of its own that eventlet has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server.settings import PROJECT

SET_UP = """
import logging
import sys
import threading

from server.runtime import library_patches
library_patches.install("eventlet")

import eventlet
from prometheus_client import Counter
from sqlalchemy import text

from server.database.engine import open_database, transaction
from server.runtime.off_loop import choose_off_loop

off_loop = choose_off_loop("eventlet")
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

with eventlet.Timeout(60):
    for _ in eventlet.GreenPool(12).imap(lambda number: off_loop(call, number), range(5_000)):
        counter.inc()
        logging.warning("on the loop")
print(int(counter._value.get()))
"""

GREEN_LOCK = """
lock = threading.Lock()
lock.acquire()
try:
    off_loop(lock.acquire)
except RuntimeError as error:
    print(error)
"""

DURING_AN_IMPORT = """
import _imp
_imp.acquire_lock()
print(off_loop(int, "7"))
_imp.release_lock()
eventlet.sleep(0)
print(off_loop(int, "8"))
"""


def run(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SET_UP + program, *arguments],
        cwd=PROJECT, capture_output=True, text=True, check=True, timeout=90,
    )  # fmt: skip
    return done.stdout


@pytest.mark.alone
def test_calls_off_the_loop_end_whatever_locks_they_contend_for(tmp_path: Path) -> None:
    assert run(CONTENTION, str(tmp_path)) == "10000\n"


def test_waiting_for_a_green_lock_off_the_loop_is_an_error() -> None:
    assert "A native thread waits for a green lock" in run(GREEN_LOCK)


def test_call_during_an_import_leaves_the_loop_as_it_is() -> None:
    assert run(DURING_AN_IMPORT) == "7\n8\n"
