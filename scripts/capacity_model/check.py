"""Predictions beside measurements of this machine: python3 scripts/capacity.py --check

The loads are others than those of the unit costs. The best of several rounds counts: what else the
machine does only makes them worse.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import record_frames
from scripts.benchmark.history import watch_saves
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.processes import run_processes
from scripts.benchmark.servers import NO_LIMIT, run_live_digits
from scripts.capacity_model.costs import MEASURED, Costs
from scripts.capacity_model.plan import frame_ms
from scripts.capacity_model.queueing import closed_ms
from scripts.capacity_model.report import render_table
from tests.databases import stop_postgres

CONNECTIONS, SECONDS, ROUNDS = 64, 3, 7
PACED, PACE = 40, 10  # connections, and frames a second of each
PROCESSES = 2
PAGES, SAVES = 1_000, 40

Point = tuple[str, float, float, int]  # what, predicted, measured, digits to show


def check(costs: Costs = MEASURED) -> None:
    """Print what was predicted and measured, and the deviation."""
    print(f"Load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    points = [*check_one_process(costs), *check_processes(costs), check_pages(costs)]
    head = ["what", "predicted", "measured", "deviation"]
    print(render_table([head, *map(compare, points)]), flush=True)


def compare(point: Point) -> list[str]:
    name, predicted, measured, digits = point
    deviation = measured / predicted - 1
    return [name, f"{predicted:.{digits}f}", f"{measured:.{digits}f}", f"{deviation:+.0%}"]


def check_one_process(costs: Costs) -> list[Point]:
    with TemporaryDirectory() as folder, run_live_digits() as server:
        frames = Path(folder) / "frames.json"
        record_frames(server.url, frames)
        busy = [put_load(server, frames, CONNECTIONS, SECONDS) for _ in range(ROUNDS)]
        paced = [put_load(server, frames, PACED, SECONDS, PACE) for _ in range(ROUNDS)]
    cost_ms = frame_ms(costs, solve_utilization(costs, PACED * PACE))
    per_s = 1000 / costs.frame_busy_ms
    latency_ms = min(each.p50_ms for each in busy)
    steady = f"one process, {PACED} connections at {PACE} frames a second"
    full = f"one process, {CONNECTIONS} connections at saturation"
    return [
        (f"{steady}: CPU of a frame, ms", cost_ms, min(each.cpu_ms for each in paced), 2),
        (f"{full}: frames in a second of CPU", per_s, best_cpu_rate(busy), 0),
        (f"{full}: frames a second", per_s, best_rate(busy), 0),
        (f"{full}: latency, p50, ms", closed_ms(CONNECTIONS, per_s), latency_ms, 0),
    ]


def solve_utilization(costs: Costs, per_s: float) -> float:
    """Return the share of a core that so many frames a second take: it sets the cost of each."""
    saved_ms = costs.frame_alone_ms - costs.frame_busy_ms
    return per_s * costs.frame_alone_ms / (1000 + per_s * saved_ms)


def best_rate(loads: list[Load]) -> float:
    return max(each.frames_per_second for each in loads)


def best_cpu_rate(loads: list[Load]) -> float:
    """Return the frames in a second of CPU time: other load on the machine matters less."""
    return 1000 / min(each.cpu_ms for each in loads)


def check_processes(costs: Costs) -> list[Point]:
    """Saturate processes on one PostgreSQL. The clients take cores of the same machine."""
    try:
        with TemporaryDirectory() as folder, run_processes(PROCESSES) as server:
            frames = Path(folder) / "frames.json"
            record_frames(server.url, frames)
            busy = [put_load(server, frames, CONNECTIONS, SECONDS) for _ in range(ROUNDS)]
    finally:
        stop_postgres()
    of_processes = PROCESSES / costs.frame_busy_ms
    of_machine = (os.cpu_count() or 1) / (costs.frame_busy_ms + costs.client_ms)
    per_s = 1000 * min(of_processes, of_machine)
    full = f"{PROCESSES} processes, {CONNECTIONS} connections at saturation"
    return [
        (
            f"{full}: frames in a second of CPU",
            1000 / costs.frame_busy_ms,
            best_cpu_rate(busy),
            0,
        ),
        (f"{full}: frames a second", per_s, best_rate(busy), 0),
    ]


def check_pages(costs: Costs) -> Point:
    with run_live_digits(queries_per_minute=NO_LIMIT, connections_per_address="10000") as server:
        last_ms = min(watch_saves(server, PAGES, SAVES)["latencies_ms"])
    name = f"one process, a save on {PAGES:,} open history pages: until the last has it, ms"
    return (name, costs.save_sqlite_ms + PAGES * costs.event_ms, last_ms, 0)
