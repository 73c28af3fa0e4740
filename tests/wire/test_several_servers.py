"""Several servers on one PostgreSQL: what is changed through one of them is seen through all."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import ASYNC_MODES, START_S, ServerProcess, wait_until
from tests.databases import PostgresServer
from tests.pictures import png
from tests.wire.changes import Event, change_at_random, save
from tests.wire.conftest import Client
from tests.wire.test_recovery import Wanderer, mark_of

pytestmark = pytest.mark.postgresql

Connect = Callable[..., Client]

CHANGES = 200
EQUAL_S = 5
FILLED, KEPT = 40, 15  # through each server; in all
PICTURE = png("7")


@pytest.fixture
def servers(
    own_postgres: PostgresServer, serve: Callable[..., ServerProcess]
) -> Iterator[list[ServerProcess]]:
    """Servers on a database of their own, one in each async mode."""
    settings = {
        "database_url": own_postgres.create(f"digits_{uuid4().hex}"),
        "secret_key": "k" * 32,
    }
    servers = [serve(async_mode=mode, **settings) for mode in ASYNC_MODES]
    yield servers
    for each in servers:
        each.stop()


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connect clients to any of the servers."""
    with ExitStack() as stack:

        def connect(server: ServerProcess) -> Client:
            client = Client(server.url)
            stack.callback(client.close)
            return client

        yield connect


def watch(client: Client) -> Client:
    client.ask("watch_history", {})
    return client


def told(client: Client) -> list[Event]:
    return [(name, event["id"]) for name, event in client.events]


def change_through_all(servers: list[ServerProcess], connect: Connect) -> list[list[Event]]:
    with ThreadPoolExecutor(len(servers)) as threads:
        makers = [connect(each) for each in servers]
        return [*threads.map(change_at_random, makers, [CHANGES] * len(servers))]


def test_watchers_of_all_servers_get_all_events_in_the_same_order(
    servers: list[ServerProcess], connect: Connect
) -> None:
    watchers = [watch(connect(each)) for each in servers]
    caused = change_through_all(servers, connect)
    for each in watchers:
        wait_until(lambda each=each: len(each.events) >= len(servers) * CHANGES)
    first, *others = map(told, watchers)
    assert others == [first] * len(others)
    assert len(first) == len(servers) * CHANGES
    for own in caused:
        ids = {id for _, id in own}
        assert [event for event in first if event[1] in ids] == own


def test_client_that_comes_back_to_any_server_gets_every_event_once_in_order(
    servers: list[ServerProcess], connect: Connect
) -> None:
    turn = [0]

    def connect_elsewhere() -> Client:
        turn[0] += 1
        return connect(servers[turn[0] % len(servers)])

    maker, watcher = connect(servers[0]), Wanderer(connect_elsewhere)
    caused: list[Event] = []
    work = threading.Thread(target=lambda: caused.extend(change_at_random(maker, CHANGES)))
    work.start()
    while work.is_alive():
        work.join(timeout=0.1)
        watcher.return_()
    assert watcher.wait_for(len(caused)) == caused


def test_events_go_on_after_a_restart_of_the_database(
    own_postgres: PostgresServer, servers: list[ServerProcess], connect: Connect
) -> None:
    maker, *watchers = [watch(connect(each)) for each in servers]
    before = save(maker)
    for watcher in watchers:
        assert watcher.wait_for("history_added")["id"] == before
    own_postgres.stop(at_once=True)
    own_postgres.start()
    after = wait_for_save(maker)
    for watcher in watchers:
        assert watcher.wait_for("history_added")["id"] == after
        assert watcher.events == []


def test_killed_server_has_told_all_that_it_has_committed(
    servers: list[ServerProcess], connect: Connect
) -> None:
    client = connect(servers[1])
    last = mark_of(client.ask("watch_history", {}))
    makers = [connect(servers[0]) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        for maker in makers:
            threads.submit(save_until_closed, maker)
        wait_until(lambda: len(client.events) > 20)
        servers[0].kill()
    wait_until(lambda: {id for _, id in told(client)} == listed(client), EQUAL_S)
    again = connect(servers[1])
    assert again.ask("watch_history", last)["recovered"]
    assert told(again) == told(client)


def save_until_closed(maker: Client) -> None:
    while maker.ask_if_connected("save", {"drawing": str(uuid4()), "image": PICTURE}):
        pass


def wait_for_save(maker: Client) -> str:
    """Save as a browser does, until it is kept."""
    drawing, answer = str(uuid4()), {"ok": False}
    while not answer["ok"]:
        answer = maker.ask("save", {"drawing": drawing, "image": PICTURE})
    return drawing


def listed(client: Client) -> set[str]:
    answer: dict[str, Any] = client.ask("list_history", {"limit": 100})
    return {entry["id"] for entry in answer["entries"]}


def test_servers_that_start_at_once_delete_too_much_together_and_no_more(
    servers: list[ServerProcess],
) -> None:
    with ThreadPoolExecutor(len(servers)) as threads:
        [*threads.map(fill, servers)]
        for each in servers:
            each.stop()
            each.settings["keep_entries"] = str(KEPT)
        [*threads.map(ServerProcess.start, servers)]
    deleted = len(servers) * FILLED - KEPT
    wait_until(lambda: sum(map(deletions, servers)) >= deleted, EQUAL_S * 2)
    time.sleep(1)  # in which others would go on
    assert sum(map(deletions, servers)) == deleted


def fill(server: ServerProcess) -> None:
    with httpx.Client(base_url=server.url, timeout=START_S) as http:
        for _ in range(FILLED):
            http.post("/api/predictions", content=PICTURE).raise_for_status()


def deletions(server: ServerProcess) -> int:
    """Return how many entries a server says that it has deleted."""
    return sum(map(int, re.findall(r"Retention deleted (\d+) entries", server.log())))
