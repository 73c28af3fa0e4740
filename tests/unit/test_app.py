"""Applications side by side in one process: separate, and gone after `stop`."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import socketio
from werkzeug.serving import make_server

from server.app import Server, create_app
from server.settings import PROJECT, Settings
from tests.conftest import wait_until
from tests.pictures import png

PING_S = 0.5  # a connection's thread ends at its next ping
SMALL_BYTES, LARGE_BYTES = 1_000, 100_000
# Two applications in a process of their own, which the loop has changed.
GREEN_THREADS = """
import sys, threading
from pathlib import Path
from server.runtime import library_patches
library_patches.install("{mode}")
from server.app import create_app
from server.settings import Settings
folders = [Path(sys.argv[1], name) for name in ("first", "second")]
servers = [create_app(Settings(data_dir=folder, async_mode="{mode}")) for folder in folders]
print(threading.active_count())
for server in servers: server.start()
print(threading.active_count())
for server in servers: server.stop()
print(threading.active_count())
"""


def make_app(folder: Path, max_upload_bytes: int = SMALL_BYTES) -> Server:
    return create_app(
        Settings(data_dir=folder, async_mode="threading", max_upload_bytes=max_upload_bytes)
    )


@contextmanager
def served(server: Server) -> Iterator[str]:
    """Start and serve an application; stop it in the end."""
    listener = make_server("127.0.0.1", 0, server.app, threaded=True)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    server.start()
    yield f"http://127.0.0.1:{listener.server_port}"
    server.stop()
    listener.shutdown()
    thread.join()
    listener.server_close()


def test_stop_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    server = make_app(tmp_path)
    assert set(threading.enumerate()) <= before
    server.start()
    assert not set(threading.enumerate()) <= before
    server.stop()
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_stop_leaves_no_green_thread(tmp_path: Path, mode: str) -> None:
    program = GREEN_THREADS.replace("{mode}", mode)
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    before, running, after = map(int, done.stdout.split())
    assert before == after == 1
    assert running > 2


def test_stop_after_traffic_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    server = make_app(tmp_path)
    server.socketio.server.eio.ping_interval = PING_S
    with served(server) as url:
        client = socketio.Client(reconnection=False)
        client.connect(url, transports=["websocket"])
        assert client.call("list_history", {})["ok"]
        client.disconnect()
    wait_until(lambda: set(threading.enumerate()) <= before)


def test_two_apps_keep_their_limits(tmp_path: Path) -> None:
    picture = png("7") + bytes(2 * SMALL_BYTES)
    small = make_app(tmp_path / "small", max_upload_bytes=SMALL_BYTES)
    large = make_app(tmp_path / "large", max_upload_bytes=LARGE_BYTES)
    for server, status in ((small, 413), (large, 201)):
        answer = server.app.test_client().post("/api/predictions", data=picture)
        assert answer.status_code == status
        server.stop()
