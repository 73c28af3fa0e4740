"""What the server keeps and sends besides its work: nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import ServerProcess

WATCHED_S = 12  # ONNX Runtime's telemetry looks up its host after nine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty home folder of a user who starts servers."""
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    return tmp_path


@pytest.fixture
def lone_server(home: Path, serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:  # noqa: ARG001
    """A server of this user, to which nobody connects."""
    started = serve()
    yield started
    started.stop()


def sockets(server: ServerProcess) -> set[str]:
    """Return the sockets that a server has open at this moment; it takes some microseconds."""
    assert server.process is not None
    found = set()
    for file in Path(f"/proc/{server.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(str(file.readlink()))
    return {each for each in found if each.startswith("socket:")}


@pytest.mark.alone
def test_server_keeps_nothing_at_home(home: Path, lone_server: ServerProcess) -> None:
    assert lone_server.answers()
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.alone
def test_server_opens_no_socket_of_its_own(lone_server: ServerProcess) -> None:
    httpx.get(f"{lone_server.url}/api/predictions")  # opens those that wake the loop
    before, end = sockets(lone_server), time.monotonic() + WATCHED_S
    while time.monotonic() < end:
        assert sockets(lone_server) <= before
