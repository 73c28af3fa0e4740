"""The cost of limits in Redis: .venv/bin/python -m scripts.benchmark.shared_limits [--rounds 9]

A server is measured in turns with one that counts in Redis, under 64 clients that draw as fast as
they are answered: the CPU time of a frame, in the median and pair by pair. Then the time of one
token that is asked of Redis, and of one that was taken ahead.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scripts.benchmark.browser import record_frames
from scripts.benchmark.load import put_load
from scripts.benchmark.servers import run_live_digits
from server.limits.rate_limits import MemoryBuckets, RateLimit
from server.limits.redis_buckets import RedisBuckets
from server.limits.redis_link import RedisLink
from tests.conftest import free_port
from tests.redis_server import RedisServer

CONNECTIONS, SECONDS, TOKENS = 64, 3, 10_000
PER_MINUTE = "180000"  # the setting's default


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.shared_limits", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as folder, run_redis(Path(folder)) as redis:
        measure_frames(redis, Path(folder) / "frames.json", rounds)
        measure_tokens(redis)


@contextmanager
def run_redis(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def measure_frames(redis: RedisServer, frames: Path, rounds: int) -> None:
    with (
        run_live_digits(frames_per_minute=PER_MINUTE) as alone,
        run_live_digits(frames_per_minute=PER_MINUTE, redis_url=redis.url) as shared,
    ):
        record_frames(alone.url, frames)
        pairs = [
            [put_load(server, frames, CONNECTIONS, SECONDS) for server in (alone, shared)]
            for _ in range(rounds)
        ]
    for name, loads in zip(("in memory", "in Redis"), zip(*pairs, strict=True), strict=True):
        cpu_ms = median(load.cpu_ms for load in loads)
        failures = sum(load.failures for load in loads)
        print(f"{name}: {cpu_ms:.3f} ms of CPU time a frame, {failures} failures")
    ratio = median(shared.cpu_ms / alone.cpu_ms for alone, shared in pairs)
    print(f"in Redis over in memory, median of {rounds} pairs: {ratio:.3f}")


def measure_tokens(redis: RedisServer) -> None:
    buckets = RedisBuckets(RedisLink(redis.url), MemoryBuckets())
    for name, limit, amount in (
        ("asked of Redis", RateLimit.SIGN_INS, 199),  # refused ones, when these are used up
        ("taken ahead", RateLimit.FRAMES, int(PER_MINUTE)),
    ):
        started_s = time.process_time()
        for _ in range(TOKENS):
            buckets.take((limit, "10.0.0.1"), amount)
        print(f"a token {name}: {(time.process_time() - started_s) / TOKENS * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
