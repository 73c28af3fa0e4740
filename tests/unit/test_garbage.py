"""What an event leaves behind: nothing that only a garbage collection would free."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.app import Server, create_app
from server.settings import load_settings

LISTS, LEFT = 50_000, 5_000  # objects of a payload, and of all else
CLIENTS = 20


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
