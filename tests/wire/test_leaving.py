"""A server that is to stop: it answers what is in flight, and ends in time whatever clients do."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
from websocket import ABNF, WebSocket

from tests.conftest import ServerProcess, wait_until
from tests.databases import lock_writes
from tests.pictures import draw, encode, png
from tests.wire.conftest import Client
from tests.wire.test_broken_packets import PICTURE, open_raw
from tests.wire.test_hostile_clients import LONG_LISTS
from tests.wire.test_monitoring import metrics
from tests.wire.test_polling import Polling

pytestmark = pytest.mark.every_mode

Connect = Callable[..., Client]

MAX_STOP_S = 5
AT_ONCE_S = 1
SAVERS = 8
SOCKETS, DEAF = 200, 20
FULL_LISTS = 50  # more than fits on the way to a client that does not read
LARGE_PX = 900  # a digit that takes a while to read


@pytest.fixture
def lone(server: ServerProcess, serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """A server in the same async mode, which may be stopped."""
    started = serve(async_mode=server.settings["async_mode"])
    yield started
    if started.process is not None:
        started.process.kill()
        started.process.wait()
        started.process = None


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(SAVERS) as pool:
        yield pool


def terminate(server: ServerProcess, number: int = signal.SIGTERM) -> float:
    """Ask the server to end; return its seconds until then, after a clean stop."""
    assert server.process is not None
    began_s = time.monotonic()
    server.process.send_signal(number)
    assert server.process.wait(2 * MAX_STOP_S) == 0
    return time.monotonic() - began_s


def save_until_closed(client: Client) -> list[str]:
    """Save without a pause; return the drawings that were acknowledged."""
    acknowledged: list[str] = []
    while True:
        drawing = str(uuid4())
        answer = client.ask_if_connected("save", {"drawing": drawing, "image": png("7")})
        if answer is None:
            return acknowledged
        assert answer["ok"]
        acknowledged.append(drawing)


def kept(server: ServerProcess) -> set[str]:
    """Return the ids in the history of a server, started again."""
    server.start()
    ids: set[str] = set()
    before: dict[str, str] = {}
    while True:
        page = httpx.get(f"{server.url}/api/predictions", params={"limit": "100", **before}).json()
        ids |= {entry["id"] for entry in page["entries"]}
        if not page["next"]:
            return ids
        before = {"before": page["next"]}


def open_http(server: ServerProcess) -> socket.socket:
    """Open a connection, and wait until the server has accepted it."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=MAX_STOP_S)
    own = connection.getsockname()
    wait_until(lambda: own in [each.raddr for each in server.connections()])
    return connection


def head_of_upload(length: int) -> bytes:
    head = f"POST /api/predictions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}"
    return head.encode() + b"\r\n\r\n"


def send_half(server: ServerProcess) -> socket.socket:
    """Begin an upload over HTTP."""
    connection = open_http(server)
    connection.sendall(head_of_upload(100_000) + bytes(50_000))
    return connection


def send_half_message(server: ServerProcess) -> WebSocket:
    """Begin an upload over a WebSocket."""
    raw = open_raw(server)
    raw.send(f'451-0["upload",{{"image":{PICTURE}}}]')
    raw.sock.sendall(ABNF.create_frame(bytes(100_000), ABNF.OPCODE_BINARY).format()[:50_000])
    return raw


def go_deaf(server: ServerProcess) -> WebSocket:
    """Ask for more than is read."""
    raw = open_raw(server)
    for _ in range(FULL_LISTS):
        raw.send(f"427{LONG_LISTS}")
    return raw


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_without_clients_ends_at_once(lone: ServerProcess, number: int) -> None:
    assert terminate(lone, number) < AT_ONCE_S
    assert "Traceback" not in lone.log()


def test_clients_at_rest_are_disconnected_and_not_signed_out(
    lone: ServerProcess, connect: Connect
) -> None:
    reasons: list[str] = []
    clients = [connect(lone) for _ in range(5)]
    for client in clients:
        client.socket.on("disconnect", reasons.append)
    assert terminate(lone) < AT_ONCE_S
    wait_until(lambda: len(reasons) == len(clients))
    assert set(reasons) == {client.socket.reason.TRANSPORT_ERROR}


