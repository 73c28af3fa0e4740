"""The events of other processes, while the database is away now and then."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from server.errors import Unavailable
from server.sockets import shared_events
from server.sockets.shared_events import SharedEvents
from tests.conftest import wait_until


class Journal:
    """A journal in which something is new once."""

    def __init__(self) -> None:
        self._news = [True]

    def wait(self, timeout_s: float) -> bool:
        time.sleep(timeout_s)
        return bool(self._news) and self._news.pop()

    def prune(self) -> None: ...

    def hang_up(self) -> None: ...


class Publisher:
    """A publisher that cannot read the journal at first."""

    def __init__(self, failures: int) -> None:
        self._failures = failures
        self.has_caught_up = threading.Event()

    def catch_up(self) -> None:
        if self._failures:
            self._failures -= 1
            raise Unavailable("The history cannot be reached right now.")
        self.has_caught_up.set()


def test_news_that_could_not_be_sent_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_events, "WAIT_S", 0.01)
    publisher: Any = Publisher(failures=3)
    journal: Any = Journal()
    events = SharedEvents(journal, publisher, lambda call, *arguments: call(*arguments))
    events.start()
    wait_until(publisher.has_caught_up.is_set)
    events.stop()
