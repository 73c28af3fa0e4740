"""Every route and every event × everybody: what each may do and see.

The tables below hold a row for each of the server's own; one without a row fails the last tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from socketio.exceptions import ConnectionError as Refused

from server.app import Server, create_app
from server.settings import load_settings
from server.sockets.strict_packets import TOO_LONG, UNREADABLE
from tests.conftest import ServerProcess
from tests.pictures import png
from tests.wire.accounts import PASSWORD, Browser
from tests.wire.cast import ANY, FOREIGN, INSIDERS, PRIVATE, PUBLIC, ROLES, Cast, assemble
from tests.wire.conftest import Client

# The status for each role, in their order, where the entry is the public or the private one,
# or where there is none. Forms are sent with what the role has of a CSRF token.
ROUTES: dict[str, dict[str, str]] = {
    "GET /": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /history": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /static/<path:filename>": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /api/openapi.json": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /healthz": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /readyz": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /images/<id>": {
        PUBLIC: "200 200 404 404 401 404 401 404",
        PRIVATE: "404 404 200 404 401 200 401 200",
    },
    "GET /sign-in": {ANY: "200 200 303 303 200 200 200 303"},
    "POST /sign-in": {ANY: "401 401 303 303 401 400 400 403"},
    "GET /sign-up": {ANY: "200 200 303 303 200 200 401 303"},
    "POST /sign-up": {ANY: "400 400 303 303 400 400 401 403"},
    "POST /sign-out": {ANY: "303 303 303 303 303 400 400 403"},
    "GET /account": {ANY: "401 401 200 200 401 401 401 200"},
    "POST /account/password": {ANY: "401 401 401 401 401 401 401 403"},
    "POST /account/tokens": {ANY: "401 401 200 200 401 401 401 403"},
    "POST /account/keys/<id>/end": {ANY: "401 401 303 303 401 401 401 403"},
    "POST /account/delete": {ANY: "401 401 401 401 401 401 401 403"},
    "GET /api/predictions": {ANY: "200 200 200 200 401 200 401 200"},
    "POST /api/predictions": {ANY: "201 201 201 201 401 201 401 403"},
    "GET /api/predictions/<id>": {
        PUBLIC: "200 200 404 404 401 404 401 404",
        PRIVATE: "404 404 200 404 401 200 401 200",
    },
    "PATCH /api/predictions/<id>": {
        PUBLIC: "200 403 404 404 401 404 401 403",
        PRIVATE: "404 404 200 404 401 200 401 403",
    },
    "DELETE /api/predictions/<id>": {
        PUBLIC: "200 403 404 404 401 404 401 403",
        PRIVATE: "404 404 200 404 401 200 401 403",
    },
    "GET /api/export.csv": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/export.zip": {ANY: "200 200 200 200 401 200 401 200"},
}
# Those whose answers hold the entries that the role sees.
LISTS = ("GET /api/predictions", "GET /api/export.csv", "GET /api/export.zip")

# "ok", or the code of the refusal, for each role but the last: a foreign page cannot connect.
NO, GONE, IN = "forbidden", "not_found", "sign_in_required"
EVENTS: dict[str, dict[str, str]] = {
    "frame": {ANY: f"ok ok ok ok {IN} ok {IN}"},
    "save": {
        ANY: f"ok ok ok ok {IN} ok {IN}",
        PUBLIC: f"ok {NO} {NO} {NO} {IN} {NO} {IN}",
        PRIVATE: f"{NO} {NO} ok {NO} {IN} ok {IN}",
    },
    "upload": {
        ANY: f"ok ok ok ok {IN} ok {IN}",
        PUBLIC: f"ok {NO} {NO} {NO} {IN} {NO} {IN}",
        PRIVATE: f"{NO} {NO} ok {NO} {IN} ok {IN}",
    },
    "explain": {ANY: f"ok ok ok ok {IN} ok {IN}"},
    "watch_history": {ANY: f"ok ok ok ok {IN} ok {IN}"},
    "list_history": {ANY: f"ok ok ok ok {IN} ok {IN}"},
    "correct_entry": {
        PUBLIC: f"ok {NO} {GONE} {GONE} {IN} {GONE} {IN}",
        PRIVATE: f"{GONE} {GONE} ok {GONE} {IN} ok {IN}",
    },
    "delete_entry": {
        PUBLIC: f"ok {NO} {GONE} {GONE} {IN} {GONE} {IN}",
        PRIVATE: f"{GONE} {GONE} ok {GONE} {IN} ok {IN}",
    },
}
CONNECTING = ROLES[:-1]


def cases(rows: dict[str, dict[str, str]], roles: tuple[str, ...]) -> list[tuple[str, ...]]:
    """(what, whose entry, role, what is expected) for every cell."""
    return [
        (what, whose, role, expected)
        for what, row in rows.items()
        for whose, cells in row.items()
        for role, expected in zip(roles, cells.split(), strict=True)
    ]


@pytest.fixture(scope="module")
def lasting_cast(server: ServerProcess) -> Iterator[Cast]:
    cast = assemble(server)
    yield cast
    cast.close()


@pytest.fixture
def cast(
    request: pytest.FixtureRequest, server: ServerProcess, lasting_cast: Cast
) -> Iterator[Cast]:
    """Everybody; new ones where the case may change who they are, and new entries."""
    what, _, role, _ = request.getfixturevalue("case")
    if role in ("owner", "other user") and what.startswith("POST /"):
        fresh = assemble(server)
        yield fresh
        fresh.close()
    else:
        lasting_cast.come_again()
        yield lasting_cast


def request_route(cast: Cast, route: str, whose: str, role: str) -> httpx.Response:
    """Do what a route is there for, as somebody."""
    method, path = route.split()
    browser = cast.browser(role)
    id = cast.entry(whose)["id"]
    if "keys" in path:
        id = cast.owner.key_ids()[0]
    path = path.replace("<id>", id).replace("<path:filename>", "styles/base.css")
    options: dict[str, Any] = {"headers": cast.headers(role)}
    if route == "POST /api/predictions":
        options["content"] = png("7")
    elif method == "PATCH":
        options["json"] = {"text": "999"}
    elif method == "POST":
        options["data"] = form_of(browser, role)
    return browser.http.request(method, path, **options)


def form_of(browser: Browser, role: str) -> dict[str, str]:
    """Any form, filled in with a password that is nobody's; programs have no CSRF token."""
    fields = {"username": "nobody here", "password": "nobody's password", "label": "a label"}
    if role in ("token", "revoked token"):
        return fields
    token = browser.csrf_token("/account" if browser.name else "/sign-in")
    return fields | {"new_password": PASSWORD, "csrf_token": token}


