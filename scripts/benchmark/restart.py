"""Restart of the server under open pages: how soon are all back, and does any save get lost?

.venv/bin/python -m scripts.benchmark.restart [--clients 1000] [--async-mode gevent] [--processes 2]

Several processes, on PostgreSQL, restart one by one.
"""

from __future__ import annotations

import argparse
import base64
import json
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import select

from scripts.benchmark.load import node
from scripts.benchmark.servers import NO_LIMIT
from server.database.schema import entries
from tests.conftest import ASYNC_MODES, ServerProcess
from tests.databases import TEMPLATE, connected, database_url, postgres, stop_postgres
from tests.pictures import png

SAVERS, DRAWERS = 5, 16
PAUSE_MS = 500  # between two saves of one client
LOAD_S = 2  # before the restart, and after all are back
PART_S = 0.1


@dataclass(frozen=True)
class Stop:
    """The end of the old process, and the start of the new one."""

    status: int
    stop_s: float
    start_s: float


@dataclass(frozen=True)
class Restart:
    """The course of a restart; the seconds of the clients begin when the new server answers.

    Where processes restart one by one, they begin with the restart.
    """

    stop: Stop | None
    connected_s: list[float]
    watching_s: list[float]
    longest_s: float  # without a reading, of those who draw
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
        stop = begin(server)
        started_ms = time.time() * 1000
        back = json.loads(pages.stdout.readline())
        time.sleep(LOAD_S)
        end = json.loads(pages.communicate()[0])
    return Restart(
        stop,
        connected_s=sorted((at_ms - started_ms) / 1000 for at_ms in back["connected_ms"]),
        watching_s=sorted((at_ms - started_ms) / 1000 for at_ms in back["watched_ms"]),
        longest_s=max(end["longest_ms"]) / 1000,
        saved=len(end["saved"]),
        lost=len(set(end["saved"]) - kept(server)),
    )


def begin(server: ServerProcess) -> Stop | None:
    """Restart a server; let several processes begin to do so one by one."""
    process = server.process
    assert process is not None
    if "processes" in server.settings:
        process.send_signal(signal.SIGHUP)
        return None
    began_s = time.monotonic()
    server.stop()
    stopped_s = time.monotonic()
    server.start()
    return Stop(process.returncode, stopped_s - began_s, time.monotonic() - stopped_s)


def open_pages(server: ServerProcess, clients: int) -> subprocess.Popen[str]:
    task = {
        "url": server.url,
        "clients": clients,
        "savers": min(SAVERS, clients),
        "drawers": min(DRAWERS, clients),
        "pause_ms": PAUSE_MS,
        "image": base64.b64encode(png("407")).decode(),
    }
    script = str(Path(__file__).with_name("restart.mjs"))
    return subprocess.Popen(
        [node(), script, json.dumps(task)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def kept(server: ServerProcess) -> set[str]:
    """Return the ids in the history."""
    url = server.settings.get("database_url") or database_url(server.data_dir)
    with connected(url) as database:
        return {str(id) for id in database.execute(select(entries.c.id)).scalars()}


def main() -> None:
    parser = argparse.ArgumentParser(
        "scripts.benchmark.restart", description="Restart the server under open pages."
    )
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--async-mode", choices=ASYNC_MODES, default="eventlet")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    settings = dict.fromkeys(("connections_per_address", "queries_per_minute"), "100000")
    settings |= {"changes_per_minute": NO_LIMIT, "async_mode": arguments.async_mode}
    if arguments.processes > 1:
        settings["database_url"] = postgres().create(f"digits_{uuid4().hex}", TEMPLATE)
        settings["processes"] = str(arguments.processes)
    try:
        with TemporaryDirectory() as folder:
            server = ServerProcess(Path(folder), **settings)
            server.start()
            show(measure(server, arguments.clients))
            server.stop()
    finally:
        stop_postgres()


def show(restart: Restart) -> None:
    if restart.stop:
        print(f"stop: {restart.stop.stop_s:.2f} s, with status {restart.stop.status}")
        print(f"start: {restart.stop.start_s:.2f} s")
    for name, after in (("connected", restart.connected_s), ("watching", restart.watching_s)):
        half_s, all_s = median(after), after[-1]
        print(f"{len(after)} {name} again: half {half_s:.2f} s after the start, all {all_s:.2f} s")
    print(f"at most {restart.busiest_part} connections within {PART_S} s")
    print(f"at most {restart.longest_s:.2f} s without a reading, of {DRAWERS} who draw")
    print(f"{restart.saved} saves acknowledged, of which {restart.lost} are lost")


if __name__ == "__main__":
    main()
