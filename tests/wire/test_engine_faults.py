"""Random faults of two processes, PostgreSQL and Redis, while accounts change their histories.

The long form: pytest tests/wire/test_engine_faults.py --database postgresql --faults 100
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from socketio.exceptions import SocketIOError
from sqlalchemy import select

from server.database.schema import entries
from tests.conftest import ServerProcess, free_port, wait_until
from tests.databases import PostgresServer, connected
from tests.redis_server import RedisServer
from tests.wire.conftest import Client
from tests.wire.test_processes import wait_for_all
from tests.wire.workers import Entries, Worker

pytestmark = pytest.mark.postgresql

WORKERS = 4
WORK_S, HELD_S = 1.0, 2.0
EQUAL_S, ANSWERED_S = 10, 30
BROKEN = (SocketIOError, OSError, AssertionError, ValueError)


@dataclass(frozen=True)
class Site:
    """A server with its engines."""

    server: ServerProcess
    postgres: PostgresServer
    redis: RedisServer
    url: str

    def a_process(self, rng: random.Random) -> psutil.Process:
        assert self.server.process
        return rng.choice(psutil.Process(self.server.process.pid).children())

    def entries(self, owner: str) -> Entries:
        query = select(entries.c.id, entries.c.corrected).where(entries.c.owner == owner)
        with connected(self.url) as connection:
            return {str(id): text for id, text in connection.execute(query)}


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
    ):
        postgres = PostgresServer(Path(folder), free_port())
        redis = RedisServer(Path(redis_folder), free_port())
        postgres.start()
        redis.start()
        url = postgres.create("digits")
        server = serve(database_url=url, redis_url=redis.url, processes="2")
        wait_for_all(server)
        yield Site(server, postgres, redis, url)
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


def stop_redis(site: Site, _rng: random.Random) -> None:
    with site.redis.away("stopped"):
        time.sleep(HELD_S)


def pause_redis(site: Site, _rng: random.Random) -> None:
    with site.redis.away("paused"):
        time.sleep(HELD_S)


FAULTS = [
    kill_process, pause_process, restart_processes, crash_postgres, stop_postgres, pause_postgres,
    stop_redis, pause_redis,
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


class Page:
    """A history page of an account, which comes back whenever its connection breaks."""

    def __init__(self, url: str, cookie: dict[str, str]) -> None:
        self._url = url
        self._cookie = cookie
        self._last: dict[str, Any] = {}
        self.doing = "nothing"
        self.entries: Entries = {}

    def __repr__(self) -> str:
        return f"{self.doing} {self._last} {self.entries}"

    def follow(self, ended: threading.Event) -> None:
        while not ended.is_set():
            self.doing = "connects"
            with suppress(*BROKEN), closing(Client(self._url, headers=self._cookie)) as client:
                self._watch(client, ended)

    def _watch(self, client: Client, ended: threading.Event) -> None:
        """Follow the events; those that were missed come before the answer, others may too."""
        answer: dict[str, Any] = {"ok": False}
        while not answer["ok"]:
            self.doing = f"asks after {answer}"
            answer = client.ask("watch_history", self._last | {"limit": 100})
        mark = {"since": answer["position"], "epoch": answer["epoch"]}
        if answer["recovered"]:
            self._take(client)
        else:
            assert answer["next"] is None
            self.entries = {each["id"]: each["corrected"] for each in answer["entries"]}
            self._last = mark
        self.doing = "follows"
        while client.connected and not ended.wait(0.05):
            self._take(client)

    def _take(self, client: Client) -> None:
        while client.events:
            name, event = client.events.pop(0)
            mark = client.marks.pop(0)
            if mark["epoch"] == self._last["epoch"] and mark["since"] <= self._last["since"]:
                raise RuntimeError(f"{name} came at {mark} after {self._last}")
            self._last = mark
            if name == "history_removed":
                self.entries.pop(event["id"], None)
            else:
                self.entries[event["id"]] = event["corrected"]


def work(worker: Worker, ended: threading.Event) -> None:
    """Work until the end, and until the last request is answered."""
    while worker.is_waiting or not ended.is_set():
        with suppress(*BROKEN):
            worker.work(ended)


@contextmanager
def running(acts: list[Callable[[threading.Event], object]], wait_s: float) -> Iterator[None]:
    """Run each in a thread, until an event that is set in the end."""
    ended = threading.Event()
    threads = [threading.Thread(target=act, args=[ended], daemon=True) for act in acts]
    for each in threads:
        each.start()
    yield
    ended.set()
    for each in threads:
        each.join(wait_s)
        assert not each.is_alive()


def test_faults_lose_nothing_and_pages_show_what_is_kept(
    site: Site, workers: list[Worker], request: pytest.FixtureRequest
) -> None:
    rng = random.Random(1)
    pages = [Page(site.server.url, worker.cookie) for worker in workers]
    with running([page.follow for page in pages], EQUAL_S):
        with running([partial(work, worker) for worker in workers], ANSWERED_S):
            for number in range(request.config.getoption("--faults")):
                time.sleep(WORK_S)
                FAULTS[number % len(FAULTS)](site, rng)
            time.sleep(WORK_S)
        answered_s = time.monotonic()
        for worker, page in zip(workers, pages, strict=True):
            assert site.entries(worker.name) == worker.entries
            wait_until(
                lambda: page.entries == worker.entries,  # noqa: B023
                EQUAL_S,
                lambda: f"{page} {worker.entries}\n{site.server.log()[-3_000:]}",  # noqa: B023
            )
        seconds = time.monotonic() - answered_s
    changes = sum(len(worker.history) for worker in workers)
    print(
        f"{changes} changes acknowledged through {number + 1} faults; all pages were equal to the "
        f"database {seconds:.1f} s after the last answer"
    )
    assert "Traceback" not in site.server.log()
