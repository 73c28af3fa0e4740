"""The commands to serve and to manage users, run as processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from server.sockets.connections import ENDED_S
from tests.conftest import PROJECT, START_S, ServerProcess, free_port, wait_until
from tests.wire.accounts import Browser
from tests.wire.conftest import Client

pytestmark = pytest.mark.sqlite

SERVE = PROJECT / "scripts" / "serve.py"


@pytest.fixture(scope="module")
def served(serve: Callable[..., ServerProcess]) -> ServerProcess:
    server = serve()
    server.run("users", "create", "ben")
    return server


def start(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    environment = os.environ | {f"DIGITS_{name.upper()}": value for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, SERVE, *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").is_success
    except httpx.TransportError:
        return False


def test_serve_answers_on_the_port_and_keeps_data_in_data_dir(
    tmp_path: Path,
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with start("--port", str(port), data_dir=str(tmp_path)) as server:
        wait_until(lambda: answers(url), START_S)
        assert "Live Digits" in httpx.get(url, headers={"Accept": "text/html"}).text
        server.terminate()
        assert server.wait(10) == 0
    assert (tmp_path / "history.db").exists()
    assert (tmp_path / "secret_key").exists()


def test_serve_refuses_a_taken_port(tmp_path: Path) -> None:
    port = free_port()
    with start("--port", str(port), data_dir=str(tmp_path)) as first:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}"), START_S)
        with start("--port", str(port), data_dir=str(tmp_path / "b")) as second:
            assert second.wait(START_S) == 1
            assert second.stderr is not None
            assert f"127.0.0.1:{port} is not available" in second.stderr.read()
        first.terminate()


def test_users_changes_reach_a_running_server(
    serve: Callable[..., ServerProcess],
) -> None:
    server = serve()
    made = server.run("users", "create", "Ann", "--email", "ann@example.org")
    assert made.startswith("Account Ann created. Password: ")
    browser = Browser(server)
    assert browser.sign_in("ann", made.split()[-1]).status_code == 303
    socket = Client(server.url, headers=browser.cookie)
    assert server.run("users", "list").split("\t")[:2] == ["Ann", "ann@example.org"]
    assert server.run("users", "disable", "ann") == "Account Ann disabled.\n"
    wait_until(lambda: not socket.connected, 2 * ENDED_S)
    socket.close()  # the library leaves open what the server has closed
    assert browser.http.get("/api/predictions").status_code == 401
    assert browser.sign_in("ann", made.split()[-1]).status_code == 403
    assert server.run("users", "enable", "ann") == "Account Ann enabled.\n"
    reset = server.run("users", "reset", "ann")
    assert browser.sign_in("ann", made.split()[-1]).status_code == 401
    assert browser.sign_in("ann", reset.split()[-1]).status_code == 303
    browser.http.close()
    server.stop()


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["reset", "nobody"], "There is no account nobody."),
        (["create", "x"], "A name must have 2 to 64 characters"),
        (["create", "two words"], "A name must have 2 to 64 characters"),
        (["create", "ben"], "The name ben is taken"),
        (["vanish", "ben"], "invalid choice: 'vanish'"),
        ([], "the following arguments are required: COMMAND"),
    ],
)
def test_users_refuses_with_a_reason(
    served: ServerProcess, command: list[str], sentence: str
) -> None:
    assert sentence in served.run("users", *command)
