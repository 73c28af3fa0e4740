"""The log of an account, as its owner sees it on the page and in the download."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import select

from server.database.schema import account_log
from tests.conftest import ServerProcess
from tests.wire.accounts import PASSWORD, Browser, Open, bearer

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.fixture
def ann(open_browser: Open) -> Browser:
    browser = open_browser()
    browser.http.headers["User-Agent"] = FIREFOX
    return browser.sign_up()


def lines(browser: Browser) -> list[str]:
    """Return what the account page says has happened, the newest first."""
    page = browser.http.get("/account").text
    return re.findall(r'<li(?: class="alarming")?>\s*<p class="event">(.*?)</p>', page)


def download(browser: Browser, **options: Any) -> list[dict[str, Any]]:
    archive = ZipFile(BytesIO(browser.http.get("/api/export.zip", **options).content))
    log: list[dict[str, Any]] = json.loads(archive.read("account.json"))["log"]
    return log


def test_log_tells_what_happened_newest_first(ann: Browser, guest: Browser) -> None:
    guest.sign_in(ann.name)
    ann.make_token("Till")
    for id in ann.key_ids():
        ann.end_key(id)
    fields = {"password": PASSWORD, "new_password": "another sentence"}
    ann.submit("/account/password", page="/account", **fields)
    ann.sign_out()
    ann.sign_in(ann.name, "another sentence")
    ended = ["Token Till revoked", f"Session ended: {guest.http.headers['User-Agent']}"]
    *newest, second, first, token, signed_in, own, created = lines(ann)
    assert newest == ["Signed in", "Signed out", "Password changed"]
    assert sorted([first, second]) == sorted(ended)
    assert [token, signed_in, own, created] == [
        "Token Till created", "Signed in", "Signed in", "Account created",
    ]  # fmt: skip


def test_line_has_the_time_the_address_and_the_browser(ann: Browser, guest: Browser) -> None:
    guest.http.headers["User-Agent"] = EDGE
    guest.sign_in(ann.name)
    newest = download(ann)[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", newest.pop("time"))
    assert newest == {
        "event": "signed_in", "detail": "", "times": 1,
        "address": "127.0.0.1", "agent": "Edge on Windows",
    }  # fmt: skip
    assert "Edge on Windows, 127.0.0.1" in ann.http.get("/account").text


def test_wrong_passwords_are_counted_in_one_line(ann: Browser, guest: Browser) -> None:
    for _ in range(3):
        guest.sign_in(ann.name, "not this one")
    assert lines(ann)[0] == "3 wrong passwords"
    ann.submit("/account/delete", page="/account", password="not this one")
    assert lines(ann)[0] == "4 wrong passwords"


def test_end_of_all_other_sessions_is_noted(ann: Browser, open_browser: Open) -> None:
    for _ in range(2):
        open_browser().sign_in(ann.name)
    done = ann.submit("/account/sessions/end", page="/account")
    assert done.headers["Location"] == "/account?done=sessions"
    assert ann.key_ids() == []
    assert lines(ann)[0] == "2 other sessions ended"


def test_readings_taken_along_are_noted(guest: Browser) -> None:
    for text in ("7", "70"):
        guest.upload(text)
    guest.sign_up(take_along="y")
    assert lines(guest)[0] == "2 readings of this browser taken along"


def test_download_is_noted_and_holds_the_log(ann: Browser) -> None:
    token = ann.make_token("Till")
    for times in (1, 2):
        newest = download(ann)[0]
        assert (newest["event"], newest["times"]) == ("downloaded", times)
    httpx.get(f"{ann.url}/api/export.zip", headers=bearer(token))
    assert lines(ann)[:2] == ["Everything downloaded", "Everything downloaded 2 times"]
    assert "with the token Till, 127.0.0.1" in ann.http.get("/account").text


def test_changes_by_the_operator_are_noted(server: ServerProcess, guest: Browser) -> None:
    made = server.run("users", "create", "olga")
    server.run("users", "disable", "olga")
    server.run("users", "enable", "olga")
    assert guest.sign_in("olga", made.split()[-1]).status_code == 303
    assert lines(guest) == ["Signed in", "Account enabled", "Account disabled", "Account created"]
    password = server.run("users", "reset", "olga").split()[-1]
    assert guest.sign_in("olga", password).status_code == 303
    assert lines(guest)[:2] == ["Signed in", "Password reset"]
    assert guest.http.get("/account").text.count("The operator") == 4
    assert server.run("users", "disable", "olga")


def test_log_is_deleted_with_the_account(ann: Browser, server: ServerProcess) -> None:
    ann.submit("/account/delete", page="/account", password=PASSWORD)
    query = select(account_log).where(account_log.c.user_name == ann.name)
    with server.connected() as database:
        assert database.execute(query).all() == []


def test_log_shows_a_token_name_as_text(ann: Browser) -> None:
    ann.make_token("<b>bold</b>")
    assert lines(ann)[0] == "Token &lt;b&gt;bold&lt;/b&gt; created"
