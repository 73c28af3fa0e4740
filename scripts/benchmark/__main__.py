"""How fast the server and its pages are, beside a bare echo in the same run (scripts/bench.py).

The two are measured in turns, and medians are shown. The pictures are those that the draw page
sends while a digit is drawn on it, and the clients are another process.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import measure_pen_to_text, record_frames
from scripts.benchmark.history import fill, time_pages, time_saves
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import Server, run_echo, run_live_digits

CONNECTIONS = (1, 16, 64, 256)
WATCHERS, SAVES = 500, 5

# What is compared: its name, and its value of a load.
COMPARED: list[tuple[str, Callable[[Load], float]]] = [
    ("p50, ms", lambda load: load.p50_ms),
    ("p99, ms", lambda load: load.p99_ms),
    ("frames a second", lambda load: load.frames_per_second),
    ("CPU of a frame, ms", lambda load: load.cpu_ms),
]


def main() -> None:
    arguments = parse_arguments()
    with TemporaryDirectory() as folder:
        pictures, data_dir = Path(folder) / "frames.json", Path(folder)
        with run_echo() as echo, run_live_digits() as ours:
            sizes = record_frames(ours.url, pictures)
            compare(echo, ours, pictures, arguments.rounds, arguments.seconds)
            waits_ms = measure_pen_to_text(ours.url)
            print(f"\nA frame of the page: {median(sizes):.0f} bytes (median of {len(sizes)})")
            print(f"Pen to text: {median(waits_ms):.0f} ms, p95 {percentile(waits_ms, 95):.0f} ms")
            print(f"First answer after {ours.start_s:.1f} s (echo {echo.start_s:.1f} s)")
            print(f"Memory after it all: {ours.memory_bytes() / 1e6:.0f} MB")
        fill(data_dir, arguments.entries)
        with run_live_digits(data_dir) as ours:
            print(f"\nA history of {arguments.entries:,} entries, as a client sees it:")
            for name, milliseconds in time_pages(ours).items():
                print(f"  {name}: {milliseconds:.1f} ms")
            saves_ms = time_saves(ours, pictures, WATCHERS, SAVES)
            print(f"  a save on {WATCHERS} open pages: {median(saves_ms):.0f} ms")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("scripts/bench.py", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each load in each round")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the history")
    return parser.parse_args()


def compare(echo: Server, ours: Server, pictures: Path, rounds: int, seconds: float) -> None:
    """Print a table of the medians of both, and their ratio."""
    print("| connections | | echo | ours | ours / echo |\n|---|---|---|---|---|")
    for connections in CONNECTIONS:
        loads = [
            [put_load(server, pictures, connections, seconds) for server in (echo, ours)]
            for _ in range(rounds)
        ]
        for name, value in COMPARED:
            theirs, own = (median(map(value, turns)) for turns in zip(*loads, strict=True))
            ratio = own / max(theirs, 1e-9)
            print(f"| {connections} | {name} | {theirs:.2f} | {own:.2f} | {ratio:.2f} |")
        failures = sum(own.failures for _, own in loads)
        print(f"| {connections} | failures | | {failures} | |", flush=True)


def percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


if __name__ == "__main__":
    main()
