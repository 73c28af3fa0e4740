"""The cost of PostgreSQL and Redis: .venv/bin/python -m scripts.benchmark.engines [--rounds 15]

One process with both is measured in turns with one on SQLite without Redis: the medians of the p50
of frames of one client, and the p50 of saves, one every fifth of a second.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

from scripts.benchmark.browser import record_frames
from scripts.benchmark.load import put_load
from scripts.benchmark.overload import Saver
from scripts.benchmark.servers import run_live_digits
from tests.conftest import free_port
from tests.databases import TEMPLATE, postgres, stop_postgres
from tests.redis_server import RedisServer

SECONDS, SAVING_S = 3, 30


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.engines", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    try:
        compare(rounds, postgres().create(f"digits_{uuid4().hex}", TEMPLATE))
    finally:
        stop_postgres()


def compare(rounds: int, database_url: str) -> None:
    with TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder), free_port())
        redis.start()
        try:
            with (
                run_live_digits() as plain,
                run_live_digits(database_url=database_url, redis_url=redis.url) as shared,
            ):
                urls = plain.url, shared.url
                frames = Path(folder) / "frames.json"
                record_frames(plain.url, frames)
                times_ms: dict[str, list[float]] = {url: [] for url in urls}
                for _ in range(rounds):
                    for server in (plain, shared):
                        load = put_load(server, frames, 1, SECONDS)
                        times_ms[server.url].append(load.p50_ms)
                show("a frame", *(median(times_ms[url]) for url in urls))
                show("a save", *(median(save(url)) for url in urls))
        finally:
            redis.stop()


def save(url: str) -> list[float]:
    with Saver(url) as saver:
        time.sleep(SAVING_S)
    return saver.times_ms


def show(what: str, plain_ms: float, shared_ms: float) -> None:
    print(
        f"{what}: p50 {shared_ms:.2f} ms, {plain_ms:.2f} on SQLite without Redis "
        f"({shared_ms - plain_ms:+.2f} ms, {shared_ms / plain_ms - 1:+.1%})",
        flush=True,
    )


if __name__ == "__main__":
    main()
