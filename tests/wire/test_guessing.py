"""Guessed passwords, sent by the real forms from many addresses, on a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from werkzeug.serving import make_server

from server.accounts.known_browsers import COOKIE
from server.app import create_app
from server.settings import load_settings
from tests.databases import connected, database_url
from tests.wire.accounts import PASSWORD, Browser

WRONG = "not this one"
ADDRESSES = 50
STEP_S = 30
HOUR_S = 3600
MAX_GUESSES_PER_HOUR = 100  # OWASP ASVS 4.0.3, 2.2.1

From = Callable[..., Browser]


@dataclass
class World:
    """A server behind a proxy, and its clock."""

    url: str
    data_dir: Path
    now_s: float = 1_000.0

    def clock(self) -> float:
        return self.now_s


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World("", tmp_path)
    settings = {
        "DIGITS_DATA_DIR": str(tmp_path),
        "DIGITS_DATABASE_URL": database_url(tmp_path),
        "DIGITS_ASYNC_MODE": "threading",
        "DIGITS_TRUSTED_PROXIES": "1",
    }
    server = create_app(load_settings(settings), world.clock)
    http = make_server("127.0.0.1", 0, server.app, threaded=True)
    world.url = f"http://127.0.0.1:{http.port}"
    threading.Thread(target=http.serve_forever).start()
    yield world
    http.shutdown()
    http.server_close()
    server.stop()


@pytest.fixture
def at(world: World) -> Iterator[From]:
    """Return a function that opens a browser at an address; close all at the end."""
    opened: list[Browser] = []

    def open_browser(address: str) -> Browser:
        opened.append(Browser(world))
        opened[-1].http.headers["X-Forwarded-For"] = address
        return opened[-1]

    yield open_browser
    for browser in opened:
        browser.http.close()


@pytest.fixture
def attackers(at: From) -> Iterator[Attacker]:
    """As many new browsers as are asked for, each at another address."""
    return (Attacker(at(f"198.51.100.{host}")) for host in range(ADDRESSES))


@pytest.fixture
def ann(at: From) -> Browser:
    """The browser of an account that has signed out."""
    browser = at("192.0.2.1").sign_up("ann")
    browser.sign_out()
    return browser


class Attacker:
    """A browser that sends the sign-in form again and again."""

    def __init__(self, browser: Browser) -> None:
        self._http = browser.http
        self._form = {"csrf_token": browser.csrf_token("/sign-in"), "password": WRONG}

    def guess(self, name: str) -> httpx.Response:
        return self._http.post("/sign-in", data=self._form | {"username": name})


def attack(attackers: Iterable[Attacker], name: str = "ann") -> list[int]:
    """Guess once in each browser; return the statuses."""
    return [attacker.guess(name).status_code for attacker in attackers]


def test_guesses_at_an_account_stay_few_and_its_owner_gets_in(
    world: World, at: From, ann: Browser, attackers: Iterator[Attacker]
) -> None:
    everyone = list(attackers)
    statuses = attack(everyone * 2)
    for step in range(HOUR_S // STEP_S):
        world.now_s += STEP_S
        statuses += attack([everyone[(step + turn) % ADDRESSES] for turn in (0, 7, 23)])
        if step % 30 == 0:
            assert ann.sign_in("ann").status_code == 303
            ann.sign_out()
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= MAX_GUESSES_PER_HOUR
    phone = at("192.0.2.9")
    while (refused := phone.sign_in("ann", WRONG)).status_code == 401:
        pass
    wait_s = int(refused.headers["Retry-After"])
    assert wait_s <= 120
    sentence = f"need not wait. Try again in {wait_s} seconds."
    assert sentence in phone.sign_in("ann").text
    world.now_s += wait_s
    assert phone.sign_in("ann").status_code == 303


def test_few_addresses_cannot_keep_a_new_browser_out(
    world: World, at: From, ann: Browser, attackers: Iterator[Attacker]
) -> None:
    few = [*islice(attackers, 4)]
    for _ in range(10):
        world.now_s += STEP_S
        attack(few, ann.name)
    assert at("192.0.2.9").sign_in(ann.name).status_code == 303


def test_guesses_at_many_names_are_few_from_one_address(
    world: World, attackers: Iterator[Attacker]
) -> None:
    attacker, statuses = next(attackers), []
    for step in range(HOUR_S // STEP_S):
        statuses += [attacker.guess(f"user-{step}-{count}").status_code for count in range(2)]
        world.now_s += STEP_S
    assert statuses.count(401) <= MAX_GUESSES_PER_HOUR


def test_unknown_name_is_refused_as_an_account_is(
    ann: Browser, attackers: Iterator[Attacker]
) -> None:
    for name in (ann.name, "nobody"):
        *before, last = [attacker.guess(name) for attacker in islice(attackers, 6)]
        assert [each.status_code for each in before] == [401] * 5
        assert last.status_code == 429
        assert "Try again in a second." in last.text


@pytest.mark.parametrize("path", ["/account/password", "/account/delete"])
def test_wrong_passwords_on_the_account_page_are_delayed(at: From, ann: Browser, path: str) -> None:
    ann.sign_in(ann.name)
    fields = {"password": WRONG, "new_password": "another sentence"}
    statuses = [ann.submit(path, page="/account", **fields).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert at("192.0.2.1").sign_in(ann.name).status_code == 303


def test_known_browser_has_a_count_of_its_own(world: World, at: From, ann: Browser) -> None:
    thief = Attacker(ann)
    assert attack([thief] * 6) == [401] * 5 + [429]
    assert at("192.0.2.1").sign_in(ann.name).status_code == 303
    world.now_s += 1
    assert ann.sign_in(ann.name).status_code == 303
    ann.sign_out()
    assert attack([Attacker(ann)] * 5) == [401] * 5


def end_sessions(browser: Browser) -> None:
    assert browser.submit("/account/sessions/end", page="/account").status_code == 303


def change_password(browser: Browser) -> None:
    fields = {"password": PASSWORD, "new_password": f"{PASSWORD}s"}
    assert browser.submit("/account/password", page="/account", **fields).status_code == 303


@pytest.mark.parametrize("end", [end_sessions, change_password])
def test_other_browsers_are_known_no_more_after(
    at: From, ann: Browser, attackers: Iterator[Attacker], end: Callable[[Browser], None]
) -> None:
    phone = at("192.0.2.9")
    phone.sign_in(ann.name)
    end(phone)
    phone.sign_out()
    attack(islice(attackers, 6))
    password = f"{PASSWORD}s" if end is change_password else PASSWORD
    assert ann.sign_in(ann.name, password).status_code == 429
    assert phone.sign_in(ann.name, password).status_code == 303


def test_proof_is_of_one_account_and_cannot_be_forged(
    at: From, ann: Browser, attackers: Iterator[Attacker]
) -> None:
    eve = at("198.51.100.99").sign_up("eve")
    eve.sign_out()
    attack(islice(attackers, 6))
    assert eve.sign_in(ann.name).status_code == 429
    eve.http.cookies.clear()
    eve.http.cookies.set(COOKIE, ann.http.cookies[COOKIE] + "x", domain="127.0.0.1")
    assert eve.sign_in(ann.name).status_code == 429


def test_proof_is_kept_from_scripts_and_other_sites(ann: Browser) -> None:
    cookies = ann.sign_in(ann.name).headers.get_list("Set-Cookie")
    [proof] = [each for each in cookies if each.startswith(f"{COOKIE}=")]
    assert proof.endswith("Max-Age=31536000; HttpOnly; Path=/; SameSite=Lax")


def test_browser_knows_several_accounts(ann: Browser, attackers: Iterator[Attacker]) -> None:
    ann.sign_up("ben")
    ann.sign_out()
    for name in ("ann", "ben"):
        attack(islice(attackers, 6), name)
        assert ann.sign_in(name).status_code == 303
        ann.sign_out()


def test_browser_signed_in_before_there_were_proofs_gets_one(
    ann: Browser, attackers: Iterator[Attacker]
) -> None:
    ann.sign_in(ann.name)
    ann.http.cookies.delete(COOKIE)
    ann.http.get("/")
    ann.sign_out()
    attack(islice(attackers, 6))
    assert ann.sign_in(ann.name).status_code == 303


def test_wrong_password_is_noted_for_an_unknown_name_too(
    world: World, ann: Browser, attackers: Iterator[Attacker]
) -> None:
    """So that both take as long."""
    for name in (ann.name, "nobody"):
        next(attackers).guess(name)
    query = "SELECT user_name, times FROM account_log WHERE event = 'wrong_password' ORDER BY id"
    with connected(database_url(world.data_dir)) as database:
        assert database.execute(text(query)).all() == [("ann", 1), (None, 1)]
