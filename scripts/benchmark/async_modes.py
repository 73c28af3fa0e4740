"""Speed of the async modes: .venv/bin/python -m scripts.benchmark.async_modes [--rounds 5]

One server in each mode, measured in turns. Prints a table, in medians; `over eventlet` is the
median of the ratios of each turn. With --write it goes into the README.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import record_frames
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import Server, run_live_digits
from scripts.benchmark.table import write_between
from tests.conftest import ASYNC_MODES

README = Path(__file__).with_name("README.md")
MARK = "async modes"
METRICS: list[tuple[int, str, Callable[[Load], float]]] = [
    (1, "p50, ms", lambda load: load.p50_ms),
    (1, "CPU of a frame, ms", lambda load: load.cpu_ms),
    (64, "p50, ms", lambda load: load.p50_ms),
    (64, "frames a second", lambda load: load.frames_per_second),
    (64, "CPU of a frame, ms", lambda load: load.cpu_ms),
]


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.async_modes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="duration of each load")
    parser.add_argument("--write", action="store_true", help="write the table into the README")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        servers = [stack.enter_context(run_live_digits(async_mode=mode)) for mode in ASYNC_MODES]
        frames = folder / "frames.json"
        record_frames(servers[0].url, frames)
        rows = measure(servers, frames, arguments.rounds, arguments.seconds)
    print("\n".join(rows))
    if arguments.write:
        write_between(README, MARK, rows)


def measure(servers: Sequence[Server], frames: Path, rounds: int, seconds: float) -> list[str]:
    """Return the rows of the table."""
    over = [f"{mode} over eventlet" for mode in ASYNC_MODES[1:]]
    rows = [
        f"| what | {' | '.join([*ASYNC_MODES, *over])} |",
        "|---" * (2 * len(ASYNC_MODES)) + "|",
    ]
    memory_mb = [f"{server.memory_bytes() / 1e6:.0f}" for server in servers]
    rows.append(f"| memory after the start, MB | {' | '.join(memory_mb)} |" + " |" * len(over))
    for connections in dict.fromkeys(count for count, *_ in METRICS):
        turns = [
            [put_load(server, frames, connections, seconds) for server in servers]
            for _ in range(rounds)
        ]
        clients = f"{connections} connection{'s' if connections > 1 else ''}"
        failures = [sum(load.failures for load in loads) for loads in zip(*turns, strict=True)]
        for count, name, value in METRICS:
            if count == connections:
                cells = compare([list(map(value, turn)) for turn in turns])
                rows.append(f"| {clients}: {name} | {' | '.join(cells)} |")
        cells = [*map(str, failures), *[""] * len(over)]
        rows.append(f"| {clients}: failures | {' | '.join(cells)} |")
    return rows


def compare(turns: Sequence[Sequence[float]]) -> list[str]:
    """Return the median of each server, and that of its ratios to the first."""
    medians = [f"{median(values):.2f}" for values in zip(*turns, strict=True)]
    ratios = [[value / turn[0] for value in turn[1:]] for turn in turns]
    return medians + [f"{median(values):.2f}" for values in zip(*ratios, strict=True)]


if __name__ == "__main__":
    main()
