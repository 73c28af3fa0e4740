"""Hostile clients of every kind, each until an event is set."""

from __future__ import annotations

import os
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from typing import Any

import httpx
from PIL import Image
from websocket import ABNF, WebSocketException, create_connection

from scripts.benchmark.servers import Server
from tests.pictures import draw, encode

LONG_BYTES, HALF_BYTES, FLOOD_BYTES = 39_000_000, 9_900_000, 240_000
NEVER_READING, UNFINISHED, HALF_SENT, HEADERS_ONLY, FLOODING = 20, 4, 40, 80, 4
LARGE_PICTURES = 24
NICENESS = 10  # of 19
ASK_S = 0.05  # 400 questions a second of 20 clients
PICTURE = '{"_placeholder":true,"num":0}'
PACKING = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover"
POLLING = "/socket.io/?EIO=4&transport=polling"

Attack = Callable[[str, threading.Event], None]


@contextmanager
def attack(server: Server, attacks: list[Attack]) -> Iterator[None]:
    """Attack a server, as from another machine: the processor is first there for all others."""
    ended = threading.Event()

    def repeat(act: Attack) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while not ended.wait(0.1):
            with suppress(OSError, WebSocketException, httpx.HTTPError):
                act(server.url, ended)

    threads = [threading.Thread(target=repeat, args=[each]) for each in attacks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def open_socket(url: str, **options: Any) -> Any:
    address = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    opened = create_connection(address, timeout=5, **options)
    opened.recv()
    opened.send("40")
    opened.recv()
    return opened


@contextmanager
def open_sockets(url: str, count: int, **options: Any) -> Iterator[list[Any]]:
    with ExitStack() as stack:
        sockets = [open_socket(url, **options) for _ in range(count)]
        for raw in sockets:
            stack.callback(raw.shutdown)
        yield sockets


def open_polling(client: httpx.Client) -> str:
    address = f"{POLLING}&sid=" + client.get(POLLING).text.split('"')[3]
    client.post(address, content="40")
    client.get(address)
    return address


def nobody(url: str, ended: threading.Event) -> None:  # noqa: ARG001
    """Do nothing, which shows how much the measurement itself varies."""
    ended.wait()


def packed(url: str, ended: threading.Event) -> None:
    """Send 39 MB of JSON, packed where the server agrees to that."""
    address = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    raw: Any = create_connection(address, header=[PACKING], timeout=5)
    raw.send("40")
    content = packed_frame() if "sec-websocket-extensions" in raw.getheaders() else text_frame()
    while not ended.wait(0.5):
        raw.sock.sendall(content)
    raw.shutdown()


def nested(length: int) -> str:
    return '42["save",[' + "[]," * (length // 3) + "1]]"


@cache
def packed_frame() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = packer.compress(nested(LONG_BYTES).encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
    return ABNF(1, 1, 0, 0, ABNF.OPCODE_TEXT, 1, content[:-4]).format()


@cache
def text_frame(length: int = LONG_BYTES) -> bytes:
    return ABNF.create_frame(nested(length), ABNF.OPCODE_TEXT).format()


@cache
def body() -> bytes:
    return nested(LONG_BYTES).encode()


@cache
def binary_frame(length: int) -> bytes:
    return ABNF.create_frame(bytes(length), ABNF.OPCODE_BINARY).format()


def prepare() -> None:
    """Make what is sent, which takes the time of a processor."""
    packed_frame()
    text_frame()
    body()
    text_frame(FLOOD_BYTES)
    binary_frame(LONG_BYTES)
    binary_frame(HALF_BYTES)
    large_picture()


def polled(url: str, ended: threading.Event) -> None:
    """Post 39 MB of JSON."""
    with httpx.Client(base_url=url, timeout=30) as client:
        address = open_polling(client)
        while not ended.wait(0.5):
            client.post(address, content=body()).raise_for_status()


def unfinished(url: str, ended: threading.Event) -> None:
    """Announce ten attachments, send nine and answer pings."""
    with open_sockets(url, UNFINISHED) as sockets:
        for raw in sockets:
            with suppress(OSError):
                raw.send(f'4510-["save",{PICTURE}]')
                for _ in range(9):
                    raw.sock.sendall(binary_frame(LONG_BYTES))
        hold(sockets, ended)


def half_sent(url: str, ended: threading.Event) -> None:
    """Send all but the last byte of large attachments."""
    with open_sockets(url, HALF_SENT) as sockets:
        for raw in sockets:
            with suppress(OSError):
                raw.send(f'451-["save",{PICTURE}]')
                raw.sock.sendall(binary_frame(HALF_BYTES)[:-1])
        ended.wait()


def headers_only(url: str, ended: threading.Event) -> None:
    """Announce attachments with much JSON, which never come."""
    with open_sockets(url, HEADERS_ONLY) as sockets:
        for raw in sockets:
            raw.send(nested(99_000).replace("42[", "451-["))
        hold(sockets, ended)


def hold(sockets: list[Any], ended: threading.Event) -> None:
    """Answer pings until the end."""
    while not ended.wait(1):
        for raw in sockets:
            with suppress(OSError):
                raw.send("3")


def unread(url: str, ended: threading.Event) -> None:
    """Ask for pages of the history and read none."""
    small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]
    with open_sockets(url, NEVER_READING, sockopt=small) as sockets:
        while not ended.wait(ASK_S):
            for raw in sockets:
                raw.send('421["list_history",{"limit":100}]')


def never_polled(url: str, ended: threading.Event) -> None:
    """Ask for pages of the history by long polling, and never poll."""
    with httpx.Client(base_url=url, timeout=30) as client:
        address = open_polling(client)
        content = "\x1e".join(['421["list_history",{"limit":100}]'] * 16)
        while not ended.is_set():
            client.post(address, content=content).raise_for_status()


def flood(url: str, ended: threading.Event) -> None:
    """Send the longest messages that are taken, of costly JSON, one after another."""
    with open_sockets(url, FLOODING) as sockets:
        while not ended.is_set():
            for raw in sockets:
                raw.sock.sendall(text_frame(FLOOD_BYTES))


def large_pictures(url: str, ended: threading.Event) -> None:
    """Upload pictures that are small as files and large in memory, one after another."""
    with open_sockets(url, LARGE_PICTURES) as sockets:
        while not ended.is_set():
            for raw in sockets:
                raw.send(f'451-7["upload",{{"image":{PICTURE}}}]')
                raw.send_binary(large_picture())
            for raw in sockets:
                raw.settimeout(60)
                raw.recv()


@cache
def large_picture() -> bytes:
    """Return a PNG of 40 megapixels with a number, in some hundred kilobytes."""
    page = Image.new("L", (8_000, 5_000), 255)
    page.paste(draw("407", digit_px=400, pen_px=30).convert("L"), (2_000, 2_000))
    return encode(page, "PNG")


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        nobody, packed, polled, unfinished, half_sent, headers_only, unread, never_polled, flood,
        large_pictures,
    )
}  # fmt: skip
