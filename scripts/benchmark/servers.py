"""The compared servers, each in its own process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import httpx
import psutil

from tests.conftest import PROJECT, free_port, wait_until

START_TIMEOUT_S = 30
NO_LIMIT = "1000000"  # per minute or day


@dataclass(frozen=True)
class Server:
    """A running server, with the seconds from its start to its first answer."""

    url: str
    start_s: float
    process: psutil.Process

    def cpu_s(self) -> float:
        """Return the CPU time of the process, and of those that it has started and that run."""
        times = [each.cpu_times() for each in (self.process, *self.process.children())]
        return float(sum(each.user + each.system for each in times))

    def memory_bytes(self) -> int:
        return int(self.process.memory_info().rss)


@contextmanager
def run_echo(processes: int = 1) -> Iterator[Server]:
    """Run the echo, by so many processes that share a port (SO_REUSEPORT)."""
    port = free_port()
    file = str(Path(__file__).with_name("echo.py"))
    with ExitStack() as stack:
        servers = [
            stack.enter_context(_run([sys.executable, file, str(port)], port, {}))
            for _ in range(processes)
        ]
        yield servers[0]


@contextmanager
def run_live_digits(
    data_dir: Path | None = None, arguments: Sequence[str] = ("-m", "server"), **more: str
) -> Iterator[Server]:
    """Run Live Digits, with an empty history unless a data folder is given.

    `arguments` are those of Python, and `more` are settings.
    """
    with TemporaryDirectory() as folder:
        port = free_port()
        settings = {
            "DIGITS_DATA_DIR": str(data_dir or folder),
            "DIGITS_PORT": str(port),
            "DIGITS_CHANGES_PER_MINUTE": NO_LIMIT,
            "DIGITS_UPLOADS_PER_MINUTE": NO_LIMIT,
            "DIGITS_FRAMES_PER_MINUTE": NO_LIMIT,
            "DIGITS_GUEST_ENTRIES_PER_DAY": NO_LIMIT,
            **{f"DIGITS_{name.upper()}": value for name, value in more.items()},
        }
        with _run([sys.executable, *arguments], port, settings) as server:
            yield server


@contextmanager
def _run(command: list[str], port: int, settings: dict[str, str]) -> Iterator[Server]:
    url = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | settings, stdout=log, stderr=log
        )
        try:
            wait_until(lambda: process.poll() is not None or _answers(url), START_TIMEOUT_S)
            if process.poll() is not None:
                log.seek(0)
                sys.exit(f"{' '.join(command)} did not start:\n{log.read()}")
            yield Server(url, time.perf_counter() - started, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=1).is_success
    except httpx.TransportError:
        return False
