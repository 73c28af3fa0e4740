"""Real servers for the tests: processes of `python -m server`, each with its own database."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine

from server.database.engine import open_database
from server.database.schema import metadata
from tests.databases import (
    CHOICE,
    ENGINES,
    connected,
    database_settings,
    database_url,
    is_postgresql,
    stop_postgres,
)
from tests.redis_server import RedisServer

PROJECT = Path(__file__).resolve().parent.parent
START_S = 60  # on a machine that runs other tests beside this one
STOP_S = 15
DATABASE = "history.db"
ASYNC_MODES = ("eventlet", "gevent", "threading")
MANY_SIGN_INS = {"sign_ins_per_minute": "6000", "wrong_passwords_per_address": "10000"}
PORTS = range(20_000, 32_000)  # below those that systems give to outgoing connections

# Hypothesis makes the same examples in every run; --hypothesis-profile=thorough makes many more.
HYPOTHESIS: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
settings.register_profile("thorough", max_examples=2_000, **HYPOTHESIS)
settings.register_profile("usual", max_examples=40, derandomize=True, **HYPOTHESIS)
settings.load_profile("usual")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=ENGINES, default=ENGINES[0], help="of the servers")
    parser.addoption("--async-mode", choices=ASYNC_MODES, help="of all servers that tests start")
    parser.addoption("--sequences", type=int, default=6, help="of test_nothing_lost.py")
    parser.addoption("--copied", type=int, default=1_000, help="entries of test_history_copy.py")
    parser.addoption("--faults", type=int, default=12, help="of test_engine_faults.py")
    parser.addoption("--disturbances", type=int, default=0, help="more, of test_four_machines.py")
    parser.addoption("--kills", type=int, default=3, help="of test_durability.py, in each mode")


def pytest_configure(config: pytest.Config) -> None:
    os.environ[CHOICE] = config.getoption("database")
    if config.getoption("async_mode"):
        os.environ["DIGITS_ASYNC_MODE"] = config.getoption("async_mode")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what takes an async mode in the chosen one, or in the first or every one."""
    if "async_mode" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("async_mode")
        is_in_each = metafunc.definition.get_closest_marker("every_mode")
        modes = [chosen] if chosen else ASYNC_MODES if is_in_each else ASYNC_MODES[:1]
        metafunc.parametrize("async_mode", modes, scope="module")


class ServerProcess:
    """A server that can be stopped and started again on the same port and data."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = settings
        self.environment: dict[str, str] = {}  # besides the settings
        self.folder = PROJECT  # of the program
        self.launcher: list[str] = []  # a command that runs the server
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the server answers on /healthz."""
        settings = {"data_dir": str(self.data_dir), "port": str(self.port)}
        if "database_url" not in self.settings:
            settings |= database_settings(self.data_dir)
        settings |= self.settings
        named = {f"DIGITS_{name.upper()}": value for name, value in settings.items()}
        if not is_postgresql() and not self.database.exists():
            self.database.write_bytes(new_database())
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.launcher, sys.executable, "-m", "server"],
                cwd=self.folder, env=os.environ | named | self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(self.answers, START_S, self.log)

    def stop(self) -> None:
        """Ask the server to end, and wait for that."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_S)
            self.process = None

    def kill(self) -> None:
        """End the server at once, and wait for that."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(STOP_S)
            self.process = None

    @property
    def database(self) -> Path:
        """The file of a SQLite database."""
        return self.data_dir / DATABASE

    def connected(self) -> AbstractContextManager[Connection]:
        """Connect to the database beside the server; what is done is committed in the end."""
        return connected(database_url(self.data_dir))

    def empty(self) -> None:
        """Delete all accounts and entries."""
        with self.connected() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())

    def connections(self) -> list[Any]:
        """Return the connections of clients, none while the server is stopped."""
        if self.process is None:
            return []
        found = psutil.Process(self.process.pid).net_connections("tcp")
        return [each for each in found if each.raddr and each.laddr.port == self.port]

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}/healthz", timeout=1).is_success
        except httpx.TransportError:
            return False

    def run(self, *arguments: str) -> str:
        """Run `python -m server` with arguments on the same data; return its output."""
        done = run_server(self.data_dir, *arguments, **database_settings(self.data_dir))
        return done.stdout + done.stderr

    def log(self) -> str:
        return (self.data_dir / "server.log").read_text()


def run_server(
    data_dir: Path, *arguments: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run `python -m server` with arguments to its end."""
    named = {f"DIGITS_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        cwd=PROJECT, env=os.environ | {"DIGITS_DATA_DIR": str(data_dir)} | named,
        capture_output=True, text=True, check=False, timeout=START_S,
    )  # fmt: skip


@cache
def new_database() -> bytes:
    """Return an empty database, migrated once: a copy starts without Alembic."""
    with TemporaryDirectory() as folder:
        file = Path(folder, DATABASE)
        open_database(f"sqlite:///{file}").dispose()
        return file.read_bytes()


def free_port() -> int:
    """Return a port that is free, and that no outgoing connection takes before its server does."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(
    condition: Callable[[], object], seconds: float = 5, explain: Callable[[], str] = str
) -> None:
    """Wait for a condition; fail with an explanation if it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so within {seconds} s\n{explain()}"
        time.sleep(0.01)


REDIS = {"redis_server", "counted"}  # fixtures


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser, or Redis, and leave out those of the other database.

    A Redis that answers late counts as away, so that no other test may run beside.
    """
    for item in items:
        if REDIS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.alone)
        if item.path.is_relative_to(PROJECT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)
    others = set(ENGINES) - {config.getoption("database")}
    left_out = [item for item in items if any(map(item.get_closest_marker, others))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop PostgreSQL; fail if a test was skipped and CI is set."""
    stop_postgres()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine of the migrated and empty database of `tmp_path`."""
    engine = open_database(database_url(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis server that is empty."""
    server = RedisServer(tmp_path_factory.mktemp("redis"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def serve(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., ServerProcess]]:
    """Start servers with given settings; stop all at the end."""
    started: list[ServerProcess] = []

    def start(**settings: str) -> ServerProcess:
        server = ServerProcess(tmp_path_factory.mktemp("instance"), **settings)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def share(serve: Callable[..., ServerProcess]) -> Callable[..., ServerProcess]:
    """Return the running server with given settings, one for all tests, and empty it."""
    running: dict[tuple[tuple[str, str], ...], ServerProcess] = {}

    def share(**settings: str) -> ServerProcess:
        named = tuple(settings.items())
        if named not in running:
            running[named] = serve(**settings, **MANY_SIGN_INS)
        server = running[named]
        if server.process is None:
            server.start()
        server.empty()
        return server

    return share
