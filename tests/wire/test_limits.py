"""Limits on rates, connections and entries, and answers to malformed requests."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.accounts import PASSWORD, Browser
from tests.wire.conftest import Client

pytestmark = pytest.mark.every_mode

Serve = Callable[..., ServerProcess]
ONE_PER_SECOND = "60"  # per minute, once the first 60 are used up
MALFORMED_REQUESTS = (
    b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    b"GET /%00%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  # the start of TLS
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
)


@pytest.fixture
def start(async_mode: str, serve: Serve) -> Iterator[Serve]:
    """Return a function that starts a server with given settings; stop all after the test."""
    with ExitStack() as stack:

        def start_server(**settings: str) -> ServerProcess:
            server = serve(async_mode=async_mode, **settings)
            stack.callback(server.stop)
            return server

        yield start_server


def frame(seq: int) -> dict[str, Any]:
    return {"drawing": str(uuid4()), "seq": seq, "image": png("7")}


@pytest.mark.alone
def test_excess_frame_is_announced_delayed_and_answered(start: Serve) -> None:
    client = Client(start(frames_per_minute=ONE_PER_SECOND).url)
    for seq in range(60):
        client.tell("frame", frame(seq))
    client.tell("frame", frame(60))
    notice = client.wait_for("slow_down")
    started = time.monotonic()
    assert notice["event"] == "frame"
    assert 0 < notice["milliseconds"] <= 1000
    wait_until(lambda: any(name == "prediction" and e["seq"] == 60 for name, e in client.events))
    assert time.monotonic() - started < 2
    client.close()


@pytest.mark.alone
def test_frame_limit_is_shared_by_sockets_of_an_address(start: Serve) -> None:
    server = start(frames_per_minute="1")
    clients = [Client(server.url) for _ in range(2)]
    for client in clients:
        client.tell("frame", frame(1))
    answers = [client.wait_for("prediction") for client in clients]
    [refused] = [answer["error"] for answer in answers if "error" in answer]
    assert refused["code"] == "rate_limited"
    assert refused["message"].endswith("Try again in 60 seconds.")
    for client in clients:
        client.close()


def test_api_over_its_rate_returns_429_with_retry_after(start: Serve) -> None:
    server = start(queries_per_minute="1")
    api = f"{server.url}/api/predictions"
    first, second = httpx.get(api), httpx.get(api)
    assert (first.status_code, second.status_code) == (200, 429)
    assert 1 <= int(second.headers["Retry-After"]) <= 60
    assert second.json()["error"]["code"] == "rate_limited"
    assert httpx.get(f"{server.url}/healthz").status_code == 200


def statuses(browser: Browser, path: str, times: int) -> list[int]:
    return [browser.http.get(path).status_code for _ in range(times)]


def test_pages_and_pictures_share_a_rate(start: Serve) -> None:
    browser = Browser(start(pages_per_minute="4"))
    image = browser.upload()["image_path"]
    paths = ("/", "/sign-in", image, "/history")
    assert [statuses(browser, path, 1) for path in paths] == [[200]] * 4
    for path in paths:
        refused = browser.http.get(path)
        assert refused.status_code == 429
        assert "Retry-After" in refused.headers
    assert statuses(browser, "/healthz", 2) == [200, 200]
    assert statuses(browser, "/static/styles/base.css", 1) == [200]
    browser.http.close()


def test_tokens_and_readiness_count_as_changes(start: Serve) -> None:
    server = start(changes_per_minute="3")
    ann = Browser(server).sign_up()
    ann.make_token()
    ann.end_key(ann.key_ids()[0])
    assert statuses(ann, "/readyz", 2) == [200, 429]
    refused = ann.submit("/account/tokens", page="/account", label="script")
    assert refused.status_code == 429
    assert ann.key_ids() == []
    ann.http.close()


def test_guests_without_cookies_share_the_entries_of_a_day(start: Serve) -> None:
    server = start(guest_entries_per_day="3")
    assert [upload(server).status_code for _ in range(4)] == [201, 201, 201, 429]
    assert "at most 3 per day" in upload(server).json()["error"]["message"]
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(transport=elsewhere, base_url=server.url) as other:
        drawing = {"id": str(uuid4())}
        for _ in range(4):
            again = other.post("/api/predictions", content=png("7"), params=drawing)
            assert again.status_code == 201
    ann = Browser(server).sign_up()
    assert ann.upload()["owner"] == ann.name
    ann.http.close()


def test_delayed_address_does_not_delay_another(start: Serve) -> None:
    api = f"{start(queries_per_minute='30').url}/api/predictions"
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with (
        ThreadPoolExecutor(1) as pool,
        httpx.Client() as hasty,
        httpx.Client(transport=elsewhere) as other,
    ):
        assert all(hasty.get(api).status_code == 200 for _ in range(30))
        delayed = pool.submit(lambda: [hasty.get(api) for _ in range(3)])
        others = [other.get(api) for _ in range(20)]
        answers = [*delayed.result(), *others]
    assert all(answer.status_code == 200 for answer in answers)
    assert median_s(delayed.result()) > 5 * median_s(others)


def median_s(answers: list[httpx.Response]) -> float:
    return median(answer.elapsed.total_seconds() for answer in answers)


def test_sign_in_limit_holds_for_the_right_password_in_a_new_browser(start: Serve) -> None:
    server = start(sign_ins_per_minute="3")
    ann, other = Browser(server).sign_up(), Browser(server)
    for _ in range(2):
        assert other.sign_in(ann.name, "not this one").status_code == 401
    refused = other.sign_in(ann.name)
    assert refused.status_code == 429
    assert "Try again in" in refused.text
    ann.sign_out()
    assert ann.sign_in(ann.name).status_code == 303
    for browser in (ann, other):
        browser.http.close()


@pytest.mark.alone
def test_sign_in_flood_is_rejected_without_failures(start: Serve) -> None:
    server = start(sign_ins_per_minute="100000")
    browser = Browser(server)
    fields = {"username": "ann", "password": PASSWORD, "csrf_token": browser.csrf_token("/sign-in")}

    def attempt(_: int) -> int:
        answer = httpx.post(
            f"{server.url}/sign-in", data=fields, headers=browser.cookie, timeout=30
        )
        return answer.status_code

    with ThreadPoolExecutor(60) as pool:
        statuses = list(pool.map(attempt, range(240)))
    assert set(statuses) == {401, 429}
    assert "Traceback" not in server.log()
    browser.http.close()


def test_full_history_rejects_uploads_until_a_deletion(start: Serve) -> None:
    server = start(max_entries="2")
    ann, guest = Browser(server).sign_up(), Browser(server)
    for browser in (ann, guest):
        first, _ = browser.upload(), browser.upload()
        again = browser.http.post("/api/predictions", content=png("7"))
        assert again.status_code == 403
        assert "it keeps at most 2 entries for one person" in again.json()["error"]["message"]
        browser.http.delete(f"/api/predictions/{first['id']}")
        assert browser.upload()["id"]
        browser.http.close()


def test_connections_per_address_are_limited_while_open(start: Serve) -> None:
    server = start(connections_per_address="3")
    clients = [Client(server.url) for _ in range(3)]
    refused = httpx.get(server.url)
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limited"
    for client in clients:
        client.close()
    wait_until(lambda: httpx.get(server.url).status_code == 200)


def test_unfinished_requests_of_an_address_are_limited_in_bytes(start: Serve) -> None:
    server = start(bytes_per_address="1000000")  # or two of the largest messages
    head = b"POST /api/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(2):
            half = socket.create_connection(("127.0.0.1", server.port), timeout=5)
            stack.enter_context(half).sendall(head)
        wait_until(lambda: upload(server).status_code == 429)
        assert upload(server).json()["error"]["code"] == "rate_limited"
        assert httpx.get(f"{server.url}/api/predictions").status_code == 200
    wait_until(lambda: upload(server).status_code == 201)
    assert "Refused 127.0.0.1: More than 20,128,000 bytes at once." in server.log()


def upload(server: ServerProcess) -> httpx.Response:
    """Upload a picture with some bytes after its end."""
    return httpx.post(f"{server.url}/api/predictions", content=png("7") + bytes(500_000))


def test_loopback_server_accepts_only_loopback_hosts(server: ServerProcess) -> None:
    for host in ("evil.example", f"evil.example:{server.port}", ""):
        answer = httpx.get(server.url, headers={"Host": host})
        assert answer.status_code == 403, host
        assert "DIGITS_TRUSTED_PROXIES" in answer.json()["error"]["message"]
    for host in (f"localhost:{server.port}", f"[::1]:{server.port}", "127.0.0.1"):
        assert httpx.get(server.url, headers={"Host": host}).status_code == 200, host


def test_malformed_request_is_answered_without_internals(server: ServerProcess) -> None:
    for request in MALFORMED_REQUESTS:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as raw:
            raw.sendall(request)
            answer = raw.recv(100_000)
        assert b"Traceback" not in answer
        assert b'File "' not in answer
    assert httpx.get(f"{server.url}/readyz").status_code == 200


def test_server_survives_the_open_file_limit(start: Serve) -> None:
    server = start(connections_per_address="100000")
    assert server.process is not None
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (100, 100))
    with ExitStack() as idle, suppress(TimeoutError):
        for _ in range(200):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=1))
    wait_until(server.answers, 20)
