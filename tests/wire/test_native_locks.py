"""Reads of the database off the loop, by several native threads at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT
from tests.databases import database_url

CALLS = 500  # of each reader; with green locks a reader hangs after some hundred
PROGRAM = """
import logging, os, sys
from server.runtime import library_patches
library_patches.install("eventlet")
import eventlet
from sqlalchemy import text
from server.database.engine import open_database, transaction
from server.runtime.off_loop import choose_off_loop, open_pools

sys.setswitchinterval(1e-5)  # threads are changed while they hold a lock
engine, pools = open_database(sys.argv[1]), open_pools(choose_off_loop("eventlet"))

def read():
    with transaction(engine) as connection:
        connection.execute(text("SELECT 1"))
    logging.warning("read")

def repeat():
    for _ in range(int(sys.argv[2])):
        pools.reads(read)

for reader in [eventlet.spawn(repeat) for _ in range(8)]:
    reader.wait()
print("done", flush=True)
os._exit(0)
"""


def test_readers_do_not_wait_for_each_other_for_ever(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, database_url(tmp_path), str(CALLS)],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout == "done\n", done.stderr[-2_000:]
