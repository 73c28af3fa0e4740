"""A database that fails while the server runs: nothing is acknowledged that is not kept."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.conftest import ServerProcess, wait_until
from tests.databases import lock_writes, refuse_inserts
from tests.pictures import png
from tests.wire.conftest import Client

pytestmark = pytest.mark.every_mode

Connect = Callable[..., Client]

READ_S = 2  # on a machine that runs other tests beside this one
PAGE_BYTES = 4_096
FULL_BYTES = 64_000  # more than the log has, and less than the write-ahead log


def save(client: Client) -> dict[str, object]:
    return client.ask("save", {"drawing": str(uuid4()), "image": png("7")})


def limit_files(server: ServerProcess, max_bytes: int) -> None:
    """Let the server's files grow no longer than this, as on a full disk."""
    assert server.process is not None
    limits = max_bytes, resource.RLIM_INFINITY
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)


def readiness(server: ServerProcess) -> int:
    return httpx.get(f"{server.url}/readyz").status_code


def damage(database: Path) -> None:
    """Overwrite all pages behind the first one."""
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    length = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(PAGE_BYTES)
        file.write(b"\xff" * (length - PAGE_BYTES))


@pytest.fixture
def lone(server: ServerProcess, serve: Callable[..., ServerProcess]) -> ServerProcess:
    """A server in the same async mode, which may be harmed."""
    return serve(async_mode=server.settings["async_mode"])


@pytest.mark.sqlite
def test_full_disk_is_unavailable_logged_and_not_ready(
    lone: ServerProcess, connect: Connect
) -> None:
    client, wal = connect(lone), Path(f"{lone.database}-wal")
    while not wal.exists() or wal.stat().st_size < 2 * FULL_BYTES:
        assert save(client)["ok"]
    limit_files(lone, FULL_BYTES)
    assert save(client)["error"]["code"] == "unavailable"
    assert readiness(lone) == 503
    assert "A transaction failed: " in lone.log()
    limit_files(lone, resource.RLIM_INFINITY)
    assert save(client)["ok"]
    wait_until(lambda: readiness(lone) == 200)


@pytest.mark.sqlite
def test_little_space_is_not_ready(
    server: ServerProcess, serve: Callable[..., ServerProcess]
) -> None:
    lone = serve(async_mode=server.settings["async_mode"], min_free_bytes=str(10**15))
    answer = httpx.get(f"{lone.url}/readyz")
    assert answer.status_code == 503
    assert "less than 1000000000 MB." in answer.json()["error"]["message"]
    assert httpx.get(f"{lone.url}/healthz").status_code == 200
    lone.stop()


@pytest.mark.sqlite
def test_damaged_database_is_unavailable_and_not_ready(
    lone: ServerProcess, connect: Connect
) -> None:
    client = connect(lone)
    assert save(client)["ok"]
    damage(lone.database)
    assert save(client)["error"]["code"] == "unavailable"
    assert readiness(lone) == 503
    assert "A transaction failed: " in lone.log()


def test_reads_do_not_wait_for_locked_writes(lone: ServerProcess, connect: Connect) -> None:
    writers, reader = [connect(lone) for _ in range(4)], connect(lone)
    with ThreadPoolExecutor(len(writers)) as threads, lone.connected() as other:
        lock_writes(other)
        saves = [threads.submit(save, writer) for writer in writers]
        started_s = time.monotonic()
        assert reader.ask("list_history", {})["ok"]
        assert httpx.get(f"{lone.url}/history").is_success
        assert time.monotonic() - started_s < READ_S
        assert not any(each.done() for each in saves)
        other.rollback()
        assert all(each.result()["ok"] for each in saves)


def test_broken_constraint_is_an_internal_error_with_a_log_line(
    lone: ServerProcess, connect: Connect
) -> None:
    client = connect(lone)
    with lone.connected() as database:
        refuse_inserts(database, "entries")
    error = client.ask("save", {"drawing": str(uuid4()), "image": png("7")})["error"]
    assert error["code"] == "internal"
    assert f"Internal error {error['message'].split()[-1].rstrip('.')}" in lone.log()
