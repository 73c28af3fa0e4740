"""How fast the server and its pages are, beside a bare echo in the same run (scripts/bench.py).

The two are measured in turns, and medians are shown. The pictures are those that the draw page
sends while a digit is drawn on it, and the clients are another process.
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
from scripts.benchmark.disturbances import guesses, uploads
from scripts.benchmark.history import fill, time_pages, time_saves
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import Server, run_echo, run_live_digits
from scripts.benchmark.table import Table

README = Path(__file__).with_name("README.md")
CONNECTIONS = (1, 16, 64, 256)
WATCHERS, SAVES = 500, 5
DISTURBED = 64  # connections that draw while others do something else
DRAWING, PACE = 256, 10  # connections that draw for long, each so many frames a second
CARRIED = 0.5  # or so much of what the echo carries, if that is less
ENDURANCE_PARTS = 6  # after each of which the memory is looked at

# What is compared: its name, and its value of a load.
COMPARED: list[tuple[str, Callable[[Load], float]]] = [
    ("p50, ms", lambda load: load.p50_ms),
    ("p99, ms", lambda load: load.p99_ms),
    ("frames a second", lambda load: load.frames_per_second),
    ("CPU of a frame, ms", lambda load: load.cpu_ms),
]

# What else is done meanwhile.
DISTURBANCES: dict[str, Callable[[Server], AbstractContextManager[object]]] = {
    "an upload of 12 megapixels every second": uploads,
    "200 sign-ins a second": guesses,
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
    parser = argparse.ArgumentParser("scripts/bench.py", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each load in each round")
    parser.add_argument("--endurance", type=float, default=60, help="seconds of paced drawing")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the history")
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    return parser.parse_args()


def measure_frames(table: Table, pictures: Path, arguments: argparse.Namespace) -> None:
    with run_echo() as echo, run_live_digits() as ours:
        table.add("first answer after the start, s", ours.start_s, echo.start_s)
        table.add("memory, MB", ours.memory_bytes() / 1e6, echo.memory_bytes() / 1e6, ".0f")
        sizes = record_frames(ours.url, pictures)
        table.add("a frame of the page, bytes", median(sizes), None, ".0f")
        paint_ms = measure_first_paint(ours.url)
        table.add("first paint of the draw page, ms", paint_ms, None, ".0f")
        task_ms = median(measure_longest_task(ours.url) for _ in range(arguments.rounds))
        table.add("longest task while drawing, processor slowed 4 times, ms", task_ms)
        waits_ms = measure_pen_to_text(ours.url)
        table.add("pen to text in the browser, p95, ms", percentile(waits_ms, 95))
        carried = compare(table, echo, ours, pictures, arguments)
        disturb(table, ours, pictures, arguments)
        endure(table, ours, pictures, CARRIED * carried, arguments.endurance)


def compare(
    table: Table, echo: Server, ours: Server, pictures: Path, arguments: argparse.Namespace
) -> float:
    """Both under the same load; returns how many frames a second the echo carries at most."""
    for connections in CONNECTIONS:
        clients = f"{connections} connection{'s' if connections > 1 else ''}"
        loads = [
            [put_load(server, pictures, connections, arguments.seconds) for server in (echo, ours)]
            for _ in range(arguments.rounds)
        ]
        for name, value in COMPARED:
            theirs, own = (median(map(value, turns)) for turns in zip(*loads, strict=True))
            table.add(f"{clients}: {name}", own, theirs, ".2f")
        failures = sum(own.failures for _, own in loads)
        table.add(f"{clients}: failures", failures, None, ".0f")
    return median(load.frames_per_second for load, _ in loads)


def disturb(table: Table, ours: Server, pictures: Path, arguments: argparse.Namespace) -> None:
    """Frames while others do something else, and without."""
    for what, disturbance in DISTURBANCES.items():
        alone, beside = [], []
        for _ in range(arguments.rounds):
            alone.append(put_load(ours, pictures, DISTURBED, arguments.seconds).p99_ms)
            with disturbance(ours):
                beside.append(put_load(ours, pictures, DISTURBED, arguments.seconds).p99_ms)
        ratio = median(beside) / median(alone)
        table.add(f"{DISTURBED} connections: p99 with {what}, over without", ratio, None, ".2f")


def endure(table: Table, ours: Server, pictures: Path, most: float, seconds: float) -> None:
    """Many clients draw at a steady pace."""
    connections = min(DRAWING, int(most / PACE))
    memory_mb, failures, p99_ms = [], 0, 0.0
    for _ in range(ENDURANCE_PARTS):
        load = put_load(ours, pictures, connections, seconds / ENDURANCE_PARTS, PACE)
        failures, p99_ms = failures + load.failures, max(p99_ms, load.p99_ms)
        memory_mb.append(ours.memory_bytes() / 1e6)
    what = f"{connections} connections at {PACE} frames a second for {seconds:.0f} s"
    table.add(f"{what}: failures", failures, None, ".0f")
    table.add(f"{what}: p99, ms", p99_ms)
    table.add(f"{what}: memory after the first part, MB", memory_mb[0], None, ".0f")
    table.add(f"{what}: memory at the end, MB", memory_mb[-1], None, ".0f")


def measure_history(table: Table, data_dir: Path, entries: int) -> None:
    pictures = data_dir / "frames.json"
    fill(data_dir, entries)
    with run_live_digits(data_dir) as ours:
        for name, milliseconds in time_pages(ours).items():
            table.add(f"{entries:,} entries: {name}, ms", milliseconds)
        saves_ms = time_saves(ours, pictures, WATCHERS, SAVES)
        table.add(f"a save on {WATCHERS} open history pages, ms", median(saves_ms), None, ".0f")


def percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


if __name__ == "__main__":
    main()
