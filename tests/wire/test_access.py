"""Access rights: every route and every event, for every role.

The tables below have a row for each route and event; the last tests fail when one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from socketio.exceptions import ConnectionError as Refused

from server.app import Server, create_app
from server.settings import load_settings
from server.sockets.strict_packets import TOO_LONG, UNREADABLE
from tests.archives import make_zip
from tests.conftest import ServerProcess
from tests.pictures import png
from tests.wire.accounts import PASSWORD, Browser
from tests.wire.conftest import Client
from tests.wire.roles import (
    ANY,
    FOREIGN_ORIGIN,
    OWNER_ROLES,
    PRIVATE,
    PUBLIC,
    ROLES,
    Visitors,
    create_visitors,
)

# The status for each role, in the order of ROLES, with the public entry, the private entry or
# none. A form carries the role's CSRF token, if the role has one.
ROUTES: dict[str, dict[str, str]] = {
    "GET /": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /history": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /statistics": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /review": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /learned": {ANY: "200 200 200 200 200 200 401 200"},
    "POST /learned/<id>/<position>/forget": {ANY: "303 303 303 303 401 400 401 403"},
    "POST /learned/forget": {ANY: "303 303 303 303 401 400 401 403"},
    "POST /learned/contribute": {ANY: "401 401 303 303 401 401 401 403"},
    "POST /learned/switch": {ANY: "303 303 303 303 401 400 401 403"},
    "GET /history/print": {ANY: "200 200 200 200 200 200 401 200"},
    "GET /static/<path:filename>": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /api/openapi.json": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /healthz": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /readyz": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /metrics": {ANY: "200 200 200 200 200 200 200 200"},  # from this machine
    "GET /status": {ANY: "200 200 200 200 200 200 200 200"},
    "GET /images/<id>": {
        PUBLIC: "200 200 404 404 401 404 401 404",
        PRIVATE: "404 404 200 404 401 200 401 200",
    },
    "GET /sign-in": {ANY: "200 200 303 303 200 200 200 303"},
    "POST /sign-in": {ANY: "401 401 303 303 401 400 400 403"},
    "GET /signed-out": {ANY: "200 200 303 303 200 200 200 303"},
    "GET /sign-up": {ANY: "200 200 303 303 200 200 401 303"},
    "POST /sign-up": {ANY: "400 400 303 303 400 400 401 403"},
    "POST /sign-out": {ANY: "303 303 303 303 303 400 400 403"},
    "GET /account": {ANY: "401 401 200 200 401 401 401 200"},
    "POST /account/password": {ANY: "401 401 401 401 401 401 401 403"},
    "POST /account/tokens": {ANY: "401 401 303 303 401 401 401 403"},
    "POST /account/keys/<id>/end": {ANY: "401 401 303 303 401 401 401 403"},
    "POST /account/sessions/end": {ANY: "401 401 303 303 401 401 401 403"},
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
    "GET /api/count": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/lists": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/statistics": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/statistics/entries": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/export.csv": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/export.xlsx": {ANY: "200 200 200 200 401 200 401 200"},
    "POST /api/export.csv": {ANY: "200 200 200 200 401 200 401 403"},
    "POST /api/export.xlsx": {ANY: "200 200 200 200 401 200 401 403"},
    "GET /api/export.zip": {ANY: "200 200 200 200 401 200 401 200"},
    "GET /api/export.npz": {ANY: "200 200 200 200 401 200 401 200"},
    "POST /api/import": {ANY: "200 200 200 200 401 200 401 403"},
}
# Routes whose answers hold the entries that the role may read.
LISTS = ("GET /api/predictions", "GET /api/export.csv", "GET /api/export.zip")

# "ok" or the error code, for each role but the last: a foreign page cannot connect.
FORBIDDEN, NOT_FOUND, SIGN_IN = "forbidden", "not_found", "sign_in_required"
EVENTS: dict[str, dict[str, str]] = {
    "frame": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "save": {
        ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}",
        PUBLIC: f"ok {FORBIDDEN} {FORBIDDEN} {FORBIDDEN} {SIGN_IN} {FORBIDDEN} {SIGN_IN}",
        PRIVATE: f"{FORBIDDEN} {FORBIDDEN} ok {FORBIDDEN} {SIGN_IN} ok {SIGN_IN}",
    },
    "upload": {
        ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}",
        PUBLIC: f"ok {FORBIDDEN} {FORBIDDEN} {FORBIDDEN} {SIGN_IN} {FORBIDDEN} {SIGN_IN}",
        PRIVATE: f"{FORBIDDEN} {FORBIDDEN} ok {FORBIDDEN} {SIGN_IN} ok {SIGN_IN}",
    },
    "explain": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "watch_history": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "list_history": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "correct_entry": {
        PUBLIC: f"ok {FORBIDDEN} {NOT_FOUND} {NOT_FOUND} {SIGN_IN} {NOT_FOUND} {SIGN_IN}",
        PRIVATE: f"{NOT_FOUND} {NOT_FOUND} ok {NOT_FOUND} {SIGN_IN} ok {SIGN_IN}",
    },
    "delete_entry": {
        PUBLIC: f"ok {FORBIDDEN} {NOT_FOUND} {NOT_FOUND} {SIGN_IN} {NOT_FOUND} {SIGN_IN}",
        PRIVATE: f"{NOT_FOUND} {NOT_FOUND} ok {NOT_FOUND} {SIGN_IN} ok {SIGN_IN}",
    },
    "count_history": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "delete_entries": {
        PUBLIC: f"ok {FORBIDDEN} ok ok {SIGN_IN} ok {SIGN_IN}",
        PRIVATE: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}",
    },
    "move_entries": {
        PUBLIC: f"ok {FORBIDDEN} {NOT_FOUND} {NOT_FOUND} {SIGN_IN} {NOT_FOUND} {SIGN_IN}",
        PRIVATE: f"{NOT_FOUND} {NOT_FOUND} ok {NOT_FOUND} {SIGN_IN} ok {SIGN_IN}",
    },
    "take_reviews": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "undo_review": {
        PUBLIC: f"ok {FORBIDDEN} {NOT_FOUND} {NOT_FOUND} {SIGN_IN} {NOT_FOUND} {SIGN_IN}",
        PRIVATE: f"{NOT_FOUND} {NOT_FOUND} ok {NOT_FOUND} {SIGN_IN} ok {SIGN_IN}",
    },
    "get_lists": {ANY: f"ok ok ok ok {SIGN_IN} ok {SIGN_IN}"},
    "rename_list": {
        PUBLIC: f"ok {NOT_FOUND} {NOT_FOUND} {NOT_FOUND} {SIGN_IN} {NOT_FOUND} {SIGN_IN}",
        PRIVATE: f"{NOT_FOUND} {NOT_FOUND} ok {NOT_FOUND} {SIGN_IN} ok {SIGN_IN}",
    },
}
SOCKET_ROLES = ROLES[:-1]


def cases(rows: dict[str, dict[str, str]], roles: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return (route or event, visibility of the entry, role, expected answer) for every cell."""
    return [
        (name, visibility, role, expected)
        for name, row in rows.items()
        for visibility, cells in row.items()
        for role, expected in zip(roles, cells.split(), strict=True)
    ]


