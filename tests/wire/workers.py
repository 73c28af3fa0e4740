"""Clients that change their own histories, and know what must have been kept."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any
from uuid import uuid4

from tests.pictures import png
from tests.wire.accounts import Browser, Served
from tests.wire.conftest import Client

Entries = dict[str, str | None]  # id → correction

RETRY_S = 0.5  # less than the 3 s of a page; who asks without a pause has to wait for 5 s
FEW = 3  # entries, of which none is changed yet
PICTURE = png("407")


class Worker:
    """A client of an account, with one request at a time."""

    def __init__(self, server: Served, seed: int, clock: Callable[[], int]) -> None:
        self._server = server
        self._browser = Browser(server).sign_up()
        self._random = random.Random(seed)
        self._clock = clock
        self._sent: tuple[str, dict[str, Any]] | None = None
        self._answer: dict[str, Any] | None = None
        self.history: list[tuple[int, Entries]] = [(0, {})]  # after each answer, and its time

    def __repr__(self) -> str:
        return f"{self.name} waits for {self._sent}, last answered {self._answer}"

    @property
    def name(self) -> str:
        return self._browser.name

    @property
    def entries(self) -> Entries:
        """Return what has been acknowledged."""
        return self.history[-1][1]

    @property
    def cookie(self) -> dict[str, str]:
        return self._browser.cookie

    @property
    def is_waiting(self) -> bool:
        """Whether the last request is not answered."""
        return self._sent is not None

    def work(self, ended: threading.Event | None = None) -> None:
        """Change at random until the connection breaks; first what was not answered before.

        Or until an event, up to which what is unavailable is asked for again.
        """
        with closing(Client(self._server.url, headers=self._browser.cookie)) as client:
            while self._sent or not (ended and ended.is_set()):
                self._sent = self._sent or self._choose()
                answer = self._answer = client.ask_if_connected(*self._sent)
                if answer is None:
                    return
                if ended and not answer["ok"] and answer["error"]["code"] == "unavailable":
                    time.sleep(RETRY_S)
                    continue
                assert answer["ok"] or answer["error"]["code"] == "not_found", answer
                self.history.append((self._clock(), self.entries_if_sent()))
                self._sent = None

    def entries_if_sent(self) -> Entries:
        """Return the entries that there are if the last request was performed."""
        if self._sent is None:
            return self.entries
        event, payload = self._sent
        id = payload.get("drawing") or payload["id"]
        if event == "delete_entry":
            return {each: text for each, text in self.entries.items() if each != id}
        return self.entries | {id: payload.get("text")}

    def may_have(self, time: int) -> Sequence[Entries]:
        """Return the histories that there may be if all ended at a time."""
        past = [entries for at, entries in self.history if at <= time]
        future = [entries for at, entries in self.history if at > time]
        return [past[-1], (future or [self.entries_if_sent()])[0]]

    def close(self) -> None:
        self._browser.http.close()

    def _choose(self) -> tuple[str, dict[str, Any]]:
        event = self._random.choice(("save", "save", "correct_entry", "delete_entry"))
        if event == "save" or len(self.entries) < FEW:
            return "save", {"drawing": str(uuid4()), "image": PICTURE}
        id = self._random.choice(list(self.entries))
        if event == "delete_entry":
            return event, {"id": id}
        return event, {"id": id, "text": str(self._random.randrange(1_000))}
