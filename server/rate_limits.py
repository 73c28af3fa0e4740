"""How often one address, and one account, may do what: token buckets.

A bucket holds a minute's worth of tokens and is filled steadily. Who takes more than it holds is
slowed first: the wait until the token is there, as long as that is short. Beyond it they are
refused. (Turner, "New Directions in Communications", IEEE Communications Magazine 24(10), 1986.)
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from server.errors import RateLimited

LONGEST_WAIT_S = 2.0
ACCOUNT_SHARE = 3  # an account is used from several addresses, so that no one of them can empty it
MOST_BUCKETS = 10_000  # before those that are full again, as good as new ones, are thrown away


@dataclass
class Bucket:
    """Tokens as of a moment; fewer than none when they are lent to those who wait."""

    tokens: float
    moment_s: float


class Rates:
    """Buckets for actions, each with its number of times a minute, in memory."""

    def __init__(self, per_minute: Mapping[str, int]) -> None:
        self._per_minute = per_minute
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._room = MOST_BUCKETS
        self._lock = threading.Lock()

    def admit(
        self,
        action: str,
        address: str,
        account: str | None = None,
        tell: Callable[[float], object] = lambda _wait_s: None,
    ) -> None:
        """Let an action happen, after a wait that the client is told of. Raises RateLimited."""
        wait_s = self.take(action, address, account)
        if wait_s:
            tell(wait_s)
            time.sleep(wait_s)

    def take(self, action: str, address: str, account: str | None = None) -> float:
        """Take a token for an action; returns how many seconds to wait before it is done.

        Raises RateLimited when that would be too long, and takes none then.
        """
        amount = self._per_minute[action]
        wait_s = self._take((action, network(address)), amount)
        if account is None:
            return wait_s
        return max(wait_s, self._take((action, f"account {account}"), ACCOUNT_SHARE * amount))

    def refuse_empty(self, action: str, address: str) -> None:
        """Raise RateLimited if `take` would; a cheap look before a request is handled at all."""
        with self._lock:
            self._wait_s((action, network(address)), self._per_minute[action])

    def _take(self, key: tuple[str, str], amount: int) -> float:
        with self._lock:
            wait_s = self._wait_s(key, amount)
            self._buckets[key].tokens -= 1
        return wait_s

    def _wait_s(self, key: tuple[str, str], amount: int) -> float:
        """How long the next token of a bucket is waited for. Raises RateLimited if too long."""
        now_s, rate = time.monotonic(), amount / 60
        bucket = self._buckets.get(key) or self._add(key, Bucket(amount, now_s))
        bucket.tokens = min(amount, bucket.tokens + rate * (now_s - bucket.moment_s))
        bucket.moment_s = now_s
        wait_s = (1 - bucket.tokens) / rate
        if wait_s > LONGEST_WAIT_S:
            reason = f"That is more than {amount} times in a minute."
            raise RateLimited(reason, math.ceil(wait_s))
        return max(0.0, wait_s)

    def _add(self, key: tuple[str, str], bucket: Bucket) -> Bucket:
        if len(self._buckets) >= self._room:
            self._throw_away_full(bucket.moment_s)
        self._buckets[key] = bucket
        return bucket

    def _throw_away_full(self, now_s: float) -> None:
        """Some time after a minute every bucket is full, whatever was taken from it."""
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if now_s - bucket.moment_s < 60 + LONGEST_WAIT_S
        }
        self._room = max(MOST_BUCKETS, 2 * len(self._buckets))


@lru_cache(MOST_BUCKETS)
def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that an IPv6 host has to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
