"""Rate limits per address and per account (token buckets).

A bucket holds the tokens of one minute, or of one day, and refills steadily. A client that takes
more than it holds is slowed down first: it waits for the token, as long as that is short. Beyond
that it is refused.
(Turner, "New Directions in Communications", IEEE Communications Magazine 24(10), 1986.)
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Protocol

from server.errors import RateLimited

MAX_WAIT_S = 2.0
NEVER_S = -1.0  # shorter than any wait
ACCOUNT_SHARE = 3  # an account is used from several addresses: no one of them can empty its bucket
MAX_BUCKETS = 10_000  # before full ones, which equal new ones, are dropped


PERIODS_S = {"minute": 60, "day": 86_400}


class RateLimit(Enum):
    """A kind of request with a limit of its own; the value is its setting, and ends in a period."""

    FRAMES = "frames_per_minute"
    CHANGES = "changes_per_minute"
    UPLOADS = "uploads_per_minute"
    QUERIES = "queries_per_minute"
    PAGES = "pages_per_minute"
    SIGN_INS = "sign_ins_per_minute"
    GUEST_ENTRIES = "guest_entries_per_day"

    @property
    def period(self) -> str:
        return self.value.rpartition("_")[2]

    @property
    def period_s(self) -> int:
        return PERIODS_S[self.period]


Key = tuple[RateLimit, str]  # a limit, and an address or an account


class Buckets(Protocol):
    """A bucket for each limit and address or account. Safe across threads."""

    def take(self, key: Key, amount: int, max_wait_s: float = MAX_WAIT_S) -> float:
        """Take a token, unless its wait would be longer; return that wait in seconds.

        A bucket holds `amount` tokens. With NEVER_S, none is taken.
        """
        ...


@dataclass
class Bucket:
    """Tokens as of a moment; negative while clients wait for tokens they have taken ahead."""

    tokens: float
    moment_s: float


class MemoryBuckets:
    """Buckets in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[Key, Bucket] = {}
        self._room = MAX_BUCKETS
        self._lock = threading.Lock()

    def take(self, key: Key, amount: int, max_wait_s: float = MAX_WAIT_S) -> float:
        with self._lock:
            bucket = self._refill(key, amount)
            wait_s = max(0.0, (1 - bucket.tokens) * key[0].period_s / amount)
            if wait_s <= max_wait_s:
                bucket.tokens -= 1
        return wait_s

    def _refill(self, key: Key, amount: int) -> Bucket:
        """Return a bucket with the tokens that have come since it was last used."""
        now_s, rate = self._clock(), amount / key[0].period_s
        bucket = self._buckets.get(key) or self._add(key, Bucket(amount, now_s))
        bucket.tokens = min(amount, bucket.tokens + rate * (now_s - bucket.moment_s))
        bucket.moment_s = now_s
        return bucket

    def _add(self, key: Key, bucket: Bucket) -> Bucket:
        if len(self._buckets) >= self._room:
            self._drop_full(bucket.moment_s)
        self._buckets[key] = bucket
        return bucket

    def _drop_full(self, now_s: float) -> None:
        """Drop the buckets that have surely refilled: those not used for over their period."""
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if now_s - bucket.moment_s < key[0].period_s + MAX_WAIT_S
        }
        self._room = max(MAX_BUCKETS, 2 * len(self._buckets))


class RateLimits:
    """The amount of each limit, and what becomes of a request that finds no token."""

    def __init__(
        self,
        amounts: Mapping[RateLimit, int],
        buckets: Buckets,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._amounts = amounts
        self._buckets = buckets
        self._sleep = sleep

    def throttle(
        self,
        limit: RateLimit,
        address: str,
        account: str | None = None,
        on_wait: Callable[[float], object] = lambda _wait_s: None,
    ) -> None:
        """Take a token and wait until it is due; `on_wait` gets the seconds first.

        Raises RateLimited.
        """
        wait_s = self.take(limit, address, account)
        if wait_s:
            on_wait(wait_s)
            self._sleep(wait_s)

    def take(self, limit: RateLimit, address: str, account: str | None = None) -> float:
        """Take a token; return the seconds until it is due.

        Raises RateLimited, and takes none, when that would be more than MAX_WAIT_S.
        """
        amount = self._amounts[limit]
        wait_s = self._take((limit, network(address)), amount)
        if account is None:
            return wait_s
        return max(wait_s, self._take((limit, f"account {account}"), ACCOUNT_SHARE * amount))

    def refuse_empty(self, limit: RateLimit, address: str) -> None:
        """Raise RateLimited if `take` would; a cheap check before a request is parsed."""
        self._take((limit, network(address)), self._amounts[limit], NEVER_S)

    def charge(self, limit: RateLimit, address: str) -> None:
        """Take a token for what was done already, also if there is none."""
        self._buckets.take((limit, network(address)), self._amounts[limit], math.inf)

    def _take(self, key: Key, amount: int, max_wait_s: float = MAX_WAIT_S) -> float:
        wait_s = self._buckets.take(key, amount, max_wait_s)
        if wait_s > MAX_WAIT_S:
            reason = f"Rate limit exceeded: at most {amount} per {key[0].period}."
            raise RateLimited(reason, math.ceil(wait_s))
        return wait_s


@lru_cache(MAX_BUCKETS)
def network(address: str) -> str:
    """Return the network that counts as one address: an IPv4 address, or an IPv6 host's /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
