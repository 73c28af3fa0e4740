"""New tokens on the way from the form that created them to the one page that shows them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

MAX_AGE_S = 60.0  # a browser follows a redirect at once


@dataclass(frozen=True)
class NewToken:
    """A token with its secret, which is shown once."""

    label: str
    secret: str


class NewTokens:
    """Tokens that wait to be shown once, each to the session that created it.

    They wait in memory: a URL is kept in browser histories, a cookie can come back with a parallel
    response, and the database holds no secrets.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[UUID, tuple[float, NewToken]] = {}
        self._lock = threading.Lock()

    def put(self, session: UUID, token: NewToken) -> None:
        """Keep a token for the next page of a session, for at most MAX_AGE_S."""
        with self._lock:
            self._drop_old()
            self._waiting[session] = (self._clock(), token)

    def take(self, session: UUID) -> NewToken | None:
        """Return the token that waits for a session, and forget it."""
        with self._lock:
            self._drop_old()
            _, token = self._waiting.pop(session, (0.0, None))
        return token

    def _drop_old(self) -> None:
        oldest_s = self._clock() - MAX_AGE_S
        self._waiting = {
            session: entry for session, entry in self._waiting.items() if entry[0] >= oldest_s
        }
