"""Clients whose own cost does not matter: plain WebSockets, which can tell their bytes."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from playwright.sync_api import WebSocket as PageSocket
from playwright.sync_api import expect
from websocket import WebSocket, create_connection

from scripts.benchmark.browser import open_browser
from tests.browser.conftest import expect_connected
from tests.browser.pen_input import write

TIMEOUT_S = 40  # a page is pinged every 25 s
PING, PONG = "2", "3"
TCP_INFO_BYTES, TCP_INFO_COUNTERS_AT = 232, 120  # linux/tcp.h: struct tcp_info
HEADERS_BYTES = 66  # of a segment: Ethernet 14, IPv4 20, TCP with timestamps 32


@dataclass(frozen=True)
class RecordedSave:
    """A save as the draw page sends it: its payload without the drawing's id, and its picture."""

    payload: dict[str, Any]
    picture: bytes


class Client:
    """A Socket.IO client without a thread: https://socket.io/docs/v4/socket-io-protocol/"""

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        address = f"ws{url.removeprefix('http')}/socket.io/?EIO=4&transport=websocket"
        self._socket: WebSocket = create_connection(address, timeout=TIMEOUT_S, **options)
        self._drawing = str(uuid4())
        self._socket.send("40")
        self.wait("40")

    def close(self) -> None:
        self._socket.close()

    def wait(self, start: str) -> str:
        """Return the next message that starts so; answer pings meanwhile."""
        while not (message := self._receive()).startswith(start):
            if message == PING:
                self._socket.send(PONG)
        return message

    def ask(self, event: str, payload: dict[str, Any]) -> None:
        self._socket.send(f"421{json.dumps([event, payload])}")
        self.wait("431")

    def send_frame(self, frame: Mapping[str, Any], seq: int) -> None:
        payload = {"drawing": self._drawing, "seq": seq, "digits_only": False, **frame}
        self._socket.send(f"42{json.dumps(['frame', payload], separators=(',', ':'))}")

    def answer_ping(self) -> None:
        while self._receive() != PING:
            """Wait for the next ping."""
        self._socket.send(PONG)

    def save(self, save: RecordedSave) -> None:
        payload = save.payload | {"drawing": str(uuid4())}
        self._socket.send(f"451-1{json.dumps(['save', payload], separators=(',', ':'))}")
        self._socket.send_binary(save.picture)
        answer = self.wait("431")
        assert '"ok":true' in answer, answer

    def wire_bytes(self) -> tuple[int, int]:
        """Return the bytes sent and received so far, with the headers of their segments."""
        assert self._socket.sock
        info = self._socket.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES)
        sent, received, segments_sent, segments_received = struct.unpack_from(
            "QQII", info, TCP_INFO_COUNTERS_AT
        )
        return (
            sent + segments_sent * HEADERS_BYTES,
            received + segments_received * HEADERS_BYTES,
        )

    def _receive(self) -> str:
        message = self._socket.recv()
        return message if isinstance(message, str) else ""


@contextmanager
def connected(
    url: str, count: int, options: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[Sequence[Client]]:
    """Connect pages; `options` are those of websocket.create_connection."""
    with ExitStack() as stack:
        clients: list[Client] = []
        for _ in range(count):
            clients.append(Client(url, options))
            stack.callback(clients[-1].close)
        yield clients


def record_save(url: str, text: str) -> RecordedSave:
    """Write a number on the draw page; return the save that it sends."""
    sent: list[str | bytes] = []

    def note(message: str | bytes) -> None:
        sent.append(message)

    def listen(page_socket: PageSocket) -> None:
        page_socket.on("framesent", note)

    with open_browser() as page:
        page.on("websocket", listen)
        with page.expect_websocket() as opened:
            page.goto(url)
        expect_connected(page)
        write(page, text)
        expect(page.locator("#reading")).to_have_text(text)
        with opened.value.expect_event("framesent", lambda message: isinstance(message, bytes)):
            page.click("#save")
    [event] = [each for each in sent if isinstance(each, str) and '["save"' in each]
    [picture] = [each for each in sent if isinstance(each, bytes)]
    payload: dict[str, Any] = json.loads(event[event.index("[") :])[1]
    return RecordedSave(payload, picture)


def load_frames(file: Path) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = json.loads(file.read_text())
    return frames
