"""Real servers for the tests: `python -m server` as a process, with a database file of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).resolve().parent.parent
START_S = 30

# What Hypothesis makes up: the same in every run, or much more with --hypothesis-profile=thorough.
MADE_UP: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
settings.register_profile("thorough", max_examples=2_000, **MADE_UP)
settings.register_profile("usual", max_examples=40, derandomize=True, **MADE_UP)
settings.load_profile("usual")
STOP_S = 15


class ServerProcess:
    """A server that can be stopped and started again on the same port and data."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until the server answers on /healthz."""
        settings = {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)} | self.settings
        named = {f"DIGITS_{name.upper()}": value for name, value in settings.items()}
        with (self.data_dir / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server"],
                cwd=PROJECT, env=os.environ | named, stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(self.answers, START_S, self.log)

    def stop(self) -> None:
        """Ask the server to end, and wait until it has."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_S)
            self.process = None

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}/healthz", timeout=1).is_success
        except httpx.TransportError:
            return False

    def run(self, *arguments: str) -> str:
        """Run `python -m server` with arguments on the same data; returns what it prints."""
        command = [sys.executable, "-m", "server", *arguments]
        environment = os.environ | {"DIGITS_DATA_DIR": str(self.data_dir)}
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def log(self) -> str:
        return (self.data_dir / "server.log").read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    condition: Callable[[], object], seconds: float = 5, explain: Callable[[], str] = str
) -> None:
    """Wait for a condition; fail with an explanation when it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so within {seconds} s\n{explain()}"
        time.sleep(0.01)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI set, a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def serve(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., ServerProcess]]:
    """Start servers with settings of their own; all are stopped at the end."""
    started: list[ServerProcess] = []

    def start(**settings: str) -> ServerProcess:
        server = ServerProcess(tmp_path_factory.mktemp("instance"), **settings)
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def server(serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """A server with an empty history."""
    started = serve()
    yield started
    started.stop()
