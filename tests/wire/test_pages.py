"""The web pages: headers, errors, redirects and compression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.conftest import ServerProcess
from tests.wire.accounts import Browser

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/history", "/statistics"])
def test_page_policy_allows_only_its_own_nonce(server: ServerProcess, path: str) -> None:
    page = httpx.get(server.url + path, headers=HTML)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in page.text
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/history", "/statistics"])
def test_page_cookie_is_http_only_and_same_site(server: ServerProcess, path: str) -> None:
    cookie = httpx.get(server.url + path, headers=HTML).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_unknown_page_is_html_for_browsers(server: ServerProcess) -> None:
    page = httpx.get(f"{server.url}/nothing", headers=HTML)
    assert page.status_code == 404
    assert "There is nothing at this address." in page.text


def test_unknown_page_is_json_for_programs(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/nothing").json()["error"]["code"] == "not_found"


@pytest.fixture(scope="module")
def closed_server(serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """Start a server without guest access."""
    started = serve(guests="off")
    yield started
    started.stop()


def test_guests_off_redirects_pages_to_sign_in(closed_server: ServerProcess) -> None:
    page = httpx.get(f"{closed_server.url}/history", headers=HTML)
    assert page.status_code == 303
    assert page.headers["Location"] == "/sign-in?next=%2Fhistory"
    assert httpx.get(f"{closed_server.url}/sign-in", headers=HTML).status_code == 200


def test_guests_off_disables_sign_up(closed_server: ServerProcess) -> None:
    assert httpx.get(f"{closed_server.url}/sign-up", headers=HTML).status_code == 403


def test_guests_off_closes_the_api_but_not_healthz(closed_server: ServerProcess) -> None:
    answer = httpx.get(f"{closed_server.url}/api/predictions")
    assert answer.json()["error"]["code"] == "sign_in_required"
    assert httpx.get(f"{closed_server.url}/healthz").status_code == 200


def test_healthz_and_readyz_report_their_status(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{server.url}/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/", "/history", "/statistics"])
def test_page_may_come_back_but_a_visit_asks_anew(server: ServerProcess, path: str) -> None:
    page = httpx.get(server.url + path, headers=HTML)
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in page.headers["Vary"]


def test_answer_or_page_with_a_secret_is_not_kept(ann: Browser) -> None:
    assert ann.http.get("/account").headers["Cache-Control"] == "private, no-cache"
    ann.submit("/account/tokens", page="/account", label="script")
    for path in ("/account", "/sign-up", "/api/predictions"):
        assert ann.http.get(path).headers["Cache-Control"] == "no-store"


def test_scripts_of_the_bundle_are_kept_for_ever(server: ServerProcess) -> None:
    page = httpx.get(server.url, headers=HTML)
    for path in re.findall(r'(?:href|src)="(/static/built/[^"]+)"', page.text):
        file = httpx.get(server.url + path, headers={"Cookie": page.headers["Set-Cookie"]})
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["Vary"] == "Accept-Encoding"
    assert "no-cache" in httpx.get(f"{server.url}/static/icons/icons.svg").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/static/scripts/draw-page.js", "/static/styles/draw.css"])
@pytest.mark.parametrize("accepted", ["gzip, deflate", "gzip, deflate, br, zstd"])
def test_text_is_compressed_for_browsers(server: ServerProcess, path: str, accepted: str) -> None:
    uncompressed = httpx.get(server.url + path, headers={"Accept-Encoding": "identity"})
    page = httpx.get(server.url + path, headers={"Accept-Encoding": accepted})
    assert page.headers["Content-Encoding"] in accepted
    assert page.num_bytes_downloaded < len(uncompressed.content) / 1.5
    assert "Accept-Encoding" in page.headers["Vary"]
