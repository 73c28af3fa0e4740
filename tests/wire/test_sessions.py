"""Sessions and tokens, and their end, which closes their sockets at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import text, update

from server.database.schema import keys
from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.accounts import PASSWORD, Browser, Open, bearer
from tests.wire.conftest import AT_ONCE_S, Client

DAY_S = 24 * 3600


@pytest.mark.parametrize("remember", [True, False])
def test_remembered_session_outlasts_the_browser(
    ann: Browser, guest: Browser, remember: bool
) -> None:
    answer = guest.sign_in(ann.name, **({"remember": "y"} if remember else {}))
    cookies = answer.headers.get_list("Set-Cookie")
    [session] = [cookie for cookie in cookies if cookie.startswith("digits=")]
    assert ("Expires=" in session) == remember


def test_sign_out_ends_the_cookie_and_the_sockets(
    ann: Browser, connect: Callable[..., Client]
) -> None:
    socket, cookie = connect(headers=ann.cookie), ann.cookie
    assert ann.sign_out().status_code == 303
    wait_until(lambda: not socket.connected, AT_ONCE_S)
    again = httpx.get(f"{ann.url}/api/predictions", headers=cookie)
    assert again.status_code == 401
    assert again.json()["error"]["code"] == "sign_in_required"
    late = connect(headers=cookie)
    assert late.ask("list_history", {})["error"]["code"] == "sign_in_required"


def test_page_saves_into_the_history_it_was_made_for(
    ann: Browser, guest: Browser, connect: Callable[..., Client]
) -> None:
    save = {"drawing": str(uuid4()), "image": png("7")}
    for cookie, owner in ((ann.cookie, None), (guest.cookie, ann.name), (ann.cookie, "bob")):
        page = connect(headers=cookie, auth={"owner": owner})
        assert page.ask("save", save)["error"]["code"] == "sign_in_required"
        sent = {"Live-Digits-Owner": quote(owner or "")}
        answer = httpx.post(f"{ann.url}/api/predictions", content=png("7"), headers=cookie | sent)
        assert answer.json()["error"]["code"] == "sign_in_required"
    page = connect(headers=ann.cookie, auth={"owner": ann.name})
    assert page.ask("save", save)["entry"]["owner"] == ann.name


def test_end_of_another_session_closes_its_sockets_only(
    ann: Browser, open_browser: Open, connect: Callable[..., Client]
) -> None:
    phone = open_browser()
    phone.sign_in(ann.name)
    lost, kept = connect(headers=phone.cookie), connect(headers=ann.cookie)
    [id] = ann.key_ids()
    assert ann.end_key(id).status_code == 303
    wait_until(lambda: not lost.connected, AT_ONCE_S)
    assert phone.http.get("/api/predictions").status_code == 401
    assert phone.http.get("/").status_code == 200
    assert kept.ask("list_history", {})["ok"]


def test_password_change_ends_other_sessions_and_tokens(
    ann: Browser, open_browser: Open, connect: Callable[..., Client]
) -> None:
    phone, token = open_browser(), ann.make_token()
    phone.sign_in(ann.name)
    socket, program = connect(headers=phone.cookie), connect(auth={"token": token})
    fields = {"password": PASSWORD, "new_password": "another sentence"}
    assert ann.submit("/account/password", page="/account", **fields).status_code == 303
    wait_until(lambda: not socket.connected and not program.connected, AT_ONCE_S)
    assert ann.http.get("/account").status_code == 200
    assert ann.http.get("/api/predictions", headers=bearer(token)).status_code == 401
    assert phone.sign_in(ann.name).status_code == 401
    assert phone.sign_in(ann.name, "another sentence").status_code == 303


def test_password_change_keeps_tokens_on_purpose(ann: Browser) -> None:
    token = ann.make_token()
    fields = {"password": PASSWORD, "new_password": "another sentence", "keep_tokens": "y"}
    page = ann.submit("/account/password", page="/account", **fields)
    assert page.headers["Location"].endswith("done=password-alone")
    assert ann.http.get("/api/predictions", headers=bearer(token)).status_code == 200


def test_password_change_refuses_a_wrong_password(ann: Browser, guest: Browser) -> None:
    fields = {"password": "not this one", "new_password": "another sentence"}
    assert ann.submit("/account/password", page="/account", **fields).status_code == 401
    assert guest.sign_in(ann.name).status_code == 303


def test_token_acts_as_the_account_until_revoked(
    ann: Browser, connect: Callable[..., Client]
) -> None:
    token = ann.make_token()
    made = httpx.post(f"{ann.url}/api/predictions", content=png("7"), headers=bearer(token))
    assert made.json()["entry"]["owner"] == ann.name
    socket = connect(auth={"token": token})
    assert socket.ask("list_history", {})["entries"] == [made.json()["entry"]]
    [id] = ann.key_ids()
    ann.end_key(id)
    wait_until(lambda: not socket.connected, AT_ONCE_S)
    again = httpx.get(f"{ann.url}/api/predictions", headers=bearer(token))
    assert again.json()["error"]["code"] == "sign_in_required"


def test_new_token_is_shown_once_and_reload_creates_none(ann: Browser, guest: Browser) -> None:
    page = ann.submit("/account/tokens", page="/account", label="script")
    assert (page.status_code, page.headers["Location"]) == (303, "/account")
    [token] = ann.new_tokens()
    assert ann.new_tokens() == []
    assert len(ann.key_ids()) == 1
    assert token not in ann.http.cookies["digits"]
    guest.sign_in(ann.name)
    ann.submit("/account/tokens", page="/account", label="another")
    assert guest.new_tokens() == []  # of another session of the same account
    assert len(ann.new_tokens()) == 1


def test_end_of_a_key_is_named_on_the_account_page(ann: Browser, guest: Browser) -> None:
    ann.make_token()
    [token_id] = ann.key_ids()
    assert ann.end_key(token_id).headers["Location"] == "/account?done=token"
    guest.sign_in(ann.name)
    [session_id] = ann.key_ids()
    assert ann.end_key(session_id).headers["Location"] == "/account?done=session"
    assert ann.end_key(session_id).headers["Location"] == "/account"


@pytest.mark.parametrize("auth", [{"token": "no such token"}, {"token": ""}, {"token": 7}])
def test_socket_with_a_bad_token_is_refused_at_every_event(
    connect: Callable[..., Client], auth: dict[str, object]
) -> None:
    socket = connect(auth=auth)
    assert socket.ask("list_history", {})["error"]["code"] == "sign_in_required"
    socket.tell("frame", {"drawing": "x", "seq": 1, "image": png("7")})
    assert socket.wait_for("prediction")["error"]["code"] == "sign_in_required"


def test_session_outlasts_a_clock_that_is_set_back(
    ann: Browser, server: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = Flask("signer", root_path=str(server.data_dir))
    app.secret_key = (server.data_dir / "secret_key").read_text()
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer
    content, now_s = serializer.loads(ann.http.cookies["digits"]), time.time()
    signed = {}
    for name, days in (("future", 900), ("old", -900)):
        monkeypatch.setattr(time, "time", lambda days=days: now_s + days * DAY_S)
        signed[name] = serializer.dumps(content)
    for name, owner in (("future", ann.name), ("old", None)):
        cookie = {"Cookie": f"digits={signed[name]}"}
        answer = httpx.post(f"{ann.url}/api/predictions", content=png("7"), headers=cookie)
        assert answer.json()["entry"]["owner"] == owner, name


def test_expired_session_is_refused(ann: Browser, server: ServerProcess) -> None:
    own = update(keys).where(keys.c.user_name == ann.name)
    with server.connected() as database:
        database.execute(own.values(expires="2026-01-01T00:00:00.000Z"))
    assert ann.http.get("/api/predictions").status_code == 401


@pytest.fixture
def lost_keys(server: ServerProcess) -> Iterator[Callable[[], None]]:
    """Return a function that takes the table of keys away until the end of the test."""

    def rename(old: str, new: str) -> None:
        with server.connected() as database:
            database.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    yield lambda: rename("keys", "lost")
    rename("lost", "keys")


def test_page_of_a_user_answers_503_without_the_database(
    ann: Browser, lost_keys: Callable[[], None]
) -> None:
    lost_keys()
    html = {"Accept": "text/html"}
    assert ann.http.get("/", headers=html).status_code == 503
    assert ann.http.get("/nothing", headers=html).status_code == 404


def test_account_page_describes_the_device_of_a_session(ann: Browser) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    ann.http.headers["User-Agent"] = agent
    ann.sign_out()
    ann.sign_in(ann.name)
    page = re.sub(r"\s+", " ", ann.http.get("/account").text)
    assert '<strong>Firefox on Linux</strong> <span class="here">this device</span>' in page
