"""What an event leaves behind: nothing that only a garbage collection would free."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.app import Server, create_app
from server.settings import PROJECT, load_settings

LISTS, LEFT = 50_000, 5_000  # objects of a payload, and of all else
CLIENTS = 20
ENOUGH = 50 * CLIENTS
# Serves clients that ask for a page, and others that open a WebSocket, and vanish; prints how
# many objects they leave.
SERVING = """
import gc
import sys
from server.runtime import library_patches
library_patches.install("eventlet")

import socket
import time
from server.app import create_app
from server.runtime.listeners import BACKLOG, bind
from server.runtime.loops import load
from server.settings import load_settings

SETTLE_S, ENDED_S = 0.5, 5
PAGE = b"GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"
WEBSOCKET = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\\r\\nHost: localhost\\r\\n"
    b"Upgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\n\\r\\n"
)

def come_and_go(request):
    with socket.create_connection(listener.getsockname()) as client:
        client.sendall(request)
        assert client.recv(4096)

folder, clients, enough = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
server = create_app(load_settings({"DIGITS_DATA_DIR": folder}))
listener = bind("127.0.0.1", 0)
listener.listen(BACKLOG)
load("eventlet").serve(server.app, listener)
for request in (PAGE, WEBSOCKET):
    come_and_go(request)
    time.sleep(SETTLE_S)
    gc.collect()
    gc.disable()
    before = len(gc.get_objects())
    for _ in range(clients):
        come_and_go(request)
    end_s = time.monotonic() + ENDED_S
    while (left := len(gc.get_objects()) - before) >= enough and time.monotonic() < end_s:
        time.sleep(SETTLE_S)
    print(left)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    settings = {"DIGITS_DATA_DIR": str(tmp_path), "DIGITS_ASYNC_MODE": "threading"}
    server = create_app(load_settings(settings))
    yield server
    server.engine.dispose()


def make_payload() -> list[list[int]]:
    return [[] for _ in range(LISTS)]


@pytest.mark.parametrize("event", ["save", "list_history", "no such event"])
def test_payload_of_a_refused_event_is_let_go(server: Server, event: str) -> None:
    client = server.socketio.test_client(server.app)
    client.emit(event, make_payload(), callback=True)
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        client.emit(event, make_payload(), callback=True)
        assert len(gc.get_objects()) - before < LEFT
    finally:
        gc.enable()


def test_connection_that_ends_is_let_go(server: Server) -> None:
    clients = [server.socketio.test_client(server.app) for _ in range(CLIENTS)]
    gc.collect()
    gc.disable()
    try:
        for client in clients:
            client.disconnect()
        assert gc.collect() < CLIENTS
    finally:
        gc.enable()


def test_connection_that_breaks_is_let_go(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVING, str(tmp_path), str(CLIENTS), str(ENOUGH)],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    left = [int(line) for line in done.stdout.split()]
    assert len(left) == 2
    assert max(left) < ENOUGH
