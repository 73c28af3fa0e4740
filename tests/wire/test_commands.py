"""The command that serves, as a person types it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.conftest import PROJECT, START_S, free_port, wait_until

SERVE = PROJECT / "scripts" / "serve.py"


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


def test_serve_when_typed_then_page_on_the_port_and_history_kept_in_data_dir(
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


def test_serve_when_port_is_taken_then_stopped_with_a_sentence(tmp_path: Path) -> None:
    port = free_port()
    with start("--port", str(port), data_dir=str(tmp_path)) as first:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}"), START_S)
        with start("--port", str(port), data_dir=str(tmp_path / "b")) as second:
            assert second.wait(START_S) == 1
            assert second.stderr is not None
            assert f"127.0.0.1:{port} cannot be listened on" in second.stderr.read()
        first.terminate()
