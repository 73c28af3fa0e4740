"""Hostile clients beside people who draw: .venv/bin/python -m scripts.benchmark.hostile [NAME …]

Each kind is measured on a server of its own, once alone and once ten times over, and at the end all
kinds at once: the medians of the frames' p99 without and with them, the frames that failed, the
most memory, and the memory a minute after they have gone.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import record_frames
from scripts.benchmark.history import fill
from scripts.benchmark.hostile_clients import ATTACKS, Attack, attack, prepare
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import Server, run_live_digits
from tests.databases import database_url

DRAWING_CONNECTIONS, FRAMES_PER_S = 64, 3
ENTRIES = 2_000
ROUNDS, AFTER_S = 3, 60
SAMPLE_S = 0.1
HEAD = "kind | p99 without, ms | with, ms | failures | start, MB | peak, MB | after 60 s, MB"
ALL = "all"


@dataclass(frozen=True)
class Result:
    """The latency of others, and the memory of the server."""

    before_ms: float
    during_ms: float
    failures: int
    start_mb: float
    peak_mb: float
    after_mb: float

    def __str__(self) -> str:
        return (
            f"{self.before_ms:.0f} | {self.during_ms:.0f} | {self.failures} | "
            f"{self.start_mb:.0f} | {self.peak_mb:.0f} | {self.after_mb:.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.hostile", description=__doc__)
    parser.add_argument("names", nargs="*", default=[*ATTACKS, ALL], metavar="NAME")
    parser.add_argument("--seconds", type=float, default=4, help="duration of each of three rounds")
    parser.add_argument(
        "--times", type=int, nargs="*", default=[1, 10], help="of each kind at once"
    )
    arguments = parser.parse_args()
    prepare()
    with TemporaryDirectory() as folder:
        frames = Path(folder) / "frames.json"
        with run_live_digits() as server:
            record_frames(server.url, frames)
        print(HEAD)
        for name in arguments.names:
            kinds = list(ATTACKS.values()) if name == ALL else [ATTACKS[name]]
            for times in [1] if name == ALL else arguments.times:
                result = measure(frames, kinds * times, arguments.seconds)
                print(f"{name} × {times} | {result}", flush=True)


def measure(frames: Path, attacks: list[Attack], seconds: float) -> Result:
    with TemporaryDirectory() as folder:
        fill(database_url(Path(folder)), ENTRIES)
        with run_live_digits(Path(folder)) as server:

            def load() -> Load:
                return put_load(server, frames, DRAWING_CONNECTIONS, seconds, FRAMES_PER_S)

            before, during = [load()], []
            start_mb = server.memory_bytes() / 1e6
            with watch_memory(server) as peaks_mb:
                for _ in range(ROUNDS):
                    with attack(server, attacks):
                        during.append(load())
                    before.append(load())
            if any(load.failures for load in before):
                raise RuntimeError("Frames fail without hostile clients too.")
            time.sleep(AFTER_S)
            return Result(
                median(load.p99_ms for load in before),
                median(load.p99_ms for load in during),
                sum(load.failures for load in during),
                start_mb,
                max(peaks_mb),
                server.memory_bytes() / 1e6,
            )


@contextmanager
def watch_memory(server: Server) -> Iterator[list[float]]:
    peaks_mb, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_S):
            peaks_mb[0] = max(peaks_mb[0], server.memory_bytes() / 1e6)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks_mb
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main()
