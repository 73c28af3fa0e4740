"""The link to the Redis server in which several processes share what they count.

While Redis is away or slow, nobody waits for it: after a failure, each use is refused at once, but
for one try from time to time. (Nygard, "Release It!", Circuit Breaker.)
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from server.monitoring.metrics import REDIS_UP

PREFIX = "digits:"  # of all keys
TIMEOUT_S = 0.2  # to connect, for an answer, and for the answers to others before
RETRY_S = 3.0

log = logging.getLogger(__name__)


class RedisAway(Exception):
    """Redis is not to be reached now."""


class RedisLink:
    """One connection to Redis, used in turn. Safe across threads."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        parts = urlsplit(url)
        self._name = f"{parts.hostname}:{parts.port or 6379}"  # without the password
        self._clock = clock
        self._turns = threading.Lock()
        self._is_up = True
        self._next_try_s = -math.inf
        self.client: Redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,  # connecting takes no question, nor does Redis interrupt with notices
            driver_info=None,
        )

    def start(self) -> None:
        """Try Redis once, so that the log tells at the start if it is away."""
        REDIS_UP.labels(self._name).set_function(self.answers)
        self.answers()

    def stop(self) -> None:
        REDIS_UP.remove(self._name)
        self.client.close()

    @contextmanager
    def turn(self) -> Iterator[Redis]:
        """Wait for a turn to ask Redis. Raises RedisAway, within a fraction of a second."""
        self._refuse_while_away()
        if not self._turns.acquire(timeout=TIMEOUT_S):
            raise RedisAway
        try:
            self._refuse_while_away()  # the one before may have found that
            if not self._is_up:
                self._next_try_s = self._clock() + RETRY_S  # others need not wait for this try
            yield self.client
            self._note_success()
        except (RedisError, OSError) as error:
            self._note_failure(error)
            raise RedisAway from error
        finally:
            self._turns.release()

    def answers(self) -> bool:
        """Return whether Redis answers, as far as is known or may be tried now."""
        try:
            with self.turn() as client:
                return bool(client.ping())
        except RedisAway:
            return False

    def _refuse_while_away(self) -> None:
        if self._clock() < self._next_try_s:
            raise RedisAway

    def _note_success(self) -> None:
        self._next_try_s = -math.inf
        if not self._is_up:
            self._is_up = True
            log.warning("Redis at %s is back: the processes share their limits again.", self._name)

    def _note_failure(self, error: Exception) -> None:
        self._next_try_s = self._clock() + RETRY_S
        if self._is_up:
            self._is_up = False
            log.warning(
                "Redis at %s is away (%s): each process counts for itself.", self._name, error
            )
