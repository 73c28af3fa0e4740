"""A soak: clients of every kind use a server for a while, and faults strike it at random.

It fails if an acknowledged change is lost or made twice, if an event comes twice or out of order,
if nobody is served any more, or if memory, files or threads grow. A restart would hide growth, so
the server is killed and restarted in the first third of the time only. Growth is judged in the
second half: a new server fills its caches and tables first, which takes some minutes.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from matplotlib.figure import Figure

from scripts.benchmark.hostile_clients import prepare
from scripts.soak_test.clients import start_crowd
from scripts.soak_test.record import Record, percentile
from tests.conftest import ServerProcess

FAULT_EVERY_S = (4.0, 12.0)
HELD_S = 2.0
RESTARTS_SHARE, WARM_UP_SHARE = 1 / 3, 1 / 2
GROWTH_FROM_S = 600  # in a shorter time nothing is known about growth
LOW = 0.1  # the share of the samples of a third that are below what is compared: the quiet moments
MAX_GROWTH = {"memory_mb": 30.0, "files": 5.0, "threads": 3.0}
NO_LIMIT = "1000000"  # per minute or day

Fault = Callable[[ServerProcess], None]


@dataclass(frozen=True)
class Sample:
    """The server's process at one second."""

    at_s: float
    memory_mb: float
    files: int
    threads: int


