"""Several processes on one PostgreSQL: .venv/bin/python -m scripts.benchmark.processes [COUNT …]

For each number of processes, beside as many of the bare echo: frames a second of clients that draw
as fast as they are answered, and the time from a save until each of 1,000 history pages has it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

from scripts.benchmark.browser import record_frames
from scripts.benchmark.history import watch_saves
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import NO_LIMIT, Server, run_echo, run_live_digits
from scripts.soak_test.record import percentile
from tests.conftest import wait_until
from tests.databases import TEMPLATE, postgres, stop_postgres

CONNECTIONS, SECONDS, ROUNDS = (64, 256), 3, 3
PAGES, SAVES = 1_000, 20


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.processes", description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[1, 2, 4], metavar="COUNT")
    counts = parser.parse_args().counts
    try:
        with TemporaryDirectory() as folder:
            frames = Path(folder) / "frames.json"
            for count in counts:
                with run_processes(count) as ours, run_echo(count) as echo:
                    record_frames(ours.url, frames)
                    for connections in CONNECTIONS:
                        compare(count, connections, frames, [echo, ours])
                    show_save(count, ours)
    finally:
        stop_postgres()


@contextmanager
def run_processes(count: int) -> Iterator[Server]:
    url = postgres().create(f"digits_{uuid4().hex}", TEMPLATE)
    with run_live_digits(
        processes=str(count),
        database_url=url,
        queries_per_minute=NO_LIMIT,
        connections_per_address="10000",
    ) as server:
        wait_until(lambda: count == 1 or len(server.process.children()) == count, 30)
        yield server


def compare(count: int, connections: int, frames: Path, servers: list[Server]) -> None:
    rounds = [
        [put_load(each, frames, connections, SECONDS) for each in servers] for _ in range(ROUNDS)
    ]
    echo, ours = (middle([loads[index] for loads in rounds]) for index in (0, 1))
    print(
        f"{count} processes, {connections} connections: {ours:.0f} frames a second, echo {echo:.0f}"
        f" (ratio {ours / echo:.2f}); p99 {median(loads[1].p99_ms for loads in rounds):.0f} ms;"
        f" failures {sum(loads[1].failures for loads in rounds)}",
        flush=True,
    )


def middle(loads: list[Load]) -> float:
    return median(load.frames_per_second for load in loads)


def show_save(count: int, server: Server) -> None:
    report = watch_saves(server, PAGES, SAVES)
    print(
        f"{count} processes, a save on {PAGES} open history pages: p50 "
        f"{percentile(report['pages_ms'], 0.5):.0f} ms, p99 "
        f"{percentile(report['pages_ms'], 0.99):.0f} ms; events besides: {report['besides']}",
        flush=True,
    )


if __name__ == "__main__":
    main()
