"""Clients that send or leave too much: each is cut off and logged, and others are served."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from uuid import uuid4

import httpx
import psutil
import pytest
from websocket import (
    ABNF,
    WebSocket,
    WebSocketException,
    WebSocketTimeoutException,
    create_connection,
)

from scripts.benchmark.hostile_clients import attack, large_pictures, open_sockets, text_frame
from scripts.benchmark.servers import Server
from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.conftest import Client, connect_elsewhere
from tests.wire.test_broken_packets import (
    ASK,
    ASKED,
    PICTURE,
    PROMPT_S,
    is_answered_promptly,
    open_raw,
)
from tests.wire.test_memory import memory_bytes
from tests.wire.test_polling import Polling

pytestmark = [pytest.mark.alone, pytest.mark.every_mode]

MEGABYTE = 1_000_000
MAX_TEXT_BYTES, MAX_BINARY_BYTES = 260_000, 10_064_000
PACKING = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
GROWTH_BYTES = 150 * MEGABYTE
GONE_S = 30
SAVE_S, PAUSE_S = 3.0, 0.3  # on two cores that large pictures keep busy
MAX_PICTURES_BYTES = 500 * MEGABYTE
TOO_BIG = 1009
UNREAD = "answers unread by one client have more than 8,000,000 bytes"
GONE, LISTS = 60, 100
SMALL_BUFFER = (socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
SHORT_QUEUE = (socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)  # little is on its way in the end
CROWD, CROWD_S, CROWD_WAIT_S = 800, 6.0, 0.2
THREADS = 50
FLOODING, FLOOD_BYTES, FLOOD_GROWTH_BYTES = 40, 240_000, 100 * MEGABYTE
THREADS_BYTES = 250 * MEGABYTE
LONG_LISTS = '["list_history",{"limit":100}]'


@pytest.fixture(autouse=True)
def others_are_served(server: ServerProcess) -> Iterator[None]:
    """Check after each test that another client is answered, and that nothing failed or grew."""
    bystander, before = connect_elsewhere(server), memory_bytes(server)
    yield
    wait_until(lambda: is_answered_promptly(bystander))  # it may still close hundreds of others
    bystander.close()
    assert "Traceback" not in server.log()
    wait_until(lambda: memory_bytes(server) < before + GROWTH_BYTES, GONE_S)


@pytest.fixture
def raw(server: ServerProcess) -> Iterator[WebSocket]:
    opened = open_raw(server)
    yield opened
    opened.shutdown()


def close_status(raw: WebSocket) -> int:
    """Return the status with which the server closes a connection."""
    opcode, content = raw.recv_data(control_frame=True)
    while opcode != ABNF.OPCODE_CLOSE:
        opcode, content = raw.recv_data(control_frame=True)
    return int(struct.unpack("!H", content[:2])[0])


def is_closed(raw: WebSocket) -> bool:
    """Read what has come; return whether the connection has ended."""
    raw.settimeout(0.1)
    try:
        while raw.recv():
            pass
    except WebSocketTimeoutException:
        return False
    except (OSError, WebSocketException):
        return True
    return True


def text(length: int) -> str:
    """Return an event of so many bytes."""
    start, end = '420["save",["', '"]]'
    return start + "n" * (length - len(start) - len(end)) + end


# Messages


def test_packing_is_not_agreed_to(server: ServerProcess) -> None:
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    raw = create_connection(address, header=[PACKING], timeout=10)
    assert "sec-websocket-extensions" not in raw.getheaders()
    raw.shutdown()


def test_longest_text_is_answered(raw: WebSocket) -> None:
    raw.send(text(MAX_TEXT_BYTES))
    assert "invalid_payload" in raw.recv()


def test_most_coordinates_are_taken(raw: WebSocket) -> None:
    strokes = "[[" + ",".join(["1023.625,-999.125"] * 10_000) + "]]"
    raw.send(f'451-0["save",{{"strokes":{strokes},"image":{PICTURE},"drawing":"x"}}]')
    raw.send(png("7"), ABNF.OPCODE_BINARY)
    assert "UUID" in raw.recv()


@pytest.mark.parametrize("parts", [1, 5])
def test_longer_text_closes_the_connection(
    server: ServerProcess, raw: WebSocket, parts: int
) -> None:
    content = text(MAX_TEXT_BYTES + parts)
    length = len(content) // parts
    for k in range(parts):
        opcode = ABNF.OPCODE_CONT if k else ABNF.OPCODE_TEXT
        part = content[k * length : (k + 1) * length if k < parts - 1 else None]
        raw.send_frame(ABNF.create_frame(part, opcode, fin=int(k == parts - 1)))
    assert close_status(raw) == TOO_BIG
    assert "127.0.0.1: a message of text has more than 260,000 bytes" in server.log()


@pytest.mark.parametrize("length", [MAX_BINARY_BYTES + 1, 2 * MAX_BINARY_BYTES])
def test_longer_attachment_closes_the_connection(
    server: ServerProcess, raw: WebSocket, length: int
) -> None:
    raw.send(f'451-0["save",{{"image":{PICTURE}}}]')
    with suppress(OSError):
        raw.send(bytes(length), ABNF.OPCODE_BINARY)
    wait_until(lambda: is_closed(raw))
    assert "a message with binary data has more than 10,064,000 bytes" in server.log()


def test_longer_text_by_polling_is_refused_and_logged(server: ServerProcess) -> None:
    polling = Polling(server)
    polling.send(text(MAX_TEXT_BYTES + 2))
    assert "image_too_large" in polling.receive()
    assert "a message of text has more than 260,000 bytes, or its binary data" in server.log()
    polling.close()


def test_websocket_of_the_draft_is_refused(server: ServerProcess) -> None:
    """Without a version it is that of the draft hixie-76, whose messages have no length."""
    address = f"{server.url}/socket.io/?EIO=4&transport=websocket"
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Origin": server.url}
    assert httpx.get(address, headers=headers).is_error


FLOODS = {
    "pongs": [ABNF.create_frame("3", ABNF.OPCODE_TEXT)] * 3_000,
    "pings": [ABNF.create_frame("x", ABNF.OPCODE_PING)] * 3_000,
    "broken events": [ABNF.create_frame("420[", ABNF.OPCODE_TEXT)] * 3_000,
    "empty parts": [ABNF.create_frame(b"", ABNF.OPCODE_BINARY, fin=0)]
    + [ABNF.create_frame(b"", ABNF.OPCODE_CONT, fin=0)] * 3_000,
}


@pytest.mark.parametrize("frames", FLOODS.values(), ids=FLOODS)
def test_flood_of_small_frames_holds_nobody_up(
    server: ServerProcess, client: Client, raw: WebSocket, frames: list[ABNF]
) -> None:
    first, *others = (frame.format() for frame in frames)
    raw.sock.sendall(first)
    with sending(raw, b"".join(others)):
        for _ in range(3):
            assert is_answered_promptly(client)
    assert server.answers()


def test_messages_that_wait_are_not_kept_parsed(server: ServerProcess, client: Client) -> None:
    """Each has six megabytes once it is parsed."""
    has_threads = server.settings["async_mode"] == "threading"  # which parse all at once
    most = memory_bytes(server) + (THREADS_BYTES if has_threads else FLOOD_GROWTH_BYTES)
    content = text_frame(FLOOD_BYTES)
    with (
        open_sockets(server.url, FLOODING, sockopt=[SHORT_QUEUE]) as sockets,
        ExitStack() as sending_all,
    ):
        for raw in sockets:
            sending_all.enter_context(sending(raw, content))
        for _ in range(20):
            time.sleep(0.1)
            assert memory_bytes(server) < most
        for raw in sockets:
            raw.shutdown()
    # Until their address has paid, the second answer comes late.
    wait_until(lambda: all(is_answered_promptly(client) for _ in range(2)), GONE_S)


def test_long_bodies_that_are_refused_hold_nobody_up(
    server: ServerProcess, client: Client, raw: WebSocket
) -> None:
    head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {10**12}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        raw.sock, own = connection, raw.sock
        connection.sendall(head.encode())
        with sending(raw, bytes(MEGABYTE)):
            for _ in range(3):
                assert is_answered_promptly(client)
            connection.shutdown(socket.SHUT_RDWR)
        raw.sock = own


@contextmanager
def sending(raw: WebSocket, content: bytes) -> Iterator[None]:
    """Send the same again and again, without a pause, while the block runs."""
    ended = threading.Event()

    def send() -> None:
        with suppress(OSError):
            while not ended.is_set():
                raw.sock.sendall(content)

    thread = threading.Thread(target=send)
    thread.start()
    yield
    ended.set()
    thread.join()


# Unfinished events


def test_second_attachment_is_refused(raw: WebSocket) -> None:
    raw.send(f'452-0["save",{PICTURE}]')
    assert "invalid_payload" in raw.recv()


def test_missing_attachment_closes_the_connection(server: ServerProcess, raw: WebSocket) -> None:
    raw.send(f'451-0["save",{{"image":{PICTURE}}}]')
    wait_until(lambda: is_closed(raw), GONE_S)
    assert "an event waits for its attachment for more than 10 s" in server.log()


def test_slow_attachment_is_waited_for(raw: WebSocket) -> None:
    raw.send(f'451-0["upload",{{"image":{PICTURE}}}]')
    content = ABNF.create_frame(png("7"), ABNF.OPCODE_BINARY).format()
    raw.sock.sendall(content[:-1])
    raw.settimeout(14)
    with suppress(WebSocketTimeoutException):
        raw.recv()
    raw.sock.sendall(content[-1:])
    assert '"ok":true' in raw.recv()


def test_half_sent_attachments_of_an_address_are_bounded(server: ServerProcess) -> None:
    part = ABNF.create_frame(bytes(9 * MEGABYTE), ABNF.OPCODE_BINARY).format()[:-1]
    sockets = [open_raw(server) for _ in range(20)]
    for raw in sockets:
        with suppress(OSError):
            raw.sock.sendall(part)
    wait_until(lambda: any(is_closed(raw) for raw in sockets), GONE_S)
    for raw in sockets:
        raw.shutdown()
    assert "messages of one address that are not finished have more than 100," in server.log()


def test_announced_attachments_of_an_address_are_bounded(server: ServerProcess) -> None:
    header = f'451-["save",["{"n" * (MAX_TEXT_BYTES - 100)}"]]'
    sockets = [open_raw(server) for _ in range(450)]
    for raw in sockets:
        with suppress(OSError):
            raw.send(header)
    wait_until(lambda: is_closed(sockets[-1]), GONE_S)
    for raw in sockets:
        raw.shutdown()


# Large pictures


def test_save_passes_many_large_pictures(server: ServerProcess, client: Client) -> None:
    before, peaks, times_s = memory_bytes(server), [], []
    with attack(Server(server.url, 0.0, None), [large_pictures]):
        for _ in range(20):
            started_s = time.monotonic()
            assert client.ask("save", {"drawing": str(uuid4()), "image": png("7")})["ok"]
            times_s.append(time.monotonic() - started_s)
            peaks.append(memory_bytes(server) - before)
            threading.Event().wait(PAUSE_S)
    assert max(times_s) < SAVE_S
    assert max(peaks) < MAX_PICTURES_BYTES


# Unread answers


@pytest.fixture
def long_lists(client: Client) -> None:
    """Fill the history, so that a page of it has some 100 kB."""
    picture = png("01234780")
    for _ in range(100):
        assert client.ask("upload", {"image": picture})["ok"]


@pytest.mark.usefixtures("long_lists")
def test_client_that_never_reads_is_cut_off(server: ServerProcess) -> None:
    raw = open_raw(server)
    for _ in range(200):
        raw.send(f"427{LONG_LISTS}")
    wait_until(lambda: UNREAD in server.log(), GONE_S)
    wait_until(lambda: is_closed(raw), GONE_S)
    raw.shutdown()


@pytest.mark.usefixtures("long_lists")
def test_what_a_gone_client_has_asked_for_is_not_looked_up(server: ServerProcess) -> None:
    process = psutil.Process(server.process.pid if server.process else None)
    before = process.num_fds()
    with open_sockets(server.url, GONE, sockopt=[SMALL_BUFFER]) as sockets:
        for raw in sockets * LISTS:
            raw.send(f"427{LONG_LISTS}")
    wait_until(lambda: process.num_fds() < before + GONE / 2, GONE_S)


def test_client_that_never_polls_is_cut_off(server: ServerProcess) -> None:
    polling = Polling(server)
    for _ in range(100):
        if polling.send(f"427{LONG_LISTS}") != httpx.codes.OK:
            break
    else:
        pytest.fail("It was not cut off.")
    assert UNREAD in server.log()
    polling.close()


@pytest.mark.usefixtures("long_lists")
def test_many_that_leave_at_once_hold_nobody_up(server: ServerProcess) -> None:
    has_threads = server.settings["async_mode"] == "threading"  # which wake all at once
    crowd, most_s = (THREADS, PROMPT_S) if has_threads else (CROWD, CROWD_WAIT_S)

    def leave_at_once(url: str, ended: threading.Event) -> None:
        with open_sockets(url, crowd):
            pass
        ended.wait()

    with attack(server, [leave_at_once]):
        assert longest_wait_s(server, CROWD_S) < most_s


def longest_wait_s(server: ServerProcess, seconds: float) -> float:
    """Ask for what is refused at once, again and again; return the longest wait for the answer."""
    client, waits_s, end_s = connect_elsewhere(server), [], time.perf_counter() + seconds
    while time.perf_counter() < end_s:
        start_s = time.perf_counter()
        client.ask("no such event")
        waits_s.append(time.perf_counter() - start_s)
        time.sleep(0.005)
    client.close()
    return max(waits_s)


def test_client_that_reads_late_gets_all(raw: WebSocket) -> None:
    for _ in range(10):
        raw.send(ASK.replace('{"limit":1}', '{"limit":100}'))
    assert all(raw.recv().startswith(ASKED) for _ in range(10))
