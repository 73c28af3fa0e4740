"""Sign-up, sign-in, private histories, and the deletion of an account."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from server.database.schema import metadata
from tests.conftest import ServerProcess, wait_until
from tests.wire.accounts import PASSWORD, Browser, Open, bearer
from tests.wire.conftest import AT_ONCE_S, Client

HTML = {"Accept": "text/html"}


def test_entry_of_an_account_is_seen_by_its_owner_only(
    ann: Browser, guest: Browser, open_browser: Open
) -> None:
    public, entry = guest.upload("1"), ann.upload("7")
    assert entry["owner"] == ann.name
    assert ann.entries() == [entry]
    assert public in guest.entries()
    assert entry not in guest.entries()
    assert open_browser().sign_up().entries() == []


def test_history_added_reaches_the_owner_s_pages_only(
    ann: Browser, guest: Browser, connect: Callable[..., Client]
) -> None:
    own, elsewhere = connect(headers=ann.cookie), connect(headers=guest.cookie)
    for client in (own, elsewhere):
        assert client.ask("watch_history", {})["ok"]
    entry = ann.upload()
    assert own.wait_for("history_added", AT_ONCE_S) == entry
    public = guest.upload()
    assert elsewhere.wait_for("history_added", AT_ONCE_S) == public
    assert own.events == elsewhere.events == []


def test_sign_up_moves_the_guest_s_entries_if_asked(
    guest: Browser, open_browser: Open, connect: Callable[..., Client]
) -> None:
    mine, theirs = guest.upload("407"), open_browser().upload("407")
    watcher = connect()
    watcher.ask("watch_history", {})
    assert "Move the reading of this browser" in guest.http.get("/sign-up").text
    guest.sign_up(take_along="y")
    assert watcher.wait_for("history_removed", AT_ONCE_S) == {"id": mine["id"]}
    found = guest.http.get("/api/predictions", params={"search": "40"}).json()["entries"]
    assert [(entry["id"], entry["owner"]) for entry in found] == [(mine["id"], guest.name)]
    public = [entry["id"] for entry in open_browser().entries()]
    assert theirs["id"] in public
    assert mine["id"] not in public


def test_sign_up_leaves_the_guest_s_entries_otherwise(guest: Browser) -> None:
    left = guest.upload()
    guest.sign_up()
    assert guest.entries() == []
    assert guest.http.get(left["image_path"]).status_code == 404


BAD_SIGN_UPS = [
    ({"username": ""}, "Enter a name."),
    ({"username": "a"}, "Use 2 to 64 characters."),
    ({"username": "a" * 65}, "Use 2 to 64 characters."),
    ({"username": "<b>ann</b>"}, "Use letters, digits and"),
    ({"username": "ann\x00"}, "Use letters, digits and"),
    ({"password": ""}, "Enter a password."),
    ({"password": "short"}, "Use 8 to 200 characters."),
    ({"password": "p" * 201}, "Use 8 to 200 characters."),
    ({"password": "password"}, "Many people have this password"),
    ({"password": "Qwerty123"}, "Many people have this password"),
    (
        {"username": "someone.new", "password": "Someone.New"},
        "The password must differ from the name.",
    ),
    ({"email": "nowhere"}, "Enter a valid e-mail address."),
]


@pytest.mark.parametrize(("wrong", "sentence"), BAD_SIGN_UPS)
def test_sign_up_refuses_invalid_fields(
    guest: Browser, wrong: dict[str, str], sentence: str
) -> None:
    fields = {"username": "valid-name", "password": PASSWORD} | wrong
    answer = guest.submit("/sign-up", **fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert guest.sign_in(fields["username"][:64], fields["password"][:200]).status_code != 303


def test_sign_up_refuses_a_name_taken_in_another_case(ann: Browser, guest: Browser) -> None:
    answer = guest.submit("/sign-up", username=ann.name.upper(), password=PASSWORD)
    assert answer.status_code == 400
    assert "is taken. Choose another one." in answer.text


def test_sign_in_does_not_tell_a_wrong_name_from_a_password(ann: Browser, guest: Browser) -> None:
    wrong, unknown = guest.sign_in(ann.name, "not this one"), guest.sign_in("nobody-here")
    for answer in (wrong, unknown):
        assert answer.status_code == 401
        assert "Wrong name or password." in answer.text
        assert PASSWORD not in answer.text


def test_sign_in_ignores_the_case_of_the_name(ann: Browser, guest: Browser) -> None:
    assert guest.sign_in(ann.name.upper()).status_code == 303
    assert guest.upload()["owner"] == ann.name


@pytest.mark.parametrize(
    ("next", "location"),
    [
        ("/history?x=1", "/history?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/\t/evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_sign_in_redirects_to_this_server_only(
    ann: Browser, guest: Browser, next: str, location: str
) -> None:
    token = guest.csrf_token("/sign-in")
    fields = {"username": ann.name, "password": PASSWORD, "csrf_token": token}
    answer = guest.http.post("/sign-in", params={"next": next}, data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, location)


def test_form_without_its_csrf_token_is_refused(ann: Browser, guest: Browser) -> None:
    for path in ("/account/password", "/account/tokens", "/account/delete", "/sign-out"):
        answer = ann.http.post(path, data={"password": PASSWORD, "new_password": "another one"})
        assert answer.status_code == 400, path
    foreign = {"csrf_token": guest.csrf_token("/sign-in"), "password": PASSWORD}
    assert ann.http.post("/account/delete", data=foreign).status_code == 400
    assert ann.http.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-out"])
def test_form_without_cookies_asks_for_cookies(
    guest: Browser, server: ServerProcess, path: str
) -> None:
    fields = {"username": "valid-name", "password": PASSWORD}
    token = guest.csrf_token("/sign-in")
    answer = httpx.post(server.url + path, data=fields | {"csrf_token": token}, headers=HTML)
    assert answer.status_code == 400
    assert "Sign-in needs cookies. Allow cookies for this site and try again." in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/sign-out"])
def test_form_of_another_session_has_expired(guest: Browser, open_browser: Open, path: str) -> None:
    old_token, _ = open_browser().csrf_token("/sign-in"), guest.csrf_token("/sign-in")
    fields = {"username": "", "password": PASSWORD, "csrf_token": old_token}
    answer = guest.http.post(path, data=fields, headers=HTML)
    assert answer.status_code == 400
    assert "This page has expired. Please submit the form again." in answer.text


def dump_of(server: ServerProcess) -> str:
    """Return all rows of all tables."""
    with server.connected() as database:
        return "\n".join(
            str(row) for table in metadata.sorted_tables for row in database.execute(select(table))
        )


def test_secrets_are_neither_in_the_database_nor_in_the_log(
    ann: Browser, guest: Browser, server: ServerProcess
) -> None:
    token = ann.make_token()
    guest.sign_in(ann.name, "a wrong password")
    ann.http.get("/api/predictions", headers=bearer(token))
    dump = dump_of(server)
    assert ann.name in dump
    assert "$argon2id$" in dump
    for secret in (token, PASSWORD, "a wrong password"):
        assert secret not in dump
        assert secret not in server.log()


def test_deletion_leaves_no_trace_and_frees_the_name(
    ann: Browser, guest: Browser, server: ServerProcess, connect: Callable[..., Client]
) -> None:
    kept, gone = guest.upload(), [ann.upload(text)["id"] for text in ("7", "70")]
    ann.make_token()
    socket = connect(headers=ann.cookie)
    refused = ann.submit("/account/delete", page="/account", password="not this one")
    assert refused.status_code == 401
    assert len(ann.entries()) == 2
    assert ann.submit("/account/delete", page="/account", password=PASSWORD).status_code == 303
    wait_until(lambda: not socket.connected, AT_ONCE_S)
    dump = dump_of(server)
    for trace in (ann.name, *(str(UUID(id)) for id in gone)):
        assert trace not in dump
    assert kept in guest.entries()
    assert guest.sign_up(ann.name).entries() == []


def test_sign_in_page_redirects_a_signed_in_user(ann: Browser) -> None:
    for path in ("/sign-in", "/sign-up"):
        assert ann.http.get(path).headers["Location"] == "/account"
