"""Token buckets in Redis, shared by several processes.

A process takes tokens of a large bucket ahead, in lumps, and spends them by itself: most requests
so need no answer from Redis. README.md says how far a limit may be missed for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from server.limits.rate_limits import MAX_BUCKETS, MAX_WAIT_S, NEVER_S, Buckets, Key
from server.limits.redis_link import PREFIX, RedisAway, RedisLink

LUMPS = 100  # of a full bucket; where it holds less than twice as many, tokens are taken singly

# As MemoryBuckets.take, for a lump. A bucket that is full again expires.
TAKE = """
local amount, period_s = tonumber(ARGV[1]), tonumber(ARGV[2])
local lump, max_wait_s = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now_s = time[1] + time[2] / 1e6
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'moment_s')
local tokens, moment_s = tonumber(bucket[1] or amount), tonumber(bucket[2] or now_s)
tokens = math.min(amount, tokens + math.max(0, now_s - moment_s) * amount / period_s)
local wait_s = math.max(0, (1 - tokens) * period_s / amount)
if wait_s > max_wait_s then
  return {tostring(wait_s), 0}
end
local taken = math.max(1, math.min(lump, math.floor(tokens)))
tokens = tokens - taken
redis.call('HSET', KEYS[1],
  'tokens', string.format('%.9f', tokens), 'moment_s', string.format('%.6f', now_s))
redis.call('PEXPIRE', KEYS[1], math.ceil((amount - tokens) * period_s / amount * 1000))
return {tostring(wait_s), taken}
"""


@dataclass
class Held:
    """Tokens that this process took ahead; they lapse after a period of their limit."""

    tokens: int
    until_s: float


class RedisBuckets:
    """Buckets in Redis; while it is away, those of this process."""

    def __init__(
        self, redis: RedisLink, local: Buckets, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._local = local
        self._clock = clock
        self._script = redis.client.register_script(TAKE)
        self._held: dict[Key, Held] = {}
        self._lock = threading.Lock()

    def take(self, key: Key, amount: int, max_wait_s: float = MAX_WAIT_S) -> float:
        count = 0 if max_wait_s == NEVER_S else 1
        if self._spend(key, count):
            return 0.0
        try:
            with self._redis.turn():
                # While this one waited for its turn, another one may have taken a lump.
                return 0.0 if self._spend(key, count) else self._fetch(key, amount, max_wait_s)
        except RedisAway:
            return self._local.take(key, amount, max_wait_s)

    def _spend(self, key: Key, count: int) -> bool:
        with self._lock:
            held = self._held.get(key)
            if not held or not held.tokens or held.until_s <= self._clock():
                return False
            held.tokens -= count
            return True

    def _fetch(self, key: Key, amount: int, max_wait_s: float) -> float:
        """Take a lump, or a token; keep what is over, and return the wait."""
        limit, client = key
        lump = max(1, amount // LUMPS)
        wait_s, taken = self._script(
            keys=[f"{PREFIX}bucket:{limit.value}:{client}"],
            args=[amount, limit.period_s, lump, max_wait_s],
        )
        if taken > 1:
            self._hold(key, Held(taken - 1, self._clock() + limit.period_s))
        return float(wait_s)

    def _hold(self, key: Key, held: Held) -> None:
        with self._lock:
            if len(self._held) >= MAX_BUCKETS:
                self._held.clear()
            self._held[key] = held
