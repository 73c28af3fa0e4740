"""Events of the history that a client missed while it was away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import ServerProcess, wait_until
from tests.wire.accounts import Browser
from tests.wire.changes import Event, change_at_random, save
from tests.wire.conftest import Client

pytestmark = pytest.mark.every_mode

Connect = Callable[..., Client]

CHANGES = 1_000


def mark_of(answer: dict[str, Any]) -> dict[str, Any]:
    return {"since": answer["position"], "epoch": answer["epoch"]}


class Wanderer:
    """A watcher whose connection breaks again and again."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self.events: list[Event] = []
        self.client = connect()
        self._last = mark_of(self.client.ask("watch_history", {}))

    def return_(self) -> None:
        """Break the connection, open another, and ask for what was missed."""
        self.client.cut()
        self._take()
        self.client = self._connect()
        answer = self.client.ask("watch_history", self._last)
        assert answer["recovered"], answer
        assert answer["entries"] == []
        self._last = mark_of(answer)

    def wait_for(self, count: int) -> list[Event]:
        wait_until(lambda: len(self.events) + len(self.client.events) >= count, 20)
        self._take()
        return self.events

    def _take(self) -> None:
        self._last = [self._last, *self.client.marks][-1]
        self.events += [(name, event["id"]) for name, event in self.client.events]
        self.client.events.clear()


def test_client_that_comes_back_gets_every_event_once_in_order(connect: Connect) -> None:
    maker, watcher = connect(), Wanderer(connect)
    caused: list[Event] = []
    work = threading.Thread(target=lambda: caused.extend(change_at_random(maker, CHANGES)))
    work.start()
    while work.is_alive():
        work.join(timeout=0.2)
        watcher.return_()
    assert watcher.wait_for(len(caused)) == caused
    assert len(caused) == CHANGES


def test_client_that_missed_nothing_gets_no_list(connect: Connect) -> None:
    watcher = connect()
    save(watcher)
    answer = watcher.ask("watch_history", {})
    assert (answer["recovered"], len(answer["entries"]) > 0) == (False, True)
    answer = watcher.ask("watch_history", mark_of(answer))
    assert (answer["recovered"], answer["entries"]) == (True, [])


def test_missed_events_are_those_of_the_watched_history(connect: Connect, ann: Browser) -> None:
    guest, watcher = connect(), connect(headers=ann.cookie)
    last = mark_of(watcher.ask("watch_history", {}))
    watcher.cut()
    save(guest)
    entry = ann.upload()
    save(guest)
    again = connect(headers=ann.cookie)
    assert again.ask("watch_history", last)["recovered"]
    assert again.events == [("history_added", entry)]


def test_events_follow_those_that_were_missed(connect: Connect) -> None:
    maker, watcher = connect(), connect()
    last = mark_of(watcher.ask("watch_history", {}))
    watcher.cut()
    missed = save(maker)
    again = connect()
    again.ask("watch_history", last)
    followed = save(maker)
    assert again.wait_for("history_added")["id"] == missed
    assert again.wait_for("history_added")["id"] == followed
    assert again.events == []


@pytest.mark.sqlite
def test_client_of_another_epoch_gets_a_fresh_list(
    connect: Connect, serve: Callable[..., ServerProcess]
) -> None:
    server = serve()
    watcher = connect(server)
    drawing = save(watcher)
    last = mark_of(watcher.ask("watch_history", {}))
    watcher.cut()
    server.stop()
    server.start()
    answer = connect(server).ask("watch_history", last)
    assert not answer["recovered"]
    assert [entry["id"] for entry in answer["entries"]] == [drawing]
    assert answer["epoch"] != last["epoch"]


def test_place_of_an_event_needs_both_its_fields(client: Client) -> None:
    answer = client.ask("watch_history", {"since": 3})
    assert answer["error"]["code"] == "invalid_payload"
    assert "send both or neither" in answer["error"]["message"]
