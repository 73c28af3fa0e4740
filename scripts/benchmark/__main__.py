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
from scripts.benchmark.load import Load, put_load, uploads
from scripts.benchmark.servers import Server, run_echo, run_live_digits

CONNECTIONS = (1, 16, 64, 256)
WATCHERS, SAVES = 500, 5
UPLOADING = 64  # connections that draw while photos are uploaded
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


def main() -> None:
    arguments = parse_arguments()
    with TemporaryDirectory() as folder:
        pictures, data_dir = Path(folder) / "frames.json", Path(folder)
        with run_echo() as echo, run_live_digits() as ours:
            sizes = record_frames(ours.url, pictures)
            carried = compare(echo, ours, pictures, arguments.rounds, arguments.seconds)
            compare_uploads(ours, pictures, arguments.rounds, arguments.seconds)
            endure(ours, pictures, CARRIED * carried, arguments.endurance)
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
    parser.add_argument("--endurance", type=float, default=60, help="seconds of paced drawing")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the history")
    return parser.parse_args()


def compare(echo: Server, ours: Server, pictures: Path, rounds: int, seconds: float) -> float:
    """Print a table of the medians of both, and their ratio.

    Returns how many frames a second the echo carries with the most connections.
    """
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
    return median(load.frames_per_second for load, _ in loads)


def compare_uploads(ours: Server, pictures: Path, rounds: int, seconds: float) -> None:
    """Print how long frames take while photos of 12 megapixels are uploaded, and without."""
    alone, beside = [], []
    for _ in range(rounds):
        alone.append(put_load(ours, pictures, UPLOADING, seconds).p99_ms)
        with uploads(ours):
            beside.append(put_load(ours, pictures, UPLOADING, seconds).p99_ms)
    ratio = median(beside) / median(alone)
    print(
        f"\np99 of {UPLOADING} connections: {median(alone):.1f} ms, with an upload of 12 "
        f"megapixels every second {median(beside):.1f} ms, {ratio:.2f} times",
        flush=True,
    )


def endure(ours: Server, pictures: Path, most: float, seconds: float) -> None:
    """Print how many clients draw at a steady pace without a loss, and the memory meanwhile."""
    connections = min(DRAWING, int(most / PACE))
    memory_mb = [ours.memory_bytes() / 1e6]
    loads = []
    for _ in range(ENDURANCE_PARTS):
        loads.append(put_load(ours, pictures, connections, seconds / ENDURANCE_PARTS, PACE))
        memory_mb.append(ours.memory_bytes() / 1e6)
    failures = sum(load.failures for load in loads)
    p99_ms = median(load.p99_ms for load in loads)
    print(
        f"{connections} connections at {PACE} frames a second for {seconds:.0f} s: {failures} "
        f"failures, p99 {p99_ms:.1f} ms, memory {', '.join(f'{mb:.0f}' for mb in memory_mb)} MB"
    )


def percentile(values: list[float], share: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


if __name__ == "__main__":
    main()
