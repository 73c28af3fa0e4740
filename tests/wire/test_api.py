"""The HTTP API: the answers of the Socket.IO events, with an HTTP status."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import ServerProcess
from tests.pictures import BLANK, draw, encode, png
from tests.wire.conftest import Client

API = "/api/predictions"
UNKNOWN_ID = "0b8e4a52-6c1f-4e0e-9d0a-3f1f6f2d7a11"


@pytest.fixture
def browser(server: ServerProcess) -> Iterator[httpx.Client]:
    """Open a client that keeps its cookie, as a browser does."""
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture
def stranger(server: ServerProcess) -> Iterator[httpx.Client]:
    """Open a client that made none of the entries."""
    with httpx.Client(base_url=server.url) as client:
        yield client


def test_post_accepts_raw_chunked_and_form_bodies(browser: httpx.Client) -> None:
    bodies: tuple[dict[str, Any], ...] = (
        {"content": png("7")},
        {"content": png("7"), "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"content": iter([png("7")])},  # in chunks
        {"files": {"picture": ("7.png", png("7"))}},
    )
    for body in bodies:
        answer = browser.post(API, **body)
        assert answer.status_code == 201
        assert answer.json()["entry"]["predicted"] == "7"
        assert answer.json()["entry"]["input_type"] == "upload"


def test_post_with_the_same_id_returns_the_same_entry(browser: httpx.Client) -> None:
    params = {"id": str(uuid4())}
    first = browser.post(API, content=png("7"), params=params).json()
    assert browser.post(API, content=png("7"), params=params).json() == first
    form = {"files": {"picture": png("7")}, "data": params}
    assert browser.post(API, **form).json() == first
    assert browser.get(f"{API}/{params['id']}").json() == first


@pytest.mark.parametrize("value", ["true", "1"])
def test_post_takes_digits_only_as_text(browser: httpx.Client, value: str) -> None:
    params = {"digits_only": value}
    by_query = browser.post(API, content=png("4-7"), params=params)
    by_form = browser.post(API, files={"picture": png("4-7")}, data=params)
    for answer in (by_query, by_form):
        assert answer.json()["entry"]["predicted"] == "4?7"


def test_list_pages_by_cursor(browser: httpx.Client) -> None:
    made = [browser.post(API, content=png("7")).json()["entry"] for _ in range(3)]
    page = browser.get(API, params={"limit": 2}).json()
    assert page["entries"] == made[:0:-1]
    older = browser.get(API, params={"limit": 1, "before": page["next"]}).json()
    assert older["entries"] == made[:1]


def post_entry(browser: httpx.Client) -> str:
    """Post a picture and return the path of its entry."""
    return f"{API}/{browser.post(API, content=png('7')).json()['entry']['id']}"


def test_stranger_can_neither_correct_nor_delete(
    browser: httpx.Client, stranger: httpx.Client
) -> None:
    path = post_entry(browser)
    assert stranger.patch(path, json={"text": "1"}).status_code == 403
    assert stranger.delete(path).status_code == 403


def test_patch_corrects_an_entry(browser: httpx.Client) -> None:
    path = post_entry(browser)
    assert browser.patch(path, json={"text": "1"}).json()["entry"]["corrected"] == "1"


def test_delete_removes_an_entry(browser: httpx.Client) -> None:
    path = post_entry(browser)
    assert browser.delete(path).json() == {"ok": True}
    assert browser.get(path).status_code == 404
    assert browser.delete(path).status_code == 404


def test_image_is_webp_and_revalidated_by_etag(browser: httpx.Client) -> None:
    entry = browser.post(API, content=png("7")).json()["entry"]
    image = browser.get(entry["image_path"])
    assert image.headers["content-type"] == "image/webp"
    assert image.headers["cache-control"] == "no-cache"
    tag = {"If-None-Match": image.headers["etag"]}
    assert browser.get(entry["image_path"], headers=tag).status_code == 304


def test_image_of_a_version_is_cached_forever(browser: httpx.Client) -> None:
    entry = browser.post(API, content=png("7")).json()["entry"]
    image = browser.get(entry["image_path"], params={"v": entry["image_version"]})
    assert {"immutable", "private", "max-age=31536000"} == set(
        image.headers["cache-control"].split(", ")
    )
    outdated = browser.get(entry["image_path"], params={"v": "0" * 16})
    assert outdated.headers["cache-control"] == "no-cache"


FOREIGN_ORIGIN = {"Origin": "https://evil.example"}
TWO_PICTURES = [("picture", ("7.png", png("7"))), ("picture", ("1.png", png("1")))]
BAD_REQUESTS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", API, {}, 400, "invalid_payload"),
    ("POST", API, {"content": b"no picture"}, 415, "unreadable_image"),
    ("POST", API, {"content": BLANK}, 422, "no_ink"),
    ("POST", API, {"content": png("7"), "params": {"id": "5"}}, 400, "invalid_payload"),
    ("POST", API, {"content": png("7") + bytes(10_000_000)}, 413, "image_too_large"),
    ("POST", API, {"content": bytes(15_000_000)}, 413, "image_too_large"),
    ("POST", API, {"content": png("7"), "headers": FOREIGN_ORIGIN}, 403, "forbidden"),
    ("POST", API, {"files": TWO_PICTURES}, 400, "invalid_payload"),
    ("POST", f"{API}?id=", {"content": png("7")}, 400, "invalid_payload"),
    ("POST", f"{API}?digits_only=perhaps", {"content": png("7")}, 400, "invalid_payload"),
    ("GET", f"{API}?limit=many", {}, 400, "invalid_payload"),
    ("GET", f"{API}?before=yesterday", {}, 400, "invalid_payload"),
    ("GET", f"{API}?input_type=null", {}, 400, "invalid_payload"),
    ("GET", f"{API}?search=%00", {}, 400, "invalid_payload"),
    ("GET", API, {"headers": {"Host": "[::1"}}, 403, "forbidden"),
    ("GET", f"{API}/5", {}, 404, "not_found"),
    ("GET", f"{API}/{UNKNOWN_ID}", {}, 404, "not_found"),
    ("GET", f"/images/{UNKNOWN_ID}", {}, 404, "not_found"),
    ("PATCH", f"{API}/{UNKNOWN_ID}", {"content": b"{"}, 400, "invalid_payload"),
    ("PATCH", f"{API}/{UNKNOWN_ID}", {"json": {"text": 7}}, 400, "invalid_payload"),
    ("PUT", API, {}, 405, "invalid_payload"),
    ("GET", "/api/nothing", {}, 404, "not_found"),
]


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=lambda bad: f"{bad[0]} {bad[1]} {bad[4]}")
def test_bad_request_gets_its_status_and_code(
    browser: httpx.Client, bad: tuple[str, str, dict[str, Any], int, str]
) -> None:
    method, path, options, status, code = bad
    answer = browser.request(method, path, **options)
    assert answer.status_code == status
    assert answer.json()["ok"] is False
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]


def test_wrong_method_lists_the_allowed_ones(browser: httpx.Client) -> None:
    allowed = browser.put(API).headers["allow"].split(", ")
    assert {"GET", "POST"} <= set(allowed)


def test_query_outside_utf8_is_not_a_server_error(server: ServerProcess) -> None:
    # Werkzeug's server (threading mode) decodes the query as Latin-1 and accepts it.
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"GET /api/predictions?search=\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert raw.recv(13) in (b"HTTP/1.1 400 ", b"HTTP/1.1 200 ")


def test_post_is_announced_to_watchers(server: ServerProcess) -> None:
    watcher = Client(server.url)
    watcher.ask("watch_history", {})
    entry = httpx.post(f"{server.url}{API}", content=encode(draw("7"), "JPEG")).json()["entry"]
    assert watcher.wait_for("history_added", 1) == entry
    watcher.close()
