"""The pages as HTTP sees them."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.conftest import ServerProcess

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/history"])
def test_page_when_opened_then_html_with_policy_and_cookie(
    server: ServerProcess, path: str
) -> None:
    page = httpx.get(server.url + path, headers=HTML)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in page.text
    assert "unsafe" not in policy
    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert "SameSite=Lax" in page.headers["Set-Cookie"]


def test_page_when_unknown_then_kind_page_for_people_and_json_for_programs(
    server: ServerProcess,
) -> None:
    page = httpx.get(f"{server.url}/nothing", headers=HTML)
    assert page.status_code == 404
    assert "There is nothing at this address." in page.text
    assert httpx.get(f"{server.url}/nothing").json()["error"]["code"] == "not_found"


def test_pages_when_guests_are_off_then_people_are_led_to_sign_in(
    serve: Callable[..., ServerProcess],
) -> None:
    closed = serve(guests="off")
    page = httpx.get(f"{closed.url}/history", headers=HTML)
    assert page.status_code == 303
    assert page.headers["Location"] == "/sign-in?next=%2Fhistory"
    assert httpx.get(f"{closed.url}/sign-in", headers=HTML).status_code == 200
    assert httpx.get(f"{closed.url}/sign-up", headers=HTML).status_code == 403
    answer = httpx.get(f"{closed.url}/api/predictions")
    assert answer.json()["error"]["code"] == "sign_in_required"
    assert httpx.get(f"{closed.url}/healthz").status_code == 200
    closed.stop()


def test_health_when_asked_then_ok(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{server.url}/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize("path", ["/", "/static/scripts/draw-page.js", "/static/styles/draw.css"])
@pytest.mark.parametrize("accepted", ["gzip, deflate", "gzip, deflate, br, zstd"])
def test_text_when_asked_for_as_browsers_do_then_compressed(
    server: ServerProcess, path: str, accepted: str
) -> None:
    plain = httpx.get(server.url + path, headers={"Accept-Encoding": "identity"})
    page = httpx.get(server.url + path, headers={"Accept-Encoding": accepted})
    assert page.headers["Content-Encoding"] in accepted
    assert page.num_bytes_downloaded < len(plain.content) / 1.5
    assert "Accept-Encoding" in page.headers["Vary"]
