"""The cost of metrics and logs: .venv/bin/python -m scripts.benchmark.monitoring [--rounds 15]

A server is measured in turns with one that counts nothing and logs nothing, under 64 clients that
draw as fast as they are answered, and with one client: the medians of a frame's p50 and of frames a
second, and how much worse they are with metrics and logs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import record_frames
from scripts.benchmark.load import Load, put_load
from scripts.benchmark.servers import run_live_digits

BLIND = """
import logging
from contextlib import nullcontext
from prometheus_client import Counter, Gauge, Histogram

for kind, names in ((Counter, ["inc"]), (Gauge, ["inc", "dec", "set"]), (Histogram, ["observe"])):
    for name in names:
        setattr(kind, name, lambda *_: None)
Histogram.time = Gauge.track_inprogress = lambda _: nullcontext()
logging.disable()
from server.__main__ import main

main()
"""
CONNECTIONS, SECONDS = (1, 64), 3


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.monitoring", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with (
        TemporaryDirectory() as folder,
        run_live_digits() as seeing,
        run_live_digits(arguments=["-c", BLIND]) as blind,
    ):
        frames = Path(folder) / "frames.json"
        record_frames(seeing.url, frames)
        for connections in CONNECTIONS:
            loads: dict[str, list[Load]] = {seeing.url: [], blind.url: []}
            for _ in range(rounds):
                for server in (seeing, blind):
                    loads[server.url].append(put_load(server, frames, connections, SECONDS))
            p50_ms, without_ms = (median(each.p50_ms for each in of) for of in loads.values())
            rate, without = (median(each.frames_per_second for each in of) for of in loads.values())
            print(
                f"{connections} connections: p50 {p50_ms:.2f} ms, {without_ms:.2f} without "
                f"({p50_ms / without_ms - 1:+.1%}); {rate:.0f} frames a second, {without:.0f} "
                f"without ({rate / without - 1:+.1%})",
                flush=True,
            )


if __name__ == "__main__":
    main()
