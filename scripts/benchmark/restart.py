"""Restart of the server under open pages: how soon are all back, and does any save get lost?

.venv/bin/python -m scripts.benchmark.restart [--clients 1000] [--async-mode gevent]
"""

from __future__ import annotations

import argparse
import base64
import json
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID

from scripts.benchmark.load import node
from scripts.benchmark.servers import NO_LIMIT
from tests.conftest import ASYNC_MODES, ServerProcess
from tests.pictures import png

SAVERS = 5
PAUSE_MS = 500  # between two saves of one client
LOAD_S = 2  # before the restart, and after all are back
PART_S = 0.1


@dataclass(frozen=True)
class Restart:
    """The course of a restart; the seconds of the clients begin when the new server answers."""

    status: int  # of the old process
    stop_s: float
    start_s: float
    connected_s: list[float]
    watching_s: list[float]
    saved: int
    lost: int

    @property
    def busiest_part(self) -> int:
        """Return the most connections that were made in one part of a second."""
        return max(Counter(int(second / PART_S) for second in self.connected_s).values())


def measure(server: ServerProcess, clients: int) -> Restart:
    """Restart a running server under so many clients."""
    with open_pages(server, clients) as pages:
        assert pages.stdout is not None
        pages.stdout.readline()
        time.sleep(LOAD_S)
        status, stop_s = stop(server)
        began_s = time.monotonic()
        server.start()
        start_s, started_ms = time.monotonic() - began_s, time.time() * 1000
        back = json.loads(pages.stdout.readline())
        time.sleep(LOAD_S)
        saved = json.loads(pages.communicate()[0])["saved"]
    return Restart(
        status,
        stop_s,
        start_s,
        connected_s=sorted((at_ms - started_ms) / 1000 for at_ms in back["connected_ms"]),
        watching_s=sorted((at_ms - started_ms) / 1000 for at_ms in back["watched_ms"]),
        saved=len(saved),
        lost=len(set(saved) - kept(server)),
    )


def open_pages(server: ServerProcess, clients: int) -> subprocess.Popen[str]:
    task = {
        "url": server.url,
        "clients": clients,
        "savers": min(SAVERS, clients),
        "pause_ms": PAUSE_MS,
        "image": base64.b64encode(png("407")).decode(),
    }
    script = str(Path(__file__).with_name("restart.mjs"))
    return subprocess.Popen(
        [node(), script, json.dumps(task)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def stop(server: ServerProcess) -> tuple[int, float]:
    """Stop a server; return its status and how many seconds it took."""
    process = server.process
    assert process is not None
    began_s = time.monotonic()
    server.stop()
    return process.returncode, time.monotonic() - began_s


def kept(server: ServerProcess) -> set[str]:
    """Return the ids in the history."""
    with closing(sqlite3.connect(server.database)) as database:
        return {str(UUID(id)) for (id,) in database.execute("SELECT id FROM entries")}


def main() -> None:
    parser = argparse.ArgumentParser(
        "scripts.benchmark.restart", description="Restart the server under open pages."
    )
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--async-mode", choices=ASYNC_MODES, default="eventlet")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        limits = dict.fromkeys(("connections_per_address", "queries_per_minute"), "100000")
        limits["changes_per_minute"] = NO_LIMIT
        server = ServerProcess(Path(folder), async_mode=arguments.async_mode, **limits)
        server.start()
        show(measure(server, arguments.clients))
        server.stop()


def show(restart: Restart) -> None:
    print(f"stop: {restart.stop_s:.2f} s, with status {restart.status}")
    print(f"start: {restart.start_s:.2f} s")
    for name, after in (("connected", restart.connected_s), ("watching", restart.watching_s)):
        half_s, all_s = median(after), after[-1]
        print(f"{len(after)} {name} again: half {half_s:.2f} s after the start, all {all_s:.2f} s")
    print(f"at most {restart.busiest_part} connections within {PART_S} s")
    print(f"{restart.saved} saves acknowledged, of which {restart.lost} are lost")


if __name__ == "__main__":
    main()
