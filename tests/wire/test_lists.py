"""Lists of entries, as real clients fill, order, rename and clear them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.pictures import png
from tests.wire.accounts import Browser
from tests.wire.conftest import Client
from tests.wire.test_refusals import error_code

Connect = Callable[..., Client]
UNKNOWN = str(uuid4())


@pytest.fixture
def client(connect: Connect, ann: Browser) -> Client:
    """Return a client of a new account."""
    return connect(headers=ann.cookie)


def save(client: Client, list: str | None = None, text: str = "7", **fields: Any) -> dict[str, Any]:
    payload = {"drawing": str(uuid4()), "image": png(text), "list": list} | fields
    entry: dict[str, Any] = client.ask("save", payload)["entry"]
    return entry


def listed(client: Client, **query: Any) -> list[str]:
    """Return the ids that a query lists; it must count as many."""
    ids = [entry["id"] for entry in client.ask("list_history", query | {"limit": 100})["entries"]]
    assert client.ask("count_history", query) == {"ok": True, "count": len(ids)}
    return ids


def lists(client: Client) -> dict[str, int]:
    return {each["name"]: each["count"] for each in client.ask("get_lists", {})["lists"]}


def test_saved_drawing_goes_into_its_list(client: Client) -> None:
    entry = save(client, "Bench 3")
    assert entry["list"] == "Bench 3"
    assert listed(client, list="Bench 3") == [entry["id"]]
    assert listed(client, list="bench 3") == []


def test_list_answers_newest_first(client: Client) -> None:
    ids = [save(client, "marks")["id"] for _ in range(3)]
    assert listed(client, list="marks") == ids[::-1]


@pytest.mark.parametrize("other", ["second", None])
def test_drawing_saved_again_goes_into_the_list_sent_then(
    client: Client, other: str | None
) -> None:
    entry = save(client, "first")
    client.ask("correct_entry", {"id": entry["id"], "text": "1"})
    again = save(client, other, drawing=entry["id"])
    assert (again["list"], again["corrected"]) == (other, "1")
    assert listed(client, list="first") == []
    assert lists(client) == ({other: 1} if other else {})


def test_upload_by_http_goes_into_a_list(ann: Browser, client: Client) -> None:
    entry = ann.upload(list="photo 1")
    assert entry["list"] == "photo 1"
    assert listed(client, list="photo 1") == [entry["id"]]
    assert ann.http.get("/api/predictions", params={"list": "photo 1"}).json()["entries"] == [entry]
    assert ann.http.get("/api/count", params={"list": "photo 1"}).json()["count"] == 1
    assert ann.http.get("/api/lists").json()["lists"] == [
        {"name": "photo 1", "count": 1, "latest": entry["timestamp"]}
    ]


def test_repeated_upload_stays_in_its_list(client: Client) -> None:
    upload = {"id": str(uuid4()), "image": png("7"), "list": "a"}
    entry = client.ask("upload", upload)["entry"]
    assert client.ask("upload", upload | {"list": "b"})["entry"] == entry


def test_rank_is_the_time_by_default(client: Client) -> None:
    first, second = save(client, "a"), save(client)
    assert 1.7e12 < first["rank"] < second["rank"]
    assert first["rank"] == int(first["rank"])


def test_move_places_an_entry_between_two_others(client: Client) -> None:
    first, second, third = (save(client, "a") for _ in range(3))
    middle = (first["rank"] + second["rank"]) / 2
    [moved] = client.ask("move_entries", {"ids": [third["id"]], "list": "a", "rank": middle})[
        "entries"
    ]
    assert moved == third | {"rank": middle}
    stays = client.ask("move_entries", {"ids": [third["id"]], "list": "a"})["entries"]
    assert stays == [moved]
    [elsewhere] = client.ask("move_entries", {"ids": [third["id"]], "list": "b"})["entries"]
    assert elsewhere == third | {"list": "b"}


def test_move_is_announced_once(connect: Connect, ann: Browser, client: Client) -> None:
    watcher = connect(headers=ann.cookie)
    entries = [save(client) for _ in range(2)]
    watcher.ask("watch_history", {})
    move = {"ids": [entry["id"] for entry in entries], "list": "a"}
    moved = client.ask("move_entries", move)["entries"]
    assert moved == [entry | {"list": "a"} for entry in entries]
    assert [watcher.wait_for("history_changed", 1) for _ in moved] == moved
    assert client.ask("move_entries", move)["entries"] == moved
    marker = save(client)
    assert watcher.wait_for("history_added", 1) == marker
    assert watcher.events == []


def test_move_off_any_list(client: Client) -> None:
    entry = save(client, "a")
    move = {"ids": [entry["id"]], "list": None}
    assert client.ask("move_entries", move)["entries"] == [entry | {"list": None}]
    assert lists(client) == {}


@pytest.mark.parametrize("event", ["move_entries", "delete_entries"])
def test_change_of_many_is_all_or_nothing(connect: Connect, event: str) -> None:
    maker, other = connect(), connect()
    own, others = save(other, "mine"), save(maker, "mine")
    payload = {"ids": [own["id"], others["id"]], "list": "elsewhere"}
    assert error_code(other.ask(event, payload)) == "forbidden"
    assert listed(other, list="mine") == [own["id"]]


def test_move_of_a_missing_entry_moves_none(client: Client) -> None:
    entry = save(client, "a")
    move = {"ids": [entry["id"], UNKNOWN], "list": "b"}
    assert error_code(client.ask("move_entries", move)) == "not_found"
    assert listed(client, list="a") == [entry["id"]]


def test_deletion_of_many_passes_over_the_gone(client: Client) -> None:
    ids = [save(client, "a")["id"] for _ in range(3)]
    client.ask("watch_history", {})
    deletion = {"ids": [*ids[:2], UNKNOWN, ids[0]]}
    assert client.ask("delete_entries", deletion) == {"ok": True}
    assert {client.wait_for("history_removed", 1)["id"] for _ in ids[:2]} == set(ids[:2])
    assert client.ask("delete_entries", deletion) == {"ok": True}
    assert listed(client) == ids[2:]
    assert client.events == []


def test_lists_are_those_of_the_visitor(connect: Connect, client: Client) -> None:
    guest, other_guest = connect(), connect()
    entry, others = save(guest, "shared"), save(other_guest, "shared")
    save(client, "private")
    assert lists(guest) == lists(other_guest) == {"shared": 1}
    assert listed(guest, list="shared") == [entry["id"]]
    assert listed(other_guest, list="shared") == [others["id"]]
    assert listed(guest, list="private") == []
    assert lists(client) == {"private": 1}


def test_lists_have_the_last_used_first(client: Client) -> None:
    for name in ("b", "a", "c", "b"):
        latest = save(client, name)["timestamp"]
    first, *others = client.ask("get_lists", {})["lists"]
    assert first == {"name": "b", "count": 2, "latest": latest}
    assert [each["name"] for each in others] == ["c", "a"]


def test_mine_are_those_of_the_visitor(connect: Connect) -> None:
    maker, other = connect(), connect()
    own, others = save(maker, text="71"), save(other, text="72")
    assert listed(maker, mine=True) == [own["id"]]
    assert listed(other, mine=True, search="7") == [others["id"]]
    assert listed(other, mine=True, search="71") == []


def test_rename_is_announced_for_each_entry(client: Client) -> None:
    entries = [save(client, "old") for _ in range(2)]
    client.ask("watch_history", {})
    assert client.ask("rename_list", {"name": "old", "new_name": "new"}) == {"ok": True}
    renamed = [client.wait_for("history_changed", 1) for _ in entries]
    assert renamed == [entry | {"list": "new"} for entry in entries]
    assert listed(client, list="new", search="7") == [entry["id"] for entry in entries[::-1]]
    assert listed(client, list="old") == []


def test_rename_is_announced_to_those_who_watch_what_its_maker_made(connect: Connect) -> None:
    maker, other = connect(), connect()
    save(maker, "old")
    save(other, "old")
    maker.ask("watch_history", {"mine": True})
    other.ask("watch_history", {})
    maker.ask("rename_list", {"name": "old", "new_name": "new"})
    renamed = maker.wait_for("list_renamed", 1)
    assert (renamed["name"], renamed["new_name"]) == ("old", "new")
    other.wait_for("history_changed", 1)
    assert "list_renamed" not in [name for name, *_ in other.events]


def test_rename_leaves_the_list_of_another(connect: Connect) -> None:
    maker, other = connect(), connect()
    save(maker, "a")
    entry = save(other, "a")
    maker.ask("rename_list", {"name": "a", "new_name": "b"})
    assert listed(other, list="a") == [entry["id"]]


def test_rename_needs_a_list_and_a_free_name(client: Client) -> None:
    entry = save(client, "a")
    save(client, "b")
    rename = {"name": "a", "new_name": "b"}
    assert error_code(client.ask("rename_list", rename)) == "invalid_payload"
    assert error_code(client.ask("rename_list", rename | {"name": "c"})) == "not_found"
    assert client.ask("rename_list", {"name": "a", "new_name": "a"})["ok"]
    assert listed(client, list="a") == [entry["id"]]


def test_guest_who_signs_up_takes_lists_along(connect: Connect, guest: Browser) -> None:
    entry = guest.upload(list="a")
    guest.sign_up(take_along="y")
    client = connect(headers=guest.cookie)
    assert listed(client, list="a") == [entry["id"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"corrected": True}, ["corrected"]),
        ({"corrected": False}, ["plain"]),
        ({"uncertain": False}, ["corrected", "plain"]),
        ({"uncertain": True}, []),
        ({"uncertain": True, "corrected": True}, []),
        ({"corrected": True, "search": "41", "input_type": "canvas", "list": "a"}, ["corrected"]),
        ({"corrected": True, "input_type": "upload"}, []),
        ({"made_until": "2026-01-31T12:00:00.123Z"}, []),
        ({"made_from": "2026-01-31T12:00:00.123Z"}, ["corrected", "plain"]),
    ],
    ids=str,
)
def test_filters_are_combined(client: Client, query: dict[str, Any], found: list[str]) -> None:
    ids = {"plain": save(client, text="407")["id"], "corrected": save(client, "a")["id"]}
    client.ask("correct_entry", {"id": ids["corrected"], "text": "417"})
    assert listed(client, **query) == [ids[name] for name in found]


def test_times_are_inclusive(client: Client) -> None:
    entries = [save(client) for _ in range(3)]
    time = entries[1]["timestamp"]
    assert listed(client, made_from=time, made_until=time) == [entries[1]["id"]]