def test_saves_that_are_acknowledged_while_it_stops_are_kept(
    lone: ServerProcess, connect: Connect, pool: ThreadPoolExecutor
) -> None:
    savers = [pool.submit(save_until_closed, connect(lone)) for _ in range(SAVERS)]
    watcher = connect(lone)
    watcher.ask("watch_history", {})
    wait_until(lambda: len(watcher.events) > SAVERS)
    terminate(lone)
    acknowledged = {drawing for saver in savers for drawing in saver.result()}
    assert len(acknowledged) > SAVERS
    assert acknowledged <= kept(lone)


def test_uploads_that_have_come_are_answered(lone: ServerProcess) -> None:
    picture = encode(draw("01234780", digit_px=LARGE_PX), "PNG")
    raw, connection = open_raw(lone), open_http(lone)
    connection.sendall(head_of_upload(len(picture)) + picture)
    raw.send(f'451-0["upload",{{"image":{PICTURE}}}]')
    raw.send(picture, ABNF.OPCODE_BINARY)
    terminate(lone)
    assert '"ok":true' in raw.recv()
    assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
    raw.shutdown()
    connection.close()


def test_poll_that_waits_is_answered(lone: ServerProcess) -> None:
    polling, connection = Polling(lone), open_http(lone)
    connection.sendall(f"GET {polling.query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert terminate(lone) < AT_ONCE_S
    assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
    polling.close()
    connection.close()


def test_late_rest_of_an_upload_is_waited_for(lone: ServerProcess) -> None:
    picture = png("7")
    connection = open_http(lone)
    connection.sendall(head_of_upload(len(picture)) + picture[:100])
    assert lone.process is not None
    lone.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not accepts(lone))
    connection.sendall(picture[100:])
    assert connection.recv(100).startswith(b"HTTP/1.1 201 ")
    assert lone.process.wait(MAX_STOP_S) == 0
    connection.close()


def accepts(server: ServerProcess) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0


@pytest.mark.parametrize("loop", ["eventlet", "gevent"])
def test_new_request_on_an_open_connection_is_refused(
    serve: Callable[..., ServerProcess], loop: str
) -> None:
    """Under threads every connection ends with its request."""
    lone = serve(async_mode=loop)
    half = send_half(lone)
    with httpx.Client(base_url=lone.url) as http:
        assert http.get("/readyz").is_success
        assert lone.process is not None
        lone.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not accepts(lone))
        answer = http.get("/readyz")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json()["error"]["code"] == "unavailable"
    half.close()
    assert lone.process.wait(MAX_STOP_S) == 0


def test_open_sockets_do_not_delay_the_end(lone: ServerProcess, connect: Connect) -> None:
    filler = connect(lone)
    for _ in range(100):
        assert filler.ask("upload", {"image": png("01234780")})["ok"]
    quiet = [open_raw(lone) for _ in range(SOCKETS - DEAF)]
    deaf = [go_deaf(lone) for _ in range(DEAF)]
    halves = send_half(lone), send_half_message(lone)
    filler.ask("list_history", {})
    assert terminate(lone) < MAX_STOP_S
    for each in (*quiet, *deaf, *halves):
        each.close() if isinstance(each, socket.socket) else each.shutdown()


@pytest.mark.sqlite
def test_end_that_takes_too_long_comes_all_the_same_and_says_what_took_it(
    lone: ServerProcess, connect: Connect, pool: ThreadPoolExecutor
) -> None:
    clients = connect(lone), connect(lone)
    assert lone.process is not None
    with lone.connected() as other:
        lock_writes(other)
        saves = [pool.submit(save_until_closed, each) for each in clients]
        wait_until(lambda: metrics(lone)['digits_pool_waiting{pool="writes"}'] > 0)
        lone.process.send_signal(signal.SIGTERM)
        assert lone.process.wait(MAX_STOP_S) == 1
    assert all(each.result() == [] for each in saves)
    assert "in empty_log" in lone.log()


def test_second_signal_ends_at_once(lone: ServerProcess) -> None:
    half = send_half(lone)
    assert lone.process is not None
    lone.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not accepts(lone))
    began_s = time.monotonic()
    lone.process.send_signal(signal.SIGTERM)
    assert lone.process.wait(MAX_STOP_S) == -signal.SIGTERM
    assert time.monotonic() - began_s < AT_ONCE_S
    half.close()