def main() -> None:
    parser = argparse.ArgumentParser("scripts/soak.py", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--plot", type=Path, help="PNG file of the course")
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        report = soak(Path(folder), arguments.minutes * 60, random.Random(arguments.seed))  # noqa: S311
    print(report.text)
    if arguments.plot:
        report.plot(arguments.plot)
    sys.exit(bool(report.faults))


@dataclass(frozen=True)
class Report:
    """The course of a soak, and what was wrong."""

    record: Record
    samples: list[Sample]
    struck: Counter[str]
    wrong: list[str]
    seconds: float

    @property
    def steady(self) -> list[Sample]:
        """The samples after the warm-up."""
        start_s = self.samples[0].at_s + WARM_UP_SHARE * self.seconds
        return [each for each in self.samples if each.at_s >= start_s]

    @property
    def growth(self) -> dict[str, tuple[float, float]]:
        """Memory, files and threads in quiet moments of the first and last third after that."""
        steady = self.steady
        third = -(-len(steady) // 3)
        return {
            name: (
                percentile([getattr(each, name) for each in steady[:third]], LOW),
                percentile([getattr(each, name) for each in steady[-third:]], LOW),
            )
            for name in MAX_GROWTH
        }

    @property
    def faults(self) -> list[str]:
        grown = [
            f"{name} grew from {first:.0f} to {last:.0f}"
            for name, (first, last) in self.growth.items()
            if self.seconds >= GROWTH_FROM_S and last > first + MAX_GROWTH[name]
        ]
        idle = ["in the last third nobody was served"] if not self.is_served_to_the_end else []
        return self.wrong + grown + idle

    @property
    def is_served_to_the_end(self) -> bool:
        last_third_s = self.samples[0].at_s + 2 / 3 * self.seconds
        return any(at_s >= last_third_s for at_s, _ in self.record.saves)

    @property
    def text(self) -> str:
        frames = [milliseconds for _, milliseconds in self.record.frames]
        saves = [milliseconds for _, milliseconds in self.record.saves]
        lines = [
            f"{self.seconds / 60:.0f} minutes; faults: {dict(self.struck)}",
            f"frames: {len(frames):,}, p50 {percentile(frames, 0.5):.0f} ms, "
            f"p99 {percentile(frames, 0.99):.0f} ms",
            f"saves: {len(saves):,}, p50 {percentile(saves, 0.5):.0f} ms, "
            f"p99 {percentile(saves, 0.99):.0f} ms; refused and sent again: "
            f"{dict(Counter(self.record.refusals))}",
            f"events: {self.record.events:,}; deleted: {len(self.record.deleted):,}; "
            f"without an answer: {len(self.record.unsure):,}",
            *(
                f"{name}: {first:.0f} after the warm-up, {last:.0f} at the end"
                for name, (first, last) in self.growth.items()
            ),
            f"wrong: {len(self.faults)}",
            *self.faults[:20],
        ]
        return "\n".join(lines)

    def plot(self, file: Path) -> None:
        start_s = self.samples[0].at_s
        minutes = [(each.at_s - start_s) / 60 for each in self.samples]
        figure = Figure(figsize=(8, 9), layout="constrained")
        axes = figure.subplots(4, sharex=True)
        for axis, name in zip(axes, ("memory_mb", "files", "threads"), strict=False):
            axis.plot(minutes, [getattr(each, name) for each in self.samples])
            axis.set_ylabel(name.replace("_mb", ", MB"))
        times = [(at_s - start_s) / 60 for at_s, _ in self.record.frames]
        axes[3].scatter(times, [milliseconds for _, milliseconds in self.record.frames], s=1)
        axes[3].set_ylabel("a frame, ms")
        axes[3].set_yscale("log")
        axes[3].set_xlabel("minutes")
        figure.savefig(file)


def soak(folder: Path, seconds: float, rng: random.Random) -> Report:
    """Let the crowd use a server for so long; then compare what it was told with the database."""
    prepare()
    server = ServerProcess(
        folder,
        changes_per_minute=NO_LIMIT,
        uploads_per_minute=NO_LIMIT,
        guest_entries_per_day=NO_LIMIT,
    )
    server.start()
    record, samples, struck, ended = Record(), list[Sample](), Counter[str](), threading.Event()
    crowd = start_crowd(server.url, record, ended)
    sampler = threading.Thread(target=watch_process, args=[server, samples, ended])
    sampler.start()
    started_s, restarts, faults = time.monotonic(), cycle(RESTARTS), cycle(FAULTS)
    while (passed_s := time.monotonic() - started_s) < seconds:
        ended.wait(min(rng.uniform(*FAULT_EVERY_S), seconds - passed_s))
        fault = next(faults if passed_s > RESTARTS_SHARE * seconds else restarts)
        struck[fault.__name__] += 1
        fault(server)
    ended.set()
    for thread in [*crowd, sampler]:
        thread.join()
    server.stop()
    return Report(record, samples, struck, compare(server.database, record), seconds)


def watch_process(server: ServerProcess, samples: list[Sample], ended: threading.Event) -> None:
    while not ended.wait(1):
        try:
            process = psutil.Process(server.process.pid if server.process else -1)
            memory_mb = process.memory_info().rss / 1e6
            files, threads = process.num_fds(), process.num_threads()
        except (psutil.Error, ValueError):  # it was killed
            continue
        samples.append(Sample(time.monotonic(), memory_mb, files, threads))


def compare(database: Path, record: Record) -> list[str]:
    """Return what is wrong with the database after a clean stop."""
    with closing(sqlite3.connect(database)) as connection:
        [[sound]] = connection.execute("PRAGMA integrity_check")
        rows = connection.execute("SELECT id, coalesce(corrected, predicted) FROM entries")
        stored = {as_uuid(id): text for id, text in rows}
    return record.compare(stored) + ([] if sound == "ok" else [f"integrity: {sound}"])


def as_uuid(stored: str) -> str:
    plain = stored.replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def kill(server: ServerProcess) -> None:
    assert server.process
    server.process.kill()
    server.process.wait()
    server.start()


def restart(server: ServerProcess) -> None:
    server.stop()
    server.start()


def lock(server: ServerProcess) -> None:
    """Hold the database, as another program might."""
    with closing(sqlite3.connect(server.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(HELD_S)


def pause(server: ServerProcess) -> None:
    """Stop the process for a while, as a busy or sleeping machine might."""
    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    time.sleep(HELD_S)
    server.process.send_signal(signal.SIGCONT)


RESTARTS: list[Fault] = [kill, restart]
FAULTS: list[Fault] = [lock, pause]


if __name__ == "__main__":
    main()
