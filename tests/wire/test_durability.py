"""What was acknowledged is kept: through kills, failing disks and a loss of power.

The long form: python3 scripts/test.py tests/wire/test_durability.py --kills 100
"""

from __future__ import annotations

import errno
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.conftest import Client
from tests.wire.disks import NAMES, Disk
from tests.wire.workers import Entries, Worker

pytestmark = pytest.mark.sqlite

WORKERS = 4
MAX_CHANGES = 40  # between two kills
CHANGES = 200  # before the power fails
POWER_LOSSES = 40
WAIT_S = 60
FAULTS = [
    ("write", errno.ENOSPC),  # the disk is full
    ("write", errno.EROFS),  # it has become read-only
    ("write", errno.EIO),
    ("sync", errno.EIO),
]


@pytest.fixture
def lone(server: ServerProcess, serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """A server in the same async mode, which may be killed."""
    started = serve(async_mode=server.settings["async_mode"])
    yield started
    started.kill()


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Disk:
    return Disk(tmp_path_factory.mktemp("disk"))


@pytest.fixture
def recorded(tmp_path_factory: pytest.TempPathFactory, disk: Disk) -> Iterator[ServerProcess]:
    """A server on a disk that fails on demand."""
    started = ServerProcess(tmp_path_factory.mktemp("recorded"))
    disk.attach(started)
    started.start()
    yield started
    started.kill()


@contextmanager
def workers(server: ServerProcess, clock: Callable[[], int] = int) -> Iterator[list[Worker]]:
    """Sign up accounts that will change their histories."""
    made = [Worker(server, seed, clock) for seed in range(WORKERS)]
    yield made
    for worker in made:
        worker.close()


def kill_under_load(server: ServerProcess, workers: list[Worker], changes: int) -> None:
    """Let all work, and kill the server when so many changes are acknowledged."""

    def answers() -> int:
        return sum(len(worker.history) for worker in workers)

    with ThreadPoolExecutor(WORKERS) as pool:
        before = answers()
        working = [pool.submit(worker.work) for worker in workers]
        wait_until(lambda: answers() >= before + changes, WAIT_S, server.log)
        server.kill()
    for each in working:
        each.result()


def copy(database: Path, folder: Path) -> Path:
    """Copy a database with its log, and leave it to its server to recover it."""
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        source = database.with_name(name)
        if source.exists():
            shutil.copy(source, folder)
    return folder / database.name


def read(database: Path) -> dict[str, Entries]:
    """Return each account's entries; check that all are whole."""
    kept: dict[str, Entries] = {}
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        for owner, id, corrected, picture, found in opened.execute(
            "SELECT owner, id, corrected, length(content), "
            "(SELECT count(*) FROM findings WHERE findings.entry_id = id) "
            "FROM entries LEFT JOIN pictures ON pictures.entry_id = id"
        ):
            assert picture, id
            assert found, id
            kept.setdefault(owner, {})[str(UUID(id))] = corrected
    return kept


def check(database: Path, workers: list[Worker], time: int = 0) -> None:
    """Check that there is what was acknowledged up to a time, and perhaps what came next."""
    kept = read(database)
    for worker in workers:
        assert kept.get(worker.name, {}) in worker.may_have(time)


def save(client: Client) -> str:
    """Save a drawing; return its id, or the code of the error."""
    drawing = str(uuid4())
    answer = client.ask("save", {"drawing": drawing, "image": png("7")})
    return drawing if answer["ok"] else str(answer["error"]["code"])


def test_kill_under_load_loses_nothing(
    lone: ServerProcess, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rng = random.Random(1)
    with workers(lone) as made:
        for _ in range(request.config.getoption("--kills")):
            kill_under_load(lone, made, rng.randint(1, MAX_CHANGES))
            check(copy(lone.database, tmp_path / "copy"), made)
            lone.start()
            assert httpx.get(f"{lone.url}/readyz").is_success
    assert "Traceback" not in lone.log()


@pytest.mark.parametrize(("call", "number"), FAULTS)
def test_failing_disk_is_unavailable_until_it_recovers(
    recorded: ServerProcess, disk: Disk, call: str, number: int
) -> None:
    with closing(Client(recorded.url)) as client:
        saved = [save(client)]
        disk.fail(call, number)
        assert save(client) == "unavailable"
        assert httpx.get(f"{recorded.url}/readyz").status_code == 503
        disk.recover()
        saved.append(save(client))
        recorded.kill()
    [entries] = read(recorded.database).values()
    assert set(saved) <= set(entries)


def test_loss_of_power_loses_nothing(recorded: ServerProcess, disk: Disk, tmp_path: Path) -> None:
    rng = random.Random(1)
    with workers(recorded, lambda: disk.time) as made:
        signed_up = disk.time
        kill_under_load(recorded, made, CHANGES)
        for k in range(POWER_LOSSES):
            time = rng.randint(signed_up, disk.time)
            folder = tmp_path / str(k)
            folder.mkdir()
            disk.lose_power(time, folder, rng)
            check(copy(folder / recorded.database.name, tmp_path / "copy"), made, time)


def test_server_starts_after_a_loss_of_power(
    recorded: ServerProcess, disk: Disk, tmp_path: Path
) -> None:
    rng = random.Random(2)
    with workers(recorded, lambda: disk.time) as made:
        kill_under_load(recorded, made, CHANGES)
        time = disk.time
        disk.lose_power(time, tmp_path, rng)
        started = ServerProcess(tmp_path)
        started.start()
        assert httpx.get(f"{started.url}/readyz").is_success
        started.stop()
        check(started.database, made, time)
