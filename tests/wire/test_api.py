"""The HTTP API, with the sockets' answers and a fitting status."""

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


@pytest.fixture
def browser(server: ServerProcess) -> Iterator[httpx.Client]:
    """A client that keeps its cookie, as a browser does."""
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture
def stranger(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


def test_picture_when_posted_in_any_way_then_created(browser: httpx.Client) -> None:
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


def test_picture_when_posted_twice_with_one_id_then_one_entry(browser: httpx.Client) -> None:
    params = {"id": str(uuid4())}
    first = browser.post(API, content=png("7"), params=params).json()
    assert browser.post(API, content=png("7"), params=params).json() == first
    form = {"files": {"picture": png("7")}, "data": params}
    assert browser.post(API, **form).json() == first
    assert browser.get(f"{API}/{params['id']}").json() == first


def test_entries_when_listed_then_paged(browser: httpx.Client) -> None:
    made = [browser.post(API, content=png("7")).json()["entry"] for _ in range(3)]
    page = browser.get(API, params={"limit": 2}).json()
    assert page["entries"] == made[:0:-1]
    older = browser.get(API, params={"limit": 1, "before": page["next"]}).json()
    assert older["entries"] == made[:1]


def test_entry_when_patched_then_corrected_and_when_deleted_then_gone(
    browser: httpx.Client, stranger: httpx.Client
) -> None:
    path = f"{API}/{browser.post(API, content=png('7')).json()['entry']['id']}"
    assert stranger.patch(path, json={"text": "1"}).status_code == 403
    assert stranger.delete(path).status_code == 403
    assert browser.patch(path, json={"text": "1"}).json()["entry"]["corrected"] == "1"
    assert browser.delete(path).json() == {"ok": True}
    assert browser.get(path).status_code == 404
    assert browser.delete(path).status_code == 404


def test_image_when_asked_for_then_webp_and_unchanged_by_etag(browser: httpx.Client) -> None:
    entry = browser.post(API, content=png("7")).json()["entry"]
    image = browser.get(entry["image_path"])
    assert image.headers["content-type"] == "image/webp"
    assert image.headers["cache-control"] == "no-cache"
    tag = {"If-None-Match": image.headers["etag"]}
    assert browser.get(entry["image_path"], headers=tag).status_code == 304


def test_image_when_asked_for_in_its_version_then_cached_for_ever(browser: httpx.Client) -> None:
    entry = browser.post(API, content=png("7")).json()["entry"]
    image = browser.get(entry["image_path"], params={"v": entry["image_version"]})
    assert {"immutable", "private", "max-age=31536000"} == set(
        image.headers["cache-control"].split(", ")
    )
    outdated = browser.get(entry["image_path"], params={"v": "0" * 16})
    assert outdated.headers["cache-control"] == "no-cache"


FOREIGN = {"Origin": "https://evil.example"}
TWO = [("picture", ("7.png", png("7"))), ("picture", ("1.png", png("1")))]
BAD_REQUESTS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("POST", API, {}, 400, "invalid_payload"),
    ("POST", API, {"content": b"no picture"}, 415, "unreadable_image"),
    ("POST", API, {"content": BLANK}, 422, "no_ink"),
    ("POST", API, {"content": png("7"), "params": {"id": "5"}}, 400, "invalid_payload"),
    ("POST", API, {"content": png("7") + bytes(10_000_000)}, 413, "image_too_large"),
    ("POST", API, {"content": bytes(15_000_000)}, 413, "image_too_large"),
    ("POST", API, {"content": png("7"), "headers": FOREIGN}, 403, "forbidden"),
    ("POST", API, {"files": TWO}, 400, "invalid_payload"),
    ("POST", f"{API}?id=", {"content": png("7")}, 400, "invalid_payload"),
    ("GET", f"{API}?limit=many", {}, 400, "invalid_payload"),
    ("GET", f"{API}?before=yesterday", {}, 400, "invalid_payload"),
    ("GET", f"{API}?input_type=null", {}, 400, "invalid_payload"),
    ("GET", f"{API}?search=%00", {}, 400, "invalid_payload"),
    ("GET", API, {"headers": {"Host": "[::1"}}, 403, "forbidden"),
    ("GET", f"{API}/5", {}, 404, "not_found"),
    ("GET", f"{API}/{uuid4()}", {}, 404, "not_found"),
    ("GET", f"/images/{uuid4()}", {}, 404, "not_found"),
    ("PATCH", f"{API}/{uuid4()}", {"content": b"{"}, 400, "invalid_payload"),
    ("PATCH", f"{API}/{uuid4()}", {"json": {"text": 7}}, 400, "invalid_payload"),
    ("PUT", API, {}, 405, "invalid_payload"),
    ("GET", "/api/nothing", {}, 404, "not_found"),
]


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=lambda bad: f"{bad[0]} {bad[1]} {bad[4]}")
def test_bad_request_when_made_then_status_and_code_fit(
    browser: httpx.Client, bad: tuple[str, str, dict[str, Any], int, str]
) -> None:
    method, path, options, status, code = bad
    answer = browser.request(method, path, **options)
    assert answer.status_code == status
    assert answer.json()["ok"] is False
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["message"]


def test_method_when_not_allowed_then_told_which_are(browser: httpx.Client) -> None:
    allowed = browser.put(API).headers["allow"].split(", ")
    assert {"GET", "POST"} <= set(allowed)


def test_query_when_no_utf8_then_not_our_fault(server: ServerProcess) -> None:
    """Werkzeug's own server (threading) takes each byte for a character."""
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"GET /api/predictions?search=\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert raw.recv(13) in (b"HTTP/1.1 400 ", b"HTTP/1.1 200 ")


def test_upload_over_http_when_history_is_watched_then_announced(server: ServerProcess) -> None:
    watcher = Client(server.url)
    watcher.ask("watch_history", {})
    entry = httpx.post(f"{server.url}{API}", content=encode(draw("7"), "JPEG")).json()["entry"]
    assert watcher.wait_for("history_added", 1) == entry
    watcher.close()
