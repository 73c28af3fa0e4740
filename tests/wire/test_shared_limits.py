"""Server processes that count rates, connections and wrong passwords together, in one Redis."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from websocket import create_connection

from server.limits.redis_link import RETRY_S
from tests.conftest import START_S, ServerProcess, free_port, run_server, wait_until
from tests.pictures import png
from tests.redis_server import RedisServer
from tests.wire.accounts import PASSWORD, Browser
from tests.wire.conftest import Client

pytestmark = pytest.mark.alone  # a Redis that answers late counts as away

WRONG = "not this one"
BACK_S = 2 * RETRY_S  # until a Redis that is back is used again
MAX_ANSWER_S = 1
API = "/api/predictions"
SETTINGS = {
    "uploads_per_minute": "3",
    "queries_per_minute": "4",
    "sign_ins_per_minute": "12",
    "frames_per_minute": "1",
    "connections_per_address": "8",
}

Start = Callable[..., ServerProcess]
numbers = count()


@dataclass
class Pair:
    """Two servers, each with a database of its own, and their Redis."""

    redis: RedisServer
    first: ServerProcess
    second: ServerProcess

    @property
    def both(self) -> tuple[ServerProcess, ServerProcess]:
        return self.first, self.second


@pytest.fixture(scope="module")
def pair(async_mode: str, serve: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    redis = RedisServer(tmp_path_factory.mktemp("redis"), free_port())
    redis.start()
    options = {"async_mode": async_mode, "redis_url": redis.url, **SETTINGS}
    pair = Pair(redis, serve(**options), serve(**options))
    yield pair
    for server in pair.both:
        server.stop()
    redis.stop()


@pytest.fixture
def at() -> Iterator[Callable[[ServerProcess], Browser]]:
    """Return a function that opens a browser, all at one address that no server has seen."""
    address, opened = new_address(), []

    def open_browser(server: ServerProcess) -> Browser:
        browser = Browser(server)
        browser.http.close()
        browser.http = client_at(server, address)
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.http.close()


def new_address() -> str:
    """Return an address of this machine that no server has seen."""
    number = next(numbers)
    return f"127.1.{number // 250}.{number % 250 + 1}"


def client_at(server: ServerProcess, address: str) -> httpx.Client:
    return httpx.Client(
        transport=httpx.HTTPTransport(local_address=address), base_url=server.url, timeout=START_S
    )


@contextmanager
def socket_at(server: ServerProcess, address: str) -> Iterator[None]:
    """Hold a WebSocket from an address."""
    with socket.create_connection(("127.0.0.1", server.port), source_address=(address, 0)) as raw:
        url = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
        create_connection(url, socket=raw).recv()
        yield


def statuses(server: ServerProcess, address: str, times: int) -> list[int]:
    """Ask for the history so many times; return the statuses."""
    with client_at(server, address) as client:
        return [client.get(API).status_code for _ in range(times)]


def is_shared(server: ServerProcess) -> bool:
    """Whether a server counts in Redis, as its metrics say."""
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    return next(line for line in lines if line.startswith("digits_redis_up{")).endswith(" 1.0")


def test_requests_are_counted_together(pair: Pair) -> None:
    address = new_address()
    assert statuses(pair.first, address, 3) + statuses(pair.second, address, 2) == [200] * 4 + [429]
    assert statuses(pair.first, address, 1) == [429]


def test_uploads_are_counted_together(pair: Pair, at: Callable[..., Browser]) -> None:
    first, second = map(at, pair.both)

    def upload(browser: Browser) -> int:
        return browser.http.post(API, content=png("7")).status_code

    assert [upload(browser) for browser in (first, second, first)] == [201] * 3
    assert [upload(browser) for browser in (second, first)] == [429] * 2


def test_sign_ins_are_counted_together(pair: Pair, at: Callable[..., Browser]) -> None:
    first, second = map(at, pair.both)
    while first.sign_in(uuid4().hex, WRONG).status_code == 401:
        pass
    assert "at most 12 per minute" in second.sign_in(uuid4().hex, WRONG).text


def test_wrong_passwords_on_one_delay_the_other(pair: Pair, at: Callable[..., Browser]) -> None:
    first, second = map(at, pair.both)
    while first.sign_in("ann", WRONG).status_code == 401:
        pass
    tries = [second.sign_in("ann", WRONG) for _ in range(2)]  # one of them may be after the delay
    assert any("Too many wrong passwords" in each.text for each in tries)
    assert "digits:failures:account ann from failing addresses" in pair.redis.everything()


def test_frames_of_an_address_are_counted_together(pair: Pair) -> None:
    clients = [Client(server.url) for server in pair.both]
    answers = []
    for client in clients:
        client.tell("frame", {"drawing": str(uuid4()), "seq": 1, "image": png("7")})
        answers.append(client.wait_for("prediction"))
    assert ["error" in answer for answer in answers] == [False, True]
    for client in clients:
        client.close()


def test_connections_are_counted_together(pair: Pair) -> None:
    address = new_address()
    with ExitStack() as stack:
        for server in (pair.first, pair.second) * 4:
            stack.enter_context(socket_at(server, address))
        assert [statuses(server, address, 1) for server in pair.both] == [[429]] * 2
    wait_until(lambda: statuses(pair.first, address, 1) == [200], BACK_S)


def test_redis_gets_no_passwords_and_no_tokens(pair: Pair, at: Callable[..., Browser]) -> None:
    ann = at(pair.first).sign_up()
    token = ann.make_token()
    bearer = {"Authorization": f"Bearer {token}"}
    assert ann.http.get(API, headers=bearer).status_code == 200
    cookie = ann.http.cookies["digits"]
    ann.sign_out()
    ann.sign_in(ann.name, WRONG)
    kept = pair.redis.everything()
    assert f"account {ann.name}" in kept
    assert not any(secret in kept for secret in (PASSWORD, WRONG, token, cookie))


@pytest.mark.alone
@pytest.mark.parametrize("state", ["stopped", "paused"])
def test_nobody_is_refused_or_waits_for_redis(
    pair: Pair, at: Callable[..., Browser], state: str
) -> None:
    ann = at(pair.first).sign_up()
    form = {"username": ann.name, "password": PASSWORD, "csrf_token": ann.csrf_token("/account")}

    def ask(address: str) -> tuple[int, float]:
        started_s = time.monotonic()
        [status] = statuses(pair.first, address, 1)
        return status, time.monotonic() - started_s

    def sign_in() -> tuple[int, float]:
        started_s = time.monotonic()
        status = ann.http.post("/sign-in", data=form).status_code
        return status, time.monotonic() - started_s

    def assert_prompt() -> None:
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(sign_in), *(pool.submit(ask, new_address()) for _ in range(40))]
        found, seconds = zip(*(each.result() for each in asked), strict=True)
        assert found == (303, *[200] * 40)
        assert max(seconds) < MAX_ANSWER_S, seconds

    with pair.redis.away(state):
        assert_prompt()
    assert_prompt()
    assert "Traceback" not in pair.first.log()


@pytest.mark.parametrize("state", ["stopped", "paused"])
def test_limits_hold_in_each_process_meanwhile(pair: Pair, state: str) -> None:
    wait_until(lambda: all(map(is_shared, pair.both)), BACK_S)
    logged = [len(server.log()) for server in pair.both]
    address = new_address()
    with pair.redis.away(state):
        for server in pair.both:
            assert statuses(server, address, 5) == [200] * 4 + [429]
            assert not is_shared(server)
    wait_until(lambda: all(map(is_shared, pair.both)), BACK_S)
    test_requests_are_counted_together(pair)
    for server, before in zip(pair.both, logged, strict=True):
        lines = [line for line in server.log()[before:].splitlines() if "Redis at" in line]
        assert ["is away (" in line for line in lines] == [True, False]


def test_server_starts_without_its_redis(serve: Start) -> None:
    server = serve(redis_url=f"redis://127.0.0.1:{free_port()}")
    assert server.log().count("is away") == 1
    assert statuses(server, "127.0.0.1", 1) == [200]
    server.stop()


def test_bad_url_stops_the_start(tmp_path: Path) -> None:
    done = run_server(tmp_path, redis_url="http://127.0.0.1")
    assert done.returncode == 1
    assert "Live Digits cannot start: DIGITS_REDIS_URL must be a URL" in done.stderr


def test_library_is_not_loaded_without_the_setting(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path)
    server.environment = {"PYTHONPROFILEIMPORTTIME": "1"}
    server.start()
    imported = {line.rpartition("|")[2].strip() for line in server.log().splitlines()}
    server.stop()
    assert "socketio.redis_manager" in imported
    assert "redis.client" not in imported
