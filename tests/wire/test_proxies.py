"""The server behind the TLS proxies of PROXIES.md, and without a proxy."""

from __future__ import annotations

import json
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import websocket

from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.conftest import Client
from tests.wire.proxies import PROXIES, Site

HTML = {"Accept": "text/html"}
LARGE = png("7") + bytes(9_000_000)
EVIL = "https://evil.example"
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
}


pytestmark = [pytest.mark.usefixtures("example_name"), pytest.mark.every_mode]


@pytest.fixture(scope="module")
def server(async_mode: str, serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    """A server without a proxy; each address may list the history once."""
    started = serve(async_mode=async_mode, queries_per_minute="1")
    yield started
    started.stop()


@pytest.fixture(scope="module", params=PROXIES)
def site(
    request: pytest.FixtureRequest,
    serve: Callable[..., ServerProcess],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """A site with TLS; each address may list the history once."""
    server = serve(trusted_proxies="1", queries_per_minute="1")
    with PROXIES[request.param](server, tmp_path_factory.mktemp("proxy")) as site:
        yield site
    server.stop()


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with site.browse() as browser:
        yield browser


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    """A Socket.IO client over WebSocket and TLS."""
    options = {"sslopt": {"context": site.trust}, "http_no_proxy": ["*"]}
    client = Client(site.url, websocket_options=options)
    yield client
    client.close()


def open_socket(url: str, trust: ssl.SSLContext | None = None, **options: Any) -> Any:
    """Open a WebSocket. Raises WebSocketBadStatusException if the handshake is refused."""
    return websocket.create_connection(
        f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket",
        sslopt={"context": trust}, http_no_proxy=["*"], **options,
    )  # fmt: skip


def shake_hands(url: str, trust: ssl.SSLContext | None = None, **options: Any) -> int:
    """Return the status that answers a WebSocket handshake; 101 accepts it."""
    try:
        open_socket(url, trust, **options).close()
    except websocket.WebSocketBadStatusException as refusal:
        return int(refusal.status_code)
    return 101


def upload(browser: httpx.Client, **headers: str) -> int:
    return browser.post("/api/predictions", content=png("7"), headers=headers).status_code


# Behind a proxy


def test_tls_page_sets_hsts_and_secure_cookie(browser: httpx.Client) -> None:
    page = browser.get("/", headers=HTML | {"X-Forwarded-Proto": "http"})
    assert "Live Digits" in page.text
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "; Secure" in page.headers["Set-Cookie"]


def test_plain_http_redirects_to_tls(site: Site) -> None:
    page = httpx.get(f"{site.plain_url}/history?search=4", trust_env=False)
    assert page.status_code == 301
    assert page.headers["Location"] == f"{site.url}/history?search=4"


def test_websocket_frame_is_read(client: Client) -> None:
    client.tell("frame", {"drawing": str(uuid4()), "seq": 1, "image": png("407")})
    assert client.wait_for("prediction")["reading"]["text"] == "407"
    assert client.socket.transport() == "websocket"


def test_websocket_upload_of_large_picture_is_saved(client: Client) -> None:
    assert client.ask("upload", {"image": LARGE})["entry"]["predicted"] == "7"


def test_polling_upload_of_large_picture_is_saved(browser: httpx.Client) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    path += "&sid=" + json.loads(browser.get(path).text[1:])["sid"]
    upload = '451-1["upload",{"image":{"_placeholder":true,"num":0}}]'  # acknowledged as 431
    for packets in ("40", f"{upload}\x1eb{b64encode(LARGE).decode()}"):
        assert browser.post(path, content=packets).text.lower() == "ok"
    assert '431[{"ok":true' in browser.get(path).text


def test_http_upload_of_large_picture_is_saved(browser: httpx.Client) -> None:
    assert browser.post("/api/predictions", content=LARGE).status_code == 201


def test_sign_up_requires_csrf_token(site: Site, browser: httpx.Client) -> None:
    page = browser.get("/sign-up", headers=HTML).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    fields = {"username": f"ann-{uuid4().hex[:8]}", "password": "a long password"}
    headers = HTML | {"Origin": site.url}
    assert browser.post("/sign-up", data=fields, headers=headers).status_code == 400
    fields["csrf_token"] = token[1]
    signed_up = browser.post("/sign-up", data=fields, headers=headers)
    assert signed_up.status_code == 303
    assert "; Secure" in signed_up.headers["Set-Cookie"]
    assert fields["username"] in browser.get("/account", headers=HTML).text


def test_own_origin_is_accepted(site: Site, browser: httpx.Client) -> None:
    assert upload(browser, origin=site.url) == 201
    assert shake_hands(site.url, site.trust, origin=site.url) == 101


@pytest.mark.parametrize("claims", [{}, FORGED], ids=["plain", "forged headers"])
def test_foreign_origin_is_refused(
    site: Site, browser: httpx.Client, claims: dict[str, str]
) -> None:
    assert upload(browser, origin=EVIL, **claims) == 403
    assert shake_hands(site.url, site.trust, origin=EVIL, header=claims) == 400


def test_foreign_host_is_refused(site: Site, browser: httpx.Client) -> None:
    # Caddy answers an unknown host with an empty page and status 200.
    assert upload(browser, origin=EVIL, host="evil.example") in (200, 403)
    assert shake_hands(site.url, site.trust, origin=EVIL, host="evil.example") in (200, 400)


def test_rate_limit_counts_client_address(site: Site) -> None:
    with site.browse("127.0.0.2") as limited, site.browse("127.0.0.3") as other:
        assert limited.get("/api/predictions").status_code == 200
        assert limited.get("/api/predictions").status_code == 429
        assert limited.get("/api/predictions", headers=FORGED).status_code == 429
        assert other.get("/api/predictions", headers=FORGED).status_code == 200


@pytest.mark.parametrize("site", ["nginx"], indirect=True)
def test_nginx_limits_connections_per_address(site: Site) -> None:
    sockets = [open_socket(site.url, site.trust) for _ in range(200)]
    assert shake_hands(site.url, site.trust) == 503
    sockets.pop().close()
    wait_until(lambda: shake_hands(site.url, site.trust) == 101)
    for opened in sockets:
        opened.close()


def test_query_string_is_not_logged(site: Site, browser: httpx.Client) -> None:
    browser.get("/healthz?sid=secret")
    logs = [log.read_text() for log in site.folder.glob("*.log")]
    assert logs
    assert not any("secret" in log for log in logs)


# Without a proxy


def test_cookie_is_not_secure_without_tls(server: ServerProcess) -> None:
    page = httpx.get(server.url, headers=HTML | FORGED)
    assert page.status_code == 200
    assert "Secure" not in page.headers["Set-Cookie"]


def test_forwarded_host_is_ignored(server: ServerProcess) -> None:
    with httpx.Client(base_url=server.url) as browser:
        assert upload(browser, origin=server.url) == 201
        assert upload(browser, origin=EVIL, **FORGED) == 403
    polling = "/socket.io/?EIO=4&transport=polling"
    foreign = httpx.get(server.url + polling, headers=FORGED | {"Origin": EVIL})
    assert foreign.status_code == 400
    assert shake_hands(server.url, origin=server.url, header=FORGED) == 101
    assert shake_hands(server.url, origin=EVIL, header=FORGED) == 400


def test_foreign_host_name_is_refused_on_loopback(server: ServerProcess) -> None:
    for host in ("evil.example", f"evil.example:{server.port}", "localhost.evil.example", ""):
        assert httpx.get(server.url, headers={"Host": host}).status_code == 403
    assert httpx.get(f"http://localhost:{server.port}/").status_code == 200
    evil = f"http://evil.example:{server.port}"
    assert shake_hands(server.url, host=evil.removeprefix("http://"), origin=evil) == 403


def test_rate_limit_ignores_forwarded_address(server: ServerProcess) -> None:
    url = f"{server.url}/api/predictions"
    assert httpx.get(url).status_code == 200
    assert httpx.get(url, headers=FORGED).status_code == 429