@pytest.fixture(scope="module")
def shared_visitors(server: ServerProcess) -> Iterator[Visitors]:
    visitors = create_visitors(server)
    yield visitors
    visitors.close()


@pytest.fixture
def visitors(
    request: pytest.FixtureRequest, server: ServerProcess, shared_visitors: Visitors
) -> Iterator[Visitors]:
    """Return the shared visitors with new entries, or new visitors if a key may end."""
    route, _, role, _ = request.getfixturevalue("case")
    if role in ("owner", "other user") and re.match("POST /(?!api/)", route):
        fresh = create_visitors(server)
        yield fresh
        fresh.close()
    else:
        shared_visitors.renew()
        yield shared_visitors


def request_route(visitors: Visitors, route: str, visibility: str, role: str) -> httpx.Response:
    """Send a typical request to a route in a role."""
    method, path = route.split()
    browser = visitors.browser(role)
    id = visitors.entry(visibility)["id"]
    if "keys" in path:
        id = visitors.owner.key_ids()[0]
    path = path.replace("<id>", id).replace("<position>", "0")
    path = path.replace("<path:filename>", "styles/base.css")
    options: dict[str, Any] = {"headers": visitors.headers(role)}
    if route == "POST /api/predictions":
        options["content"] = png("7")
    elif route == "POST /api/import":
        options["content"] = make_zip({"7/a.png": png("7")})
    elif method == "PATCH":
        options["json"] = {"text": "999"}
    elif "export" in path and method == "POST":
        options["json"] = {"ids": [id]}
    elif method == "POST":
        options["data"] = form_fields(browser, role)
    return browser.http.request(method, path, **options)


def form_fields(browser: Browser, role: str) -> dict[str, str]:
    """Return fields for any form, with a wrong password; programs have no CSRF token."""
    fields = {"username": "nobody here", "password": "nobody's password", "label": "a label"}
    if role in ("token", "revoked token"):
        return fields
    token = browser.csrf_token("/account" if browser.name else "/sign-in")
    return fields | {"new_password": PASSWORD, "csrf_token": token}


