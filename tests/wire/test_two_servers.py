"""Two servers in one process, each with its own limits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from websocket import ABNF, WebSocket, create_connection
from werkzeug.serving import make_server

from server.app import create_app
from server.settings import load_settings

SMALL_BYTES, LARGE_BYTES = 10_000, 1_000_000  # pictures; a message may be four times as long
BETWEEN_BYTES = 100_000
TIMEOUT_S = 10
ASK, ANSWER = '427["list_history",{"limit":1}]', '437[{"ok":true'


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int], int]]:
    """Start servers that take pictures of so many bytes; each start returns the port."""
    started = []

    def start_server(max_upload_bytes: int) -> int:
        settings = {
            "DIGITS_DATA_DIR": str(tmp_path / str(max_upload_bytes)),
            "DIGITS_ASYNC_MODE": "threading",
            "DIGITS_MAX_UPLOAD_BYTES": str(max_upload_bytes),
        }
        server = create_app(load_settings(settings))
        server.start()
        http = make_server("127.0.0.1", 0, server.app, threaded=True)
        threading.Thread(target=http.serve_forever).start()
        started.append((server, http))
        return int(http.port)

    yield start_server
    for server, http in started:
        server.stop()
        http.shutdown()
        http.server_close()


def open_socket(port: int) -> WebSocket:
    address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    socket = create_connection(address, timeout=TIMEOUT_S)
    socket.recv()
    socket.send("40")
    assert socket.recv().startswith("40{")
    return socket


def takes(port: int, length: int) -> bool:
    """Whether a server goes on after a message of so many bytes."""
    socket = open_socket(port)
    socket.send(bytes(length), ABNF.OPCODE_BINARY)
    try:
        socket.send(ASK)
        return str(socket.recv()).startswith(ANSWER)
    except (OSError, ValueError):
        return False
    finally:
        socket.shutdown()


def test_servers_keep_their_own_message_limits(start: Callable[[int], int]) -> None:
    small, large = start(SMALL_BYTES), start(LARGE_BYTES)
    assert not takes(small, BETWEEN_BYTES)
    assert takes(large, BETWEEN_BYTES)
    assert takes(small, SMALL_BYTES)
