"""Benchmark of the server and its pages against a bare echo server.

    python3 scripts/bench.py [--help]

Both servers are measured in turns, and medians are shown. The frames are those that the draw page
sends while digits are drawn on it. The clients run in another process.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import (
    measure_first_paint,
    measure_longest_task,
    measure_pen_to_text,
    record_frames,
)
from scripts.benchmark.disturbances import guess_passwords, upload_photos
from scripts.benchmark.history import FIVE_MINUTES, fill, time_pages, time_saves
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import Server, run_echo, run_live_digits
from scripts.benchmark.table import Table
from tests.databases import database_url

README = Path(__file__).with_name("README.md")
CONNECTIONS = (1, 16, 64, 256)
WATCHERS, SAVES = 500, 5
DISTURBED_CONNECTIONS = 64
ENDURANCE_CONNECTIONS = 256  # at most
ENDURANCE_FRAMES_PER_S = 10  # of each connection
ENDURANCE_LOAD = 0.5  # at most, of what the echo server can carry
ENDURANCE_PARTS = 6  # the memory is measured after each

METRICS: list[tuple[str, Callable[[Load], float]]] = [
    ("p50, ms", lambda load: load.p50_ms),
    ("p99, ms", lambda load: load.p99_ms),
    ("frames a second", lambda load: load.frames_per_second),
    ("CPU of a frame, ms", lambda load: load.cpu_ms),
]

# Other load while frames are measured.
DISTURBANCES: dict[str, Callable[[Server], AbstractContextManager[object]]] = {
    "an upload of 12 megapixels every second": upload_photos,
    "200 sign-ins a second": guess_passwords,
}


def main() -> None:
    arguments = parse_arguments()
    table = Table()
    with TemporaryDirectory() as folder:
        measure_frames(table, Path(folder) / "frames.json", arguments)
        measure_history(table, Path(folder), arguments.entries)
    if arguments.write:
        table.write(README)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "scripts/bench.py",
        description="Measure the server and its pages against a bare echo server.",
    )
    parser.add_argument("--rounds", type=int, default=3, help="repetitions of each load")
    parser.add_argument("--seconds", type=float, default=5, help="duration of each load")
    parser.add_argument(
        "--endurance", type=float, default=60, help="duration of the steady drawing"
    )
    parser.add_argument("--entries", type=int, default=1_000_000, help="size of the history")
    parser.add_argument("--write", action="store_true", help="write the table into the README")
    return parser.parse_args()


def measure_frames(table: Table, frames: Path, arguments: argparse.Namespace) -> None:
    with run_echo() as echo, run_live_digits() as ours:
        table.add("first answer after the start, s", ours.start_s, echo.start_s)
        table.add("memory, MB", ours.memory_bytes() / 1e6, echo.memory_bytes() / 1e6, ".0f")
        sizes = record_frames(ours.url, frames)
        table.add("a frame of the page, bytes", median(sizes), None, ".0f")
        paint_ms = measure_first_paint(ours.url)
        table.add("first paint of the draw page, ms", paint_ms, None, ".0f")
        task_ms = median(measure_longest_task(ours.url) for _ in range(arguments.rounds))
        table.add("longest task while drawing, processor slowed 4 times, ms", task_ms)
        waits_ms = measure_pen_to_text(ours.url)
        table.add("pen to text in the browser, p95, ms", percentile(waits_ms, 95))
        max_frames_per_s = compare(table, echo, ours, frames, arguments)
        disturb(table, ours, frames, arguments)
        load = ENDURANCE_LOAD * max_frames_per_s
        endure(table, ours, frames, load, arguments.endurance)


def compare(
    table: Table, echo: Server, ours: Server, frames: Path, arguments: argparse.Namespace
) -> float:
    """Put the same loads on both; return the frames a second that the echo server carries."""
    for connections in CONNECTIONS:
        clients = f"{connections} connection{'s' if connections > 1 else ''}"
        loads = [
            [put_load(server, frames, connections, arguments.seconds) for server in (echo, ours)]
            for _ in range(arguments.rounds)
        ]
        for name, value in METRICS:
            theirs, own = (median(map(value, turns)) for turns in zip(*loads, strict=True))
            table.add(f"{clients}: {name}", own, theirs, ".2f")
        failures = sum(own.failures for _, own in loads)
        table.add(f"{clients}: failures", failures, None, ".0f")
    return median(load.frames_per_second for load, _ in loads)


def disturb(table: Table, ours: Server, frames: Path, arguments: argparse.Namespace) -> None:
    """Compare the latency of frames with and without other load."""

    def measure_p99_ms() -> float:
        return put_load(ours, frames, DISTURBED_CONNECTIONS, arguments.seconds).p99_ms

    for name, disturbance in DISTURBANCES.items():
        alone_ms, disturbed_ms = [], []
        for _ in range(arguments.rounds):
            alone_ms.append(measure_p99_ms())
            with disturbance(ours):
                disturbed_ms.append(measure_p99_ms())
        ratio = median(disturbed_ms) / median(alone_ms)
        row = f"{DISTURBED_CONNECTIONS} connections: p99 with {name}, over without"
        table.add(row, ratio, None, ".2f")


def endure(
    table: Table, ours: Server, frames: Path, max_frames_per_s: float, seconds: float
) -> None:
    """Let many clients draw at a steady pace."""
    connections = min(ENDURANCE_CONNECTIONS, int(max_frames_per_s / ENDURANCE_FRAMES_PER_S))
    memory_mb, failures, p99_ms = [], 0, 0.0
    for _ in range(ENDURANCE_PARTS):
        load = put_load(
            ours, frames, connections, seconds / ENDURANCE_PARTS, ENDURANCE_FRAMES_PER_S
        )
        failures, p99_ms = failures + load.failures, max(p99_ms, load.p99_ms)
        memory_mb.append(ours.memory_bytes() / 1e6)
    pace = f"{ENDURANCE_FRAMES_PER_S} frames a second for {seconds:.0f} s"
    name = f"{connections} connections at {pace}"
    table.add(f"{name}: failures", failures, None, ".0f")
    table.add(f"{name}: p99, ms", p99_ms)
    table.add(f"{name}: memory after the first part, MB", memory_mb[0], None, ".0f")
    table.add(f"{name}: memory at the end, MB", memory_mb[-1], None, ".0f")


def measure_history(table: Table, data_dir: Path, entries: int) -> None:
    fill(database_url(data_dir), entries, FIVE_MINUTES)  # nine and a half years, if a million
    with run_live_digits(data_dir) as ours:
        for name, milliseconds in time_pages(ours).items():
            table.add(f"{entries:,} entries: {name}, ms", milliseconds)
        saves_ms = time_saves(ours, WATCHERS, SAVES)
        table.add(f"a save on {WATCHERS} open history pages, ms", median(saves_ms), None, ".0f")


def percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


if __name__ == "__main__":
    main()