@pytest.mark.parametrize("case", cases(ROUTES, ROLES), ids=" ".join)
def test_route_when_asked_by_anybody_then_only_what_they_may(
    cast: Cast, case: tuple[str, ...]
) -> None:
    route, whose, role, status = case
    answer = request_route(cast, route, whose, role)
    assert answer.status_code == int(status), answer.text
    body, private = answer.content, cast.private["id"].encode()
    if role not in (*INSIDERS, "foreign origin"):
        assert private not in body
    elif route in LISTS:
        assert private in body
    assert "Access-Control-Allow-Origin" not in answer.headers
    if role not in INSIDERS and "delete" not in route:
        assert cast.private in cast.owner.entries()


def connect_as(cast: Cast, role: str) -> Client:
    tokens = {"token": cast.token, "revoked token": cast.revoked}
    auth = {"token": tokens[role]} if role in tokens else None
    return Client(cast.owner.url, headers=cast.browser(role).cookie, auth=auth)


def send(client: Client, event: str, cast: Cast, whose: str) -> dict[str, Any]:
    """Do what an event is there for; returns its answer."""
    id = str(uuid4()) if whose == ANY else cast.entry(whose)["id"]
    if event == "frame":
        client.tell("frame", {"drawing": id, "seq": 1, "image": png("7")})
        answer: dict[str, Any] = client.wait_for("prediction")
        return answer | {"ok": "error" not in answer}
    payloads: dict[str, dict[str, Any]] = {
        "save": {"drawing": id, "image": png("70")},
        "upload": {"id": id, "image": png("70")},
        "explain": {"image": png("7")},
        "correct_entry": {"id": id, "text": "999"},
        "delete_entry": {"id": id},
    }
    answer = client.ask(event, payloads.get(event, {"limit": 100}))
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("case", cases(EVENTS, CONNECTING), ids=" ".join)
def test_event_when_sent_by_anybody_then_only_what_they_may(
    cast: Cast, case: tuple[str, ...]
) -> None:
    event, whose, role, expected = case
    client = connect_as(cast, role)
    answer = send(client, event, cast, whose)
    client.close()
    assert ("ok" if answer["ok"] else answer["error"]["code"]) == expected
    if event in ("watch_history", "list_history") and answer["ok"]:
        ids = [entry["id"] for entry in answer["entries"]]
        assert (cast.private["id"] in ids) == (role in INSIDERS)
        assert (cast.public["id"] in ids) == ("guest" in role)
    if role not in INSIDERS:
        assert cast.private in cast.owner.entries()


def test_socket_when_opened_by_a_foreign_page_then_refused(server: ServerProcess) -> None:
    owner = Browser(server).sign_up()
    with pytest.raises(Refused):
        Client(server.url, headers=owner.cookie | FOREIGN)
    owner.http.close()


def test_changes_of_an_account_when_made_then_nobody_else_is_told(server: ServerProcess) -> None:
    cast = assemble(server)
    watchers = {role: connect_as(cast, role) for role in CONNECTING}
    for watcher in watchers.values():
        watcher.ask("watch_history", {})
    entry = cast.owner.upload()
    cast.owner.http.patch(f"/api/predictions/{entry['id']}", json={"text": "1"})
    cast.owner.http.delete(f"/api/predictions/{entry['id']}")
    cast.guest.upload()
    cast.close()
    for role, watcher in watchers.items():
        if role in INSIDERS:
            for event in ("history_added", "history_changed", "history_removed"):
                watcher.wait_for(event, 1)
        elif "guest" in role:
            assert watcher.wait_for("history_added", 1)["owner"] is None
    for watcher in watchers.values():
        assert watcher.events == []
        watcher.close()


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Server:
    folder = tmp_path_factory.mktemp("application")
    settings = {"DIGITS_DATA_DIR": str(folder), "DIGITS_ASYNC_MODE": "threading"}
    return create_app(load_settings(settings))


def test_table_when_compared_with_the_server_then_it_has_every_route(application: Server) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in application.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert set(ROUTES) == routes


def test_table_when_compared_with_the_server_then_it_has_every_event(application: Server) -> None:
    handled = set(application.socketio.server.handlers["/"])
    assert set(EVENTS) == handled - {"connect", "disconnect", "*", UNREADABLE, TOO_LONG}
