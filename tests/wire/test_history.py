"""The history as real clients list it and watch it live."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from tests.pictures import png
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


def test_list_filters_by_text_and_input_type(client: Client) -> None:
    save(client, "71")
    uploaded = client.ask("upload", {"image": png("1037")})["entry"]
    answer = client.ask("list_history", {"search": "103", "input_type": "upload", "limit": 1})
    assert answer["entries"] == [uploaded]
    assert client.ask("list_history", {"search": "103", "input_type": "canvas"})["entries"] == []
    assert client.ask("list_history", {"search": "%"})["entries"] == []
