"""Malformed messages: each is ignored or refused, and the server goes on serving others."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from websocket import ABNF, WebSocket, create_connection

from tests.conftest import ServerProcess, wait_until
from tests.wire.conftest import Client, connect_elsewhere
from tests.wire.test_memory import LIMIT_WITH_PHOTOS_BYTES, memory_bytes

PROMPT_S = 1
SEND_S = 3
MANY_CONNECTIONS = 100
TOO_LONG_BYTES = 41_000_000  # the limit is four times the largest upload
PICTURE = '{"_placeholder":true,"num":0}'
ASK, ASKED = '427["list_history",{"limit":1}]', '437[{"ok":true'

Packet = str | bytes

IGNORED: list[list[Packet]] = [
    # Engine.IO
    [""], [b""], ["x"], ["🎉"], ["\n"], ["²"], ["b"], ["b!!!"], ["bAAAA"], ["9"], ["0{}"], ["6"],
    ["2probe"], ["3"] * 20, ["3" + "[" * 100_000], ["4"], ["4null"], ['4{"a":1}'],
    ["4" + "[" * 10_000],
    # Socket.IO
    ["4x"], ["49"], ["4²"], ["42"], ["42["], ["42[]"], ['42"text"'], ['42{"a":1}'], ["42null"],
    ['42²["list_history"]'], ["44{}"], ["430[1]"], ['430"x"'], ["43"], ["4399[1]"], ["46"],
    [b"stray"], [b'2["list_history"]'],
    # Other namespaces
    ['42/none,0["list_history",{}]'], ['451-/none,["x"]', b"x"], ["41/none,"], ["40*,"],
    ["40/" + "n" * 10_000],
    ['40{"a":' + "[" * 10_000],
    # Attachments
    ["45"], ["451-"], ["451-", b"x"], ["459999999999999-0[1]"], ['450-["frame"', b"x"],
]  # fmt: skip
REFUSED: list[list[Packet]] = [
    ["420"], ["420[]"], ["420[5]"], ["420[{}]"], ["420[null,1]"], ["420[[1]]"], ["420[true]"],
    ["420{}"], ['420[""]'], ['420["\\u0000"]'], ['420["' + "n" * 100_000 + '"]'],
    ['420["connect",{}]'], ['420["disconnect"]'], ['420["*"]'], ['420["*","save",{}]'],
    ['420["unreadable"]'],
    ['420["save",NaN]'], ['420["save","\\ud800"]'], ['420["save",' + "1" * 5_000 + "]"],
    ['420["save",' + "[" * 10_000 + "]" * 10_000 + "]"], ["420" + "[" * 10_000],
    ['420["save",' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "]"],
    ['420["save",' + "[" * 900 + "]" * 900 + "]"],
    ['450-0["save"]'], ['450["save",{}]'],
    ['4511-0["save",1]'], ['459999999999-0["save",1]'],
    [f'451-0["save",{PICTURE}]'.replace(":0}", ":9}"), b"x"],
    [f'451-0["save",{PICTURE}]'.replace(":0}", ':"a"}'), b"x"],
    [f'451-0["save",{PICTURE}]'.replace(":0}", ":-1}"), b"x"],
    ['461-0["save"]', b"x"],
    [f"451-0[{PICTURE}]", b"save"], [f'451-0["save",{PICTURE}]', '4{"image":1}'],
    [f'451-0["save",{PICTURE}]', "4text"],
    [f'451-0["save",{PICTURE},' + "[" * 900 + "]" * 900 + "]", b"x"],
]  # fmt: skip


def open_raw(server: ServerProcess, joined: bool = True) -> WebSocket:
    """Open a WebSocket on which the test itself speaks Engine.IO."""
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    raw = create_connection(address, timeout=10)
    assert raw.recv().startswith("0{")
    if joined:
        raw.send("40")
        assert raw.recv().startswith("40{")
    return raw


@pytest.fixture
def raw(server: ServerProcess) -> Iterator[WebSocket]:
    opened = open_raw(server)
    yield opened
    opened.shutdown()


@pytest.fixture(scope="module")
def bystander(server: ServerProcess) -> Iterator[Client]:
    client = connect_elsewhere(server)
    yield client
    client.close()


@pytest.fixture(autouse=True)
def others_are_served(server: ServerProcess, bystander: Client) -> Iterator[None]:
    """Check after each test that another client is answered and that nothing failed or grew."""
    yield
    wait_until(lambda: is_answered_promptly(bystander))
    assert "Traceback" not in server.log()
    assert memory_bytes(server) < LIMIT_WITH_PHOTOS_BYTES


def is_answered_promptly(client: Client) -> bool:
    start = time.perf_counter()
    assert client.ask("list_history", {"limit": 1})["ok"]
    return time.perf_counter() - start < PROMPT_S


def send(raw: WebSocket, packets: list[Packet]) -> None:
    for packet in packets:
        raw.send(packet, ABNF.OPCODE_BINARY if isinstance(packet, bytes) else ABNF.OPCODE_TEXT)


def answer_to_question(raw: WebSocket) -> list[str]:
    """Ask for the history on a raw connection; return the packets before its answer."""
    raw.send(ASK)
    came = [raw.recv()]
    while not came[-1].startswith(ASKED):
        assert came[-1], f"closed after {came}"
        came.append(raw.recv())
    return came[:-1]


@pytest.mark.parametrize("packets", IGNORED, ids=lambda packets: repr(packets)[:40])
def test_malformed_packet_is_ignored(raw: WebSocket, packets: list[Packet]) -> None:
    send(raw, packets)
    assert not [came for came in answer_to_question(raw) if came.startswith("43")]


@pytest.mark.parametrize("packets", REFUSED, ids=lambda packets: repr(packets)[:40])
def test_broken_request_is_refused(raw: WebSocket, packets: list[Packet]) -> None:
    send(raw, packets)
    [refusal] = answer_to_question(raw)
    assert refusal.startswith('430[{"ok":false,"error":{"code":"invalid_payload","message":"')


@pytest.mark.every_mode
def test_made_up_packets_do_not_stop_the_server(server: ServerProcess) -> None:
    start = st.sampled_from(["", "2", "3", "4", "42", "420", "45", "451-", "451-0", "452-0", "b"])
    rest = st.sampled_from(["[", '["save"', '["frame",', '["list_history",{}]', "/none,", PICTURE])
    text = st.tuples(start, st.lists(rest | st.text(max_size=9), max_size=4).map("".join))
    packet = text.map("".join) | st.binary(max_size=20)
    raw = open_raw(server)

    @given(st.lists(packet, max_size=20))
    def send_packets(packets: list[Packet]) -> None:
        nonlocal raw
        try:
            send(raw, packets)
        except OSError:  # a packet may ask to close the connection
            raw.shutdown()
            raw = open_raw(server)

    send_packets()
    raw.shutdown()


@pytest.mark.every_mode
def test_long_message_closes_the_connection(raw: WebSocket) -> None:
    assert closes(raw, [ABNF.create_frame(bytes(TOO_LONG_BYTES), ABNF.OPCODE_BINARY).format()] * 2)


@pytest.mark.every_mode
@pytest.mark.parametrize("part_bytes", [1_000_000, 2_000])
def test_endless_message_closes_the_connection(raw: WebSocket, part_bytes: int) -> None:
    first = ABNF.create_frame(b"x", ABNF.OPCODE_BINARY, fin=0).format()
    part = ABNF.create_frame(bytes(part_bytes), ABNF.OPCODE_CONT, fin=0).format()
    assert closes(raw, [first] + [part] * (2 * TOO_LONG_BYTES // part_bytes))


def closes(raw: WebSocket, frames: list[bytes]) -> bool:
    """Return whether the server closes the connection while frames are sent to it.

    If the server has read all that came before it closed, the sender may get no error: it waits
    for room, and the end can be read.
    """
    raw.settimeout(SEND_S)
    with suppress(ConnectionError, TimeoutError):
        for frame in frames:
            raw.sock.sendall(frame)
        return False
    with suppress(ConnectionError):
        while raw.sock.recv(1_000):
            pass
    return True


@pytest.mark.every_mode
def test_closed_connections_leave_nothing_open(server: ServerProcess) -> None:
    process = psutil.Process(server.process.pid if server.process else None)
    before = process.num_fds()
    for number in range(MANY_CONNECTIONS):
        raw = open_raw(server, joined=number % 2 == 0)
        send(raw, ['452-0["save"]', b"x"] if number % 3 else ['42["save"'])
        raw.shutdown()
    # Beside them the database may open a few files.
    most = before + MANY_CONNECTIONS // 2
    wait_until(lambda: process.num_fds() < most, explain=lambda: str(process.num_fds()))


@pytest.mark.every_mode
def test_unfinished_handshakes_hold_nobody_up(
    server: ServerProcess, connect: Callable[..., Client]
) -> None:
    halves = [b"", b"G", b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n",
              b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nContent-Length: 99\r\n\r\n",
              b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
              b"\x16\x03\x01", b"\x00" * 100]  # fmt: skip
    opened = []
    for half in halves * 5:
        opened.append(socket.create_connection(("127.0.0.1", server.port)))
        opened[-1].sendall(half)
    assert is_answered_promptly(connect())
    for connection in opened:
        connection.close()


@pytest.mark.parametrize(
    "query", ["", "EIO=3", "EIO=4&transport=smoke", "EIO=4&j=x", "EIO=4&sid=1"]
)
def test_request_of_another_protocol_is_refused(server: ServerProcess, query: str) -> None:
    assert httpx.get(f"{server.url}/socket.io/?{query}").status_code == 400


@pytest.mark.parametrize("content", [b"9", b"\xff", b"d=", b"\x1e".join([b"3"] * 17)])
def test_post_without_packets_is_refused(server: ServerProcess, content: bytes) -> None:
    address = f"{server.url}/socket.io/?EIO=4&transport=polling"
    session = httpx.get(address).text.split('"')[3]
    assert httpx.post(f"{address}&sid={session}", content=content).status_code == 400
