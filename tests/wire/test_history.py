"""The history as real clients list it and watch it live."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from tests.pictures import png
from tests.wire.accounts import Browser
from tests.wire.conftest import Client

Connect = Callable[..., Client]


def save(client: Client, text: str = "7") -> dict[str, object]:
    entry: dict[str, object] = client.ask("save", {"drawing": str(uuid4()), "image": png(text)})[
        "entry"
    ]
    return entry


def test_save_is_announced_to_watchers_only(connect: Connect) -> None:
    maker, watcher, other = connect(), connect(), connect()
    assert watcher.ask("watch_history", {})["ok"]
    entry = save(maker)
    assert watcher.wait_for("history_added", 1) == entry
    assert other.ask("list_history", {"limit": 1})["entries"] == [entry]
    assert maker.events == other.events == []


def test_correction_is_announced_to_watchers(connect: Connect) -> None:
    maker, watcher = connect(), connect()
    entry = save(maker)
    watcher.ask("watch_history", {})
    answer = maker.ask("correct_entry", {"id": entry["id"], "text": "401"})
    assert answer["entry"] == entry | {"corrected": "401"}
    assert watcher.wait_for("history_changed", 1) == answer["entry"]


def test_deletion_is_announced_to_watchers(connect: Connect) -> None:
    maker, watcher = connect(), connect()
    entry = save(maker)
    watcher.ask("watch_history", {})
    assert maker.ask("delete_entry", {"id": entry["id"]}) == {"ok": True}
    assert watcher.wait_for("history_removed", 1) == {"id": entry["id"]}
    assert entry not in watcher.ask("list_history", {"limit": 100})["entries"]


def test_watcher_of_own_entries_gets_no_others(connect: Connect, guest: Browser) -> None:
    entry = guest.upload()
    watcher, maker, other = connect(headers=guest.cookie), connect(headers=guest.cookie), connect()
    assert watcher.ask("watch_history", {"mine": True})["entries"] == [entry]
    save(other)
    own = save(maker)
    assert watcher.wait_for("history_added", 1) == own
    changed = maker.ask("correct_entry", {"id": own["id"], "text": "401"})["entry"]
    assert watcher.wait_for("history_changed", 1) == changed
    maker.ask("delete_entries", {"ids": [own["id"]]})
    assert watcher.wait_for("history_removed", 1) == {"id": own["id"]}
    assert watcher.events == []


def test_watcher_gets_what_it_watched_last_once(connect: Connect) -> None:
    watcher, other = connect(), connect()
    for query, watched in (
        ({"mine": True}, [watcher]),
        ({}, [other, watcher]),
        ({"mine": True}, [watcher]),
    ):
        watcher.ask("watch_history", query)
        entries = [save(maker) for maker in (other, watcher) if maker in watched]
        if other not in watched:
            save(other)
        assert [watcher.wait_for("history_added", 1) for _ in entries] == entries
        assert watcher.ask("list_history", {"limit": 1})["ok"]
        assert watcher.events == []


def test_account_that_watches_own_entries_gets_all_of_them(connect: Connect, ann: Browser) -> None:
    watcher = connect(headers=ann.cookie)
    watcher.ask("watch_history", {"mine": True})
    entry = ann.upload()
    assert watcher.wait_for("history_added", 1) == entry
    assert watcher.events == []


def test_own_entries_taken_along_are_removed_from_those_who_watch(
    connect: Connect, guest: Browser
) -> None:
    entry = guest.upload()
    watcher = connect(headers=guest.cookie)
    watcher.ask("watch_history", {"mine": True})
    guest.sign_up(take_along="y")
    assert watcher.wait_for("history_removed", 1) == {"id": entry["id"]}


def test_unchanged_save_is_not_announced_again(connect: Connect) -> None:
    maker, watcher, drawing = connect(), connect(), str(uuid4())
    watcher.ask("watch_history", {})
    for _ in range(2):
        maker.ask("save", {"drawing": drawing, "image": png("7")})
    marker = save(maker)
    assert watcher.wait_for("history_added", 1)["id"] == drawing
    assert watcher.wait_for("history_added", 1) == marker
    assert watcher.events == []


def test_changed_drawing_loses_its_correction(client: Client) -> None:
    entry = save(client)
    client.ask("correct_entry", {"id": entry["id"], "text": "1"})
    changed = client.ask("save", {"drawing": entry["id"], "image": png("70")})["entry"]
    assert (changed["predicted"], changed["corrected"]) == ("70", None)


def test_correction_with_signs_is_found(client: Client) -> None:
    entry = save(client)
    corrected = client.ask("correct_entry", {"id": entry["id"], "text": "-8%\n24/12"})["entry"]
    assert corrected["corrected"] == "-8%\n24/12"
    for search in ("-8%", "8%", "24/1", "%\n24/12"):
        assert client.ask("list_history", {"search": search})["entries"] == [corrected]


def test_list_pages_hold_every_entry_once_newest_first(client: Client) -> None:
    made = [save(client)["id"] for _ in range(5)]
    listed, cursor = [], None
    while True:
        page = client.ask("list_history", {"limit": 2, "before": cursor})
        listed += page["entries"]
        cursor = page["next"]
        if cursor is None:
            break
    ids = [entry["id"] for entry in listed]
    assert len(ids) == len(set(ids))
    assert [id for id in ids if id in made] == made[::-1]


def test_pages_of_newer_entries_hold_every_entry_once(client: Client) -> None:
    oldest, *newer = [save(client) for _ in range(6)]
    listed: list[str] = []
    cursor: str | None = f"{oldest['timestamp']}~{oldest['id']}"
    while cursor is not None:
        page = client.ask("list_history", {"limit": 2, "after": cursor})
        listed = [entry["id"] for entry in page["entries"]] + listed
        cursor = page["next"]
    made = [entry["id"] for entry in newer]
    assert len(listed) == len(set(listed))
    assert [id for id in listed if id in made] == made[::-1]


def test_page_between_two_cursors_holds_no_other_entry(client: Client) -> None:
    made = [save(client) for _ in range(4)]
    after, before = (f"{made[end]['timestamp']}~{made[end]['id']}" for end in (0, 3))
    page = client.ask("list_history", {"after": after, "before": before})
    ids = [entry["id"] for entry in page["entries"]]
    assert [id for id in ids if id in {entry["id"] for entry in made}] == [
        made[2]["id"],
        made[1]["id"],
    ]
    assert page["next"] is None


def test_list_filters_by_text_and_input_type(client: Client) -> None:
    save(client, "71")
    uploaded = client.ask("upload", {"image": png("1037")})["entry"]
    answer = client.ask("list_history", {"search": "103", "input_type": "upload", "limit": 1})
    assert answer["entries"] == [uploaded]
    assert client.ask("list_history", {"search": "103", "input_type": "canvas"})["entries"] == []
    assert client.ask("list_history", {"search": "1%7"})["entries"] == []
