"""Histories of accounts that are changed and watched while something goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any

from socketio.exceptions import SocketIOError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from server.database.schema import entries
from tests.conftest import wait_until
from tests.databases import connected
from tests.wire.conftest import Client
from tests.wire.workers import RETRY_S, Entries, Worker

WORK_S = 0.5  # before a fault
EQUAL_S, STOP_S = 5, 30
BROKEN = (SocketIOError, OSError, AssertionError, ValueError)

Fault = Callable[[], object]


def entries_of(owner: str, database_url: str) -> Entries:
    """Return what the database has."""
    query = select(entries.c.id, entries.c.corrected).where(entries.c.owner == owner)
    with connected(database_url) as connection:
        return {str(id): text for id, text in connection.execute(query)}


class Page:
    """A history page of an account, which comes back whenever its connection breaks."""

    def __init__(self, url: str, cookie: dict[str, str]) -> None:
        self._url = url
        self._cookie = cookie
        self._last: dict[str, Any] = {}
        self.doing = "nothing"
        self.entries: Entries = {}

    def __repr__(self) -> str:
        return f"{self.doing} {self._last} {self.entries}"

    def follow(self, ended: threading.Event) -> None:
        while not ended.is_set():
            self.doing = "connects"
            with suppress(*BROKEN), closing(Client(self._url, headers=self._cookie)) as client:
                self._watch(client, ended)

    def _watch(self, client: Client, ended: threading.Event) -> None:
        """Follow the events; those that were missed come before the answer, others may too."""
        self.doing = "asks"
        while not (answer := client.ask("watch_history", self._last | {"limit": 100}))["ok"]:
            self.doing = f"asks after {answer}"
            if ended.wait(RETRY_S):
                return
        mark = {"since": answer["position"], "epoch": answer["epoch"]}
        if answer["recovered"]:
            self._take(client)
        else:
            assert answer["next"] is None
            self.entries = {each["id"]: each["corrected"] for each in answer["entries"]}
            self._last = mark
        self.doing = "follows"
        while client.connected and not ended.wait(0.05):
            self._take(client)

    def _take(self, client: Client) -> None:
        while client.events:
            name, event = client.events.pop(0)
            mark = client.marks.pop(0)
            if mark["epoch"] == self._last["epoch"] and mark["since"] <= self._last["since"]:
                raise RuntimeError(f"{name} came at {mark} after {self._last}")
            self._last = mark
            if name == "history_removed":
                self.entries.pop(event["id"], None)
            else:
                self.entries[event["id"]] = event["corrected"]


def work(worker: Worker, ended: threading.Event) -> None:
    """Work until the end, and until the last request is answered."""
    while worker.is_waiting or not ended.is_set():
        with suppress(*BROKEN):
            worker.work(ended)


@contextmanager
def running(acts: list[Callable[[threading.Event], object]]) -> Iterator[threading.Event]:
    """Run each in a thread, until an event, which is set in the end if it was not before."""
    ended = threading.Event()
    threads = [threading.Thread(target=act, args=[ended], daemon=True) for act in acts]
    for each in threads:
        each.start()
    try:
        yield ended
    finally:
        ended.set()
        for each in threads:
            each.join(STOP_S)
    assert not any(each.is_alive() for each in threads), acts


def endure(faults: Sequence[Fault], url: str, database_url: str, workers: list[Worker]) -> None:
    """Let accounts work during each fault, and a page of each watch; see that all is well after it.

    In time every page shows what the database has, which is all that was acknowledged.
    """
    pages = [Page(url, worker.cookie) for worker in workers]
    with running([page.follow for page in pages]):
        waits_s = [_endure(fault, database_url, workers, pages) for fault in faults]
    changes = sum(len(worker.history) for worker in workers)
    print(
        f"{changes} changes acknowledged through {len(faults)} faults; all pages were equal to the "
        f"database at most {max(waits_s):.1f} s after a fault"
    )


def _endure(fault: Fault, database_url: str, workers: list[Worker], pages: list[Page]) -> float:
    """Return how long after the fault all pages were equal to the database."""
    with running([partial(work, worker) for worker in workers]) as ended:
        time.sleep(WORK_S)
        fault()
        ended_s = time.monotonic()
        ended.set()
        _wait_for_all(workers, pages, database_url, ended_s + EQUAL_S, str(fault))
        wait_s = time.monotonic() - ended_s
    _wait_for_all(workers, pages, database_url, time.monotonic() + EQUAL_S, str(fault))
    assert [page.entries for page in pages] == [worker.entries for worker in workers], fault
    return wait_s


def _wait_for_all(
    workers: list[Worker], pages: list[Page], database_url: str, end_s: float, fault: str
) -> None:
    """Wait until every page shows what the database has."""
    for worker, page in zip(workers, pages, strict=True):
        is_equal = partial(_is_equal, page, worker.name, database_url)
        wait_until(is_equal, end_s - time.monotonic(), partial("{}\n{}".format, fault, page))


def _is_equal(page: Page, owner: str, database_url: str) -> bool:
    with suppress(OperationalError):  # this connection may be disturbed too
        return page.entries == entries_of(owner, database_url)
    return False