@pytest.mark.parametrize("case", cases(ROUTES, ROLES), ids=" ".join)
def test_route_obeys_the_access_rights_of_the_role(
    visitors: Visitors, case: tuple[str, ...]
) -> None:
    route, visibility, role, status = case
    answer = request_route(visitors, route, visibility, role)
    assert answer.status_code == int(status), answer.text
    body, private = answer.content, visitors.private_entry["id"].encode()
    if role not in (*OWNER_ROLES, "foreign origin"):
        assert private not in body
    elif route in LISTS:
        assert private in body
    assert "Access-Control-Allow-Origin" not in answer.headers
    if role not in OWNER_ROLES and "delete" not in route:
        assert visitors.private_entry in visitors.owner.entries()


def connect_as(visitors: Visitors, role: str) -> Client:
    tokens = {"token": visitors.token, "revoked token": visitors.revoked_token}
    auth = {"token": tokens[role]} if role in tokens else None
    return Client(visitors.owner.url, headers=visitors.browser(role).cookie, auth=auth)


def send(client: Client, event: str, visitors: Visitors, visibility: str) -> dict[str, Any]:
    """Send a typical payload with an event and return the answer."""
    id = str(uuid4()) if visibility == ANY else visitors.entry(visibility)["id"]
    if event == "frame":
        client.tell("frame", {"drawing": id, "seq": 1, "image": png("7")})
        answer: dict[str, Any] = client.wait_for("prediction")
        return answer | {"ok": "error" not in answer}
    payloads: dict[str, dict[str, Any]] = {
        "save": {"drawing": id, "image": png("70")},
        "upload": {"id": id, "image": png("70")},
        "explain": {"image": png("7")},
        "correct_entry": {"id": id, "text": "999"},
        "count_history": {},
        "take_reviews": {"page": str(uuid4()), "limit": 10},
        "undo_review": {"id": id, "text": "999", "page": str(uuid4())},
        "delete_entry": {"id": id},
        "delete_entries": {"ids": [id]},
        "move_entries": {"ids": [id], "list": "elsewhere"},
        "rename_list": {"name": visibility, "new_name": str(uuid4())},
    }
    answer = client.ask(event, payloads.get(event, {"limit": 100}))
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("case", cases(EVENTS, SOCKET_ROLES), ids=" ".join)
def test_event_obeys_the_access_rights_of_the_role(
    visitors: Visitors, case: tuple[str, ...]
) -> None:
    event, visibility, role, expected = case
    client = connect_as(visitors, role)
    answer = send(client, event, visitors, visibility)
    client.close()
    assert ("ok" if answer["ok"] else answer["error"]["code"]) == expected
    if event in ("watch_history", "list_history") and answer["ok"]:
        ids = [entry["id"] for entry in answer["entries"]]
        assert (visitors.private_entry["id"] in ids) == (role in OWNER_ROLES)
        assert (visitors.public_entry["id"] in ids) == ("guest" in role)
    if role not in OWNER_ROLES:
        assert visitors.private_entry in visitors.owner.entries()


def test_socket_rejects_a_foreign_origin(server: ServerProcess) -> None:
    owner = Browser(server).sign_up()
    with pytest.raises(Refused):
        Client(server.url, headers=owner.cookie | FOREIGN_ORIGIN)
    owner.http.close()


def change_both_histories(visitors: Visitors) -> None:
    """Upload, correct and delete an entry of the owner; upload one of the guest."""
    entry = visitors.owner.upload()
    visitors.owner.http.patch(f"/api/predictions/{entry['id']}", json={"text": "1"})
    visitors.owner.http.delete(f"/api/predictions/{entry['id']}")
    visitors.guest.upload()


def test_account_changes_are_announced_to_the_owner_only(server: ServerProcess) -> None:
    visitors = create_visitors(server)
    watchers = {role: connect_as(visitors, role) for role in SOCKET_ROLES}
    for watcher in watchers.values():
        watcher.ask("watch_history", {})
    change_both_histories(visitors)
    visitors.close()
    for role, watcher in watchers.items():
        if role in OWNER_ROLES:
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


def test_routes_table_has_every_route(application: Server) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in application.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert set(ROUTES) == routes


def test_events_table_has_every_event(application: Server) -> None:
    handled = set(application.socketio.server.handlers["/"])
    assert set(EVENTS) == handled - {"connect", "disconnect", "*", UNREADABLE, TOO_LONG}
