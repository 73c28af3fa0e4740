"""A history page whose connection breaks again and again misses nothing, and lists nothing anew."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket

from tests.browser.conftest import OpenPage, expect_connected
from tests.conftest import ServerProcess, wait_until
from tests.relay import Relay
from tests.wire.changes import Event, change_at_random
from tests.wire.conftest import Client

CHANGES, CUT_EVERY_MS = 1_000, 2_000
PACKET = re.compile(r"4[23]\d*(\[.*)", re.DOTALL)  # an event, or an answer
SHOWS = """ids => {
  const cards = [...document.querySelectorAll("[data-entry-id]")];
  return ids.every((id, place) => cards[place]?.dataset.entryId === id);
}"""


class Received:
    """What a page gets of the history: its events, and whether what it missed was sent again."""

    def __init__(self, page: Page) -> None:
        self.events: list[Event] = []
        self.recovered: list[bool] = []  # each time the page began to watch
        page.on("websocket", self._listen)

    def count(self, page: Page) -> int:
        """Return the number of events, with those that Playwright has not told yet."""
        page.evaluate("null")
        return len(self.events)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda message: self._note(str(message)))

    def _note(self, message: str) -> None:
        packet = PACKET.match(message)
        content: Any = json.loads(packet[1]) if packet else None
        match content:
            case [str(name), {"id": id}] if name.startswith("history_"):
                self.events.append((name, id))
            case [{"recovered": recovered}]:
                self.recovered.append(recovered)


@pytest.fixture
def relay(server: ServerProcess) -> Iterator[Relay]:
    relay = Relay(server.port)
    yield relay
    relay.close()


def test_page_that_is_cut_off_again_and_again_misses_nothing(
    open_page: OpenPage, server: ServerProcess, relay: Relay
) -> None:
    page = open_page("/history")
    received = Received(page)
    page.goto(f"{relay.url}/history")
    expect_connected(page)
    maker = Client(server.url)
    caused: list[Event] = []
    work = threading.Thread(target=lambda: caused.extend(change_at_random(maker, CHANGES)))
    work.start()
    while work.is_alive():
        page.wait_for_timeout(CUT_EVERY_MS)
        relay.cut()
        expect_connected(page)
    newest = maker.ask("list_history", {"limit": 10})["entries"]
    maker.close()
    page.wait_for_function(SHOWS, arg=[entry["id"] for entry in newest])
    wait_until(lambda: received.count(page) >= len(caused))
    assert received.events == caused
    assert received.recovered[0] is False
    assert all(received.recovered[1:])
