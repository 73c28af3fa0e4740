"""Random faults of two processes, PostgreSQL and Redis, while accounts change their histories.

The long form: pytest tests/wire/test_engine_faults.py --database postgresql --faults 100
"""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tests.conftest import ServerProcess, free_port, wait_until
from tests.databases import PostgresServer
from tests.redis_server import RedisServer
from tests.wire.disks import SmallDisk
from tests.wire.histories import endure
from tests.wire.test_processes import wait_for_all
from tests.wire.workers import Worker

pytestmark = pytest.mark.postgresql

WORKERS = 4
HELD_S = 2.0
NO_SPACE, SPACE_USED_S = "No space left on device", 20


@dataclass(frozen=True)
class Site:
    """A server with its engines."""

    server: ServerProcess
    postgres: PostgresServer
    redis: RedisServer
    disk: SmallDisk  # of PostgreSQL
    wal_disk: SmallDisk  # of its write-ahead log
    url: str

    def a_process(self, rng: random.Random) -> psutil.Process:
        assert self.server.process
        return rng.choice(psutil.Process(self.server.process.pid).children())


@pytest.fixture
def workers(site: Site) -> Iterator[list[Worker]]:
    """Accounts that change their histories."""
    made = [Worker(site.server, seed, int) for seed in range(WORKERS)]
    yield made
    for worker in made:
        worker.close()


@pytest.fixture
def site(serve: Callable[..., ServerProcess]) -> Iterator[Site]:
    with (
        TemporaryDirectory(prefix="digits-postgres-") as folder,
        TemporaryDirectory(prefix="digits-redis-") as redis_folder,
        SmallDisk(Path(folder) / "data").mounted() as disk,
        SmallDisk(Path(folder) / "wal").mounted() as wal_disk,
    ):
        postgres = PostgresServer(Path(folder), free_port(), wal_recycle="off")
        redis = RedisServer(Path(redis_folder), free_port())
        postgres.start()
        redis.start()
        url = postgres.create("digits")
        server = serve(database_url=url, redis_url=redis.url, processes="2")
        wait_for_all(server)
        yield Site(server, postgres, redis, disk, wal_disk, url)
        server.stop()
        redis.stop()
        postgres.stop()


def kill_process(site: Site, rng: random.Random) -> None:
    site.a_process(rng).kill()


def pause_process(site: Site, rng: random.Random) -> None:
    with paused([site.a_process(rng)]):
        time.sleep(HELD_S)


def restart_processes(site: Site, _rng: random.Random) -> None:
    assert site.server.process
    site.server.process.send_signal(signal.SIGHUP)


def crash_postgres(site: Site, _rng: random.Random) -> None:
    site.postgres.stop(at_once=True)
    site.postgres.start()


def stop_postgres(site: Site, _rng: random.Random) -> None:
    site.postgres.stop()
    time.sleep(HELD_S)
    site.postgres.start()


def pause_postgres(site: Site, _rng: random.Random) -> None:
    with paused(site.postgres.processes()):
        time.sleep(HELD_S)


def fill_disk(site: Site, _rng: random.Random) -> None:
    """Let PostgreSQL have no space for its tables: it refuses what needs some."""
    fill(site, site.disk)


def fill_wal_disk(site: Site, _rng: random.Random) -> None:
    """Let PostgreSQL have no space for its write-ahead log: it crashes, and may not come back."""
    fill(site, site.wal_disk)


def fill(site: Site, disk: SmallDisk) -> None:
    before = site.postgres.log().count(NO_SPACE)
    with disk.full():
        wait_until(lambda: site.postgres.log().count(NO_SPACE) > before, SPACE_USED_S)
        time.sleep(HELD_S)
    site.postgres.keep_running()


def stop_redis(site: Site, _rng: random.Random) -> None:
    with site.redis.away("stopped"):
        time.sleep(HELD_S)


def pause_redis(site: Site, _rng: random.Random) -> None:
    with site.redis.away("paused"):
        time.sleep(HELD_S)


FAULTS = [
    kill_process, pause_process, restart_processes, crash_postgres, stop_postgres, pause_postgres,
    fill_disk, fill_wal_disk, stop_redis, pause_redis,
]  # fmt: skip


@contextmanager
def paused(processes: list[psutil.Process]) -> Iterator[None]:
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            each.suspend()
    yield
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            each.resume()


def test_faults_lose_nothing_and_pages_show_what_is_kept(
    site: Site, workers: list[Worker], request: pytest.FixtureRequest
) -> None:
    rng, count = random.Random(1), request.config.getoption("--faults")
    faults = [partial(FAULTS[number % len(FAULTS)], site, rng) for number in range(count)]
    endure(faults, site.server.url, site.url, workers)
    assert "Traceback" not in site.server.log()
