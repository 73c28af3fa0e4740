"""Measures the unit costs on this machine: python3 scripts/capacity.py --measure [PART …]

CPU times are those of the server's processes: other load on the machine changes them less than
the time that passes. It only adds to them, so that the best of several rounds counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from itertools import count
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter
from types import SimpleNamespace
from typing import Any, cast

import psutil

from scripts.benchmark.browser import record_frames
from scripts.benchmark.load import put_load
from scripts.benchmark.servers import NO_LIMIT, Server, run_live_digits
from scripts.capacity_model.clients import Client, connected, load_frames, record_save
from scripts.capacity_model.costs import MEASURED, Costs
from scripts.capacity_model.gauges import Figures, Gauge, cpu_ms, rise, rise_once
from scripts.capacity_model.measure_saves import NUMBER, measure_postgresql, measure_sqlite
from tests.conftest import ServerProcess
from tests.wire.proxies import nginx, resolved_here

BUSY_CONNECTIONS, SECONDS, ROUNDS = 256, 3, 7
WARM_UP_S = 1  # load.mjs
PROXIED_PAGES, PROXIED_TURNS = 16, 60
PAGES, PINGS, SAVES, WARM_UP = 800, 2, 5, 4


def measure(parts: Sequence[str]) -> None:
    """Measure parts, and print each cost beside the one that the simulator reckons with."""
    print("| cost | in costs.py | now |\n|---|---|---|", flush=True)
    for part in parts:
        figures = MEASUREMENTS[part]()
        for each in fields(Costs):
            if each.name in figures:
                digits = each.metadata["digits"]
                known, now = getattr(MEASURED, each.name), figures[each.name]
                meaning = each.metadata["meaning"]
                print(f"| {meaning} | {known:.{digits}f} | {now:.{digits}f} |", flush=True)


def measure_frames() -> Figures:
    """Let one and many connections draw as fast as they are answered, in turns."""
    with TemporaryDirectory() as folder, run_live_digits() as server:
        frames = Path(folder) / "frames.json"
        record_frames(server.url, frames)
        turns = [
            (
                put_load(server, frames, 1, SECONDS).cpu_ms,
                *measure_load(server, frames),
                server.memory_bytes(),
            )
            for _ in range(ROUNDS)
        ]
    alone_ms, busy_ms, client_ms, process_bytes = zip(*turns, strict=True)
    return {
        "frame_alone_ms": min(alone_ms),
        "frame_busy_ms": min(busy_ms),
        "client_ms": min(client_ms),
        "process_bytes": max(process_bytes),
    }


def measure_load(server: Server, frames: Path) -> tuple[float, float]:
    """Saturate the process; return the CPU times of a frame, of the server and of the clients."""
    before = getrusage(RUSAGE_CHILDREN)
    load = put_load(server, frames, BUSY_CONNECTIONS, SECONDS)
    after = getrusage(RUSAGE_CHILDREN)
    client_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return load.cpu_ms, client_s * 1000 / (load.frames_per_second * (SECONDS + WARM_UP_S))


def measure_proxy() -> Figures:
    """Let pages draw through nginx with TLS."""
    with TemporaryDirectory() as name, run_live_digits(trusted_proxies="1") as server:
        folder = Path(name)
        record_frames(server.url, folder / "frames.json")
        frames = load_frames(folder / "frames.json")
        behind = cast(ServerProcess, SimpleNamespace(port=int(server.url.rpartition(":")[2])))
        with resolved_here(), nginx(behind, folder) as site:
            options = {
                "sslopt": {"ca_certs": str(site.authority), "check_hostname": False},
                "suppress_origin": True,
            }
            url = f"https://127.0.0.1:{site.https_port}"
            with connected(url, PROXIED_PAGES, options) as pages:
                return measure_proxied(pages, frames)


def measure_proxied(pages: Sequence[Client], frames: Sequence[Mapping[str, Any]]) -> Figures:
    started = psutil.Process().children(recursive=True)
    proxies = [each for each in started if each.name() == "nginx"]
    turns = count(1)

    def draw() -> None:
        turn = next(turns)
        for page in pages:
            page.send_frame(frames[turn % len(frames)], turn)
        for page in pages:
            page.wait('42["prediction"')

    gauges = {
        "frame_up_bytes": lambda: pages[0].wire_bytes()[0],
        "frame_down_bytes": lambda: pages[0].wire_bytes()[1],
        "proxy_ms": cpu_ms(lambda: proxies),
    }
    risen = rise(gauges, draw, PROXIED_TURNS)
    return risen | {"proxy_ms": risen["proxy_ms"] / len(pages)}


def measure_pages() -> Figures:
    """Open history pages, let them idle for a round of pings, and save."""
    with run_live_digits(queries_per_minute=NO_LIMIT) as server:
        save = record_save(server.url, NUMBER)
        cpu = cpu_ms(lambda: [server.process])
        with connected(server.url, 1) as (writer,):
            rise({}, lambda: writer.save(save), WARM_UP)
            alone = rise({"event_ms": cpu}, lambda: writer.save(save), SAVES)
            idle_ms = measure_idle(cpu, [writer])
            memory_bytes = server.memory_bytes()
            with connected(server.url, PAGES) as pages:
                for page in pages:
                    page.ask("watch_history", {})
                page_bytes = (server.memory_bytes() - memory_bytes) / PAGES
                page_ms = (measure_idle(cpu, pages) - idle_ms) / PAGES

                def save_for_all() -> None:
                    writer.save(save)
                    for page in pages:
                        page.wait('42["history_added"')

                gauges = {"event_ms": cpu, "event_bytes": lambda: pages[0].wire_bytes()[1]}
                told = rise(gauges, save_for_all, SAVES)
    event_ms = (told["event_ms"] - alone["event_ms"]) / PAGES
    return told | {"event_ms": event_ms, "page_bytes": page_bytes, "page_ms": page_ms}


def measure_idle(cpu: Gauge, pages: Sequence[Client]) -> float:
    """Answer a few pings on each page; return the server's CPU time meanwhile, in ms a second."""

    def answer_all() -> None:
        for page in pages:
            page.answer_ping()

    rounds = [rise_once({"cpu": cpu, "s": perf_counter}, answer_all, 1) for _ in range(PINGS)]
    return min(each["cpu"] / each["s"] for each in rounds)


MEASUREMENTS: dict[str, Callable[[], Figures]] = {
    "frames": measure_frames,
    "proxy": measure_proxy,
    "sqlite": measure_sqlite,
    "postgresql": measure_postgresql,
    "pages": measure_pages,
}
