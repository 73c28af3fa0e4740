"""A Redis server for the tests: a real one, from the system's package, which keeps nothing."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

START_S = 10
MOMENTS = ("moment_s", "last_s")  # fields of what is kept


class RedisServer:
    """A Redis server that can be paused, or stopped and started again empty on the same port."""

    def __init__(self, folder: Path, port: int, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = port
        self.url = f"redis://{host}:{port}"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--bind", self.host, "--port", str(self.port), "--dir", str(self._folder)]
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "redis-server", *options, "--save", "", "--appendonly", "no",
                    "--protected-mode", "no",
                ],
                stdout=log, stderr=log,
            )  # fmt: skip
        end_s = time.monotonic() + START_S
        while not self._answers():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < end_s, self.log()
            time.sleep(0.01)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def pause(self) -> None:
        """Let the server answer nothing, with all its connections open."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def away(self, state: str) -> Iterator[None]:
        """Let the server be stopped, or paused, for a while."""
        leave, come_back = {
            "stopped": (self.stop, self.start),
            "paused": (self.pause, self.resume),
        }[state]
        leave()
        try:
            yield
        finally:
            come_back()

    def client(self) -> redis.Redis:
        return redis.Redis(self.host, self.port, decode_responses=True)

    def keys(self) -> list[str]:
        with self.client() as client:
            return sorted(client.keys())

    def everything(self) -> str:
        """Return all keys and what is kept under them."""
        with self.client() as client:
            return repr([(key, client.hgetall(key)) for key in client.scan_iter()])

    def age(self, seconds: float) -> None:
        """Make all that is kept so much older, as if that time had passed."""
        with self.client() as client:
            for key in client.scan_iter():
                for field in set(MOMENTS).intersection(client.hkeys(key)):
                    client.hincrbyfloat(key, field, -seconds)
                client.pexpire(key, client.pttl(key) - int(seconds * 1000))

    def log(self) -> str:
        return (self._folder / "redis.log").read_text()

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
