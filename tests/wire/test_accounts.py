"""Accounts as their owners use them: forms, sessions, tokens, and a history of one's own."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.conftest import ServerProcess, wait_until
from tests.pictures import png
from tests.wire.accounts import PASSWORD, Browser, bearer
from tests.wire.conftest import Client

AT_ONCE_S = 1.0

Open = Callable[[], Browser]


@pytest.fixture
def open_browser(server: ServerProcess) -> Iterator[Open]:
    opened: list[Browser] = []

    def open_browser() -> Browser:
        opened.append(Browser(server))
        return opened[-1]

    yield open_browser
    for browser in opened:
        browser.http.close()


@pytest.fixture
def ann(open_browser: Open) -> Browser:
    """Somebody with an account."""
    return open_browser().sign_up()


@pytest.fixture
def guest(open_browser: Open) -> Browser:
    return open_browser()


def closed(client: Client) -> bool:
    return not client.connected


def test_entry_of_an_account_when_made_then_only_its_owner_has_it(
    ann: Browser, guest: Browser, open_browser: Open
) -> None:
    public, entry = guest.upload("1"), ann.upload("7")
    assert entry["owner"] == ann.name
    assert ann.entries() == [entry]
    assert public in guest.entries()
    assert entry not in guest.entries()
    assert open_browser().sign_up().entries() == []


def test_entry_when_made_then_told_to_the_owner_s_pages_only(
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


def test_guest_when_signing_up_may_take_along_what_this_browser_made(
    guest: Browser, open_browser: Open, connect: Callable[..., Client]
) -> None:
    mine, theirs = guest.upload("407"), open_browser().upload("407")
    watcher = connect()
    watcher.ask("watch_history", {})
    assert "Take along the reading of this browser" in guest.http.get("/sign-up").text
    guest.sign_up(take_along="y")
    assert watcher.wait_for("history_removed", AT_ONCE_S) == {"id": mine["id"]}
    found = guest.http.get("/api/predictions", params={"search": "40"}).json()["entries"]
    assert [(entry["id"], entry["owner"]) for entry in found] == [(mine["id"], guest.name)]
    public = [entry["id"] for entry in open_browser().entries()]
    assert theirs["id"] in public
    assert mine["id"] not in public


def test_guest_when_signing_up_may_leave_everything_public(guest: Browser) -> None:
    left = guest.upload()
    guest.sign_up()
    assert guest.entries() == []
    assert guest.http.get(left["image_path"]).status_code == 404


BAD_SIGN_UPS = [
    ({"username": ""}, "The name is missing."),
    ({"username": "a"}, "It must have 2 to 64 characters."),
    ({"username": "a" * 65}, "It must have 2 to 64 characters."),
    ({"username": "<b>ann</b>"}, "A name has letters"),
    ({"username": "ann\x00"}, "A name has letters"),
    ({"password": ""}, "The password is missing."),
    ({"password": "short"}, "It must have 8 to 200 characters."),
    ({"password": "p" * 201}, "It must have 8 to 200 characters."),
    ({"username": "someone.new", "password": "Someone.New"}, "The name itself"),
    ({"email": "nowhere"}, "This is no e-mail address."),
]


@pytest.mark.parametrize(("wrong", "sentence"), BAD_SIGN_UPS)
def test_sign_up_when_something_is_wrong_then_told_and_nothing_made(
    guest: Browser, wrong: dict[str, str], sentence: str
) -> None:
    fields = {"username": "valid-name", "password": PASSWORD} | wrong
    answer = guest.submit("/sign-up", **fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert guest.sign_in(fields["username"][:64], fields["password"][:200]).status_code != 303


def test_name_when_taken_in_another_case_then_told(ann: Browser, guest: Browser) -> None:
    answer = guest.submit("/sign-up", username=ann.name.upper(), password=PASSWORD)
    assert answer.status_code == 400
    assert "is taken: choose another." in answer.text


def test_sign_in_when_name_or_password_is_wrong_then_the_same_sentence(
    ann: Browser, guest: Browser
) -> None:
    wrong, unknown = guest.sign_in(ann.name, "not this one"), guest.sign_in("nobody-here")
    for answer in (wrong, unknown):
        assert answer.status_code == 401
        assert "This name and password do not fit together." in answer.text
        assert PASSWORD not in answer.text


def test_sign_in_when_right_then_as_the_account_in_whatever_case(
    ann: Browser, guest: Browser
) -> None:
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
def test_sign_in_when_done_then_goes_on_here_and_nowhere_else(
    ann: Browser, guest: Browser, next: str, location: str
) -> None:
    token = guest.csrf_token("/sign-in")
    fields = {"username": ann.name, "password": PASSWORD, "csrf_token": token}
    answer = guest.http.post("/sign-in", params={"next": next}, data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, location)


def test_form_without_its_csrf_token_when_sent_then_refused(ann: Browser, guest: Browser) -> None:
    for path in ("/account/password", "/account/tokens", "/account/delete", "/sign-out"):
        answer = ann.http.post(path, data={"password": PASSWORD, "new_password": "another one"})
        assert answer.status_code == 400, path
    foreign = {"csrf_token": guest.csrf_token("/sign-in"), "password": PASSWORD}
    assert ann.http.post("/account/delete", data=foreign).status_code == 400
    assert ann.http.get("/account").status_code == 200


@pytest.mark.parametrize("remember", [True, False])
def test_session_when_to_be_remembered_then_its_cookie_outlasts_the_browser(
    ann: Browser, guest: Browser, remember: bool
) -> None:
    answer = guest.sign_in(ann.name, **({"remember": "y"} if remember else {}))
    assert ("Expires=" in answer.headers["Set-Cookie"]) == remember


def test_session_when_signed_out_then_its_cookie_and_sockets_are_dead(
    ann: Browser, connect: Callable[..., Client]
) -> None:
    socket, cookie = connect(headers=ann.cookie), ann.cookie
    assert ann.sign_out().status_code == 303
    wait_until(lambda: closed(socket), AT_ONCE_S)
    again = httpx.get(f"{ann.url}/api/predictions", headers=cookie)
    assert again.status_code == 401
    assert again.json()["error"]["code"] == "sign_in_required"
    late = connect(headers=cookie)
    assert late.ask("list_history", {})["error"]["code"] == "sign_in_required"


def test_session_when_ended_from_another_then_closed_at_once_and_no_other(
    ann: Browser, open_browser: Open, connect: Callable[..., Client]
) -> None:
    phone = open_browser()
    phone.sign_in(ann.name)
    lost, kept = connect(headers=phone.cookie), connect(headers=ann.cookie)
    [id] = ann.key_ids()
    assert ann.end_key(id).status_code == 303
    wait_until(lambda: closed(lost), AT_ONCE_S)
    assert phone.http.get("/api/predictions").status_code == 401
    assert phone.http.get("/").status_code == 200
    assert kept.ask("list_history", {})["ok"]


def test_password_when_changed_then_other_sessions_end_and_tokens_stay(
    ann: Browser, open_browser: Open, connect: Callable[..., Client]
) -> None:
    phone, token = open_browser(), ann.make_token()
    phone.sign_in(ann.name)
    socket = connect(headers=phone.cookie)
    fields = {"password": PASSWORD, "new_password": "another sentence"}
    assert ann.submit("/account/password", page="/account", **fields).status_code == 303
    wait_until(lambda: closed(socket), AT_ONCE_S)
    assert ann.http.get("/account").status_code == 200
    assert ann.http.get("/api/predictions", headers=bearer(token)).status_code == 200
    assert phone.sign_in(ann.name).status_code == 401
    assert phone.sign_in(ann.name, "another sentence").status_code == 303


def test_password_when_the_present_one_is_wrong_then_not_changed(
    ann: Browser, guest: Browser
) -> None:
    fields = {"password": "not this one", "new_password": "another sentence"}
    assert ann.submit("/account/password", page="/account", **fields).status_code == 401
    assert guest.sign_in(ann.name).status_code == 303


def test_token_when_used_by_programs_then_as_the_account_until_revoked(
    ann: Browser, connect: Callable[..., Client]
) -> None:
    token = ann.make_token()
    made = httpx.post(f"{ann.url}/api/predictions", content=png("7"), headers=bearer(token))
    assert made.json()["entry"]["owner"] == ann.name
    socket = connect(auth={"token": token})
    assert socket.ask("list_history", {})["entries"] == [made.json()["entry"]]
    [id] = ann.key_ids()
    ann.end_key(id)
    wait_until(lambda: closed(socket), AT_ONCE_S)
    again = httpx.get(f"{ann.url}/api/predictions", headers=bearer(token))
    assert again.json()["error"]["code"] == "sign_in_required"


@pytest.mark.parametrize("auth", [{"token": "no such token"}, {"token": ""}, {"token": 7}])
def test_token_that_is_none_when_a_socket_comes_with_it_then_told_at_every_event(
    connect: Callable[..., Client], auth: dict[str, object]
) -> None:
    socket = connect(auth=auth)
    assert socket.ask("list_history", {})["error"]["code"] == "sign_in_required"
    socket.tell("frame", {"drawing": "x", "seq": 1, "image": png("7")})
    assert socket.wait_for("prediction")["error"]["code"] == "sign_in_required"


def test_secrets_when_looked_for_then_neither_in_the_database_nor_in_the_log(
    ann: Browser, guest: Browser, server: ServerProcess
) -> None:
    token = ann.make_token()
    guest.sign_in(ann.name, "a wrong password")
    ann.http.get("/api/predictions", headers=bearer(token))
    with sqlite3.connect(server.data_dir / "history.db") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert ann.name in dump
    assert "$argon2id$" in dump
    for secret in (token, PASSWORD, "a wrong password"):
        assert secret not in dump
        assert secret not in server.log()


def test_session_when_its_time_is_over_then_it_has_ended(
    ann: Browser, server: ServerProcess
) -> None:
    with sqlite3.connect(server.data_dir / "history.db") as database:
        database.execute(
            "UPDATE keys SET expires = '2026-01-01T00:00:00.000Z' WHERE user_name = ?", [ann.name]
        )
    database.close()
    assert ann.http.get("/api/predictions").status_code == 401


def test_account_when_deleted_then_nothing_of_it_is_left_and_the_name_is_free(
    ann: Browser, guest: Browser, server: ServerProcess, connect: Callable[..., Client]
) -> None:
    kept, gone = guest.upload(), [ann.upload(text)["id"] for text in ("7", "70")]
    ann.make_token()
    socket = connect(headers=ann.cookie)
    refused = ann.submit("/account/delete", page="/account", password="not this one")
    assert refused.status_code == 401
    assert len(ann.entries()) == 2
    assert ann.submit("/account/delete", page="/account", password=PASSWORD).status_code == 303
    wait_until(lambda: closed(socket), AT_ONCE_S)
    with sqlite3.connect(server.data_dir / "history.db") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    for trace in (ann.name, *(id.replace("-", "") for id in gone)):
        assert trace not in dump
    assert kept in guest.entries()
    assert guest.sign_up(ann.name).entries() == []


def test_everything_when_downloaded_then_the_owner_s_and_nobody_else_s(
    ann: Browser, guest: Browser
) -> None:
    guest.upload("1")
    entries = [ann.upload(text) for text in ("407", "7")]
    ann.make_token("spreadsheet")
    table = ann.http.get("/api/export.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    rows = [line.split(",") for line in table.text.splitlines()]
    assert rows[0][:4] == ["id", "timestamp", "input_type", "predicted"]
    assert [(row[0], row[3]) for row in rows[1:]] == [
        (entry["id"], entry["predicted"]) for entry in entries[::-1]
    ]
    with zipfile.ZipFile(io.BytesIO(ann.http.get("/api/export.zip").content)) as archive:
        assert archive.testzip() is None
        images = {f"images/{entry['id']}.webp" for entry in entries}
        assert set(archive.namelist()) == images | {
            "entries.csv", "entries.jsonl", "account.json",
        }  # fmt: skip
        lines = archive.read("entries.jsonl").splitlines()
        assert [json.loads(line) for line in lines] == entries[::-1]
        account = json.loads(archive.read("account.json"))
        assert account["account"]["name"] == ann.name
        assert "spreadsheet" in [key["label"] for key in account["keys"]]


def test_public_history_when_downloaded_by_a_guest_then_without_an_account(guest: Browser) -> None:
    entry = guest.upload()
    assert entry["id"] in guest.http.get("/api/export.csv").text
    with zipfile.ZipFile(io.BytesIO(guest.http.get("/api/export.zip").content)) as archive:
        assert f"images/{entry['id']}.webp" in archive.namelist()
        assert "account.json" not in archive.namelist()


def test_account_page_when_opened_then_sessions_are_named_by_device(ann: Browser) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    ann.http.headers["User-Agent"] = agent
    ann.sign_out()
    ann.sign_in(ann.name)
    page = re.sub(r"\s+", " ", ann.http.get("/account").text)
    assert '<strong>Firefox on Linux</strong> <span class="here">this one</span>' in page


def test_sign_in_page_when_somebody_is_signed_in_then_their_account(ann: Browser) -> None:
    for path in ("/sign-in", "/sign-up"):
        assert ann.http.get(path).headers["Location"] == "/account"
