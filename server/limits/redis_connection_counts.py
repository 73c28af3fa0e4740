"""Connections that several processes count together in Redis.

A process takes places for the connections of an address, in lumps, and gives each connection one
of them without asking. What it holds is renewed from time to time, or given back where it is not
used; what a process held that has ended lapses. README.md says how far a limit may be missed.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

from redis import Redis

from server.limits.redis_link import PREFIX, RedisAway, RedisLink

LUMPS = 100  # of the places of an address
RENEW_S = 10
LAPSE_S = 3 * RENEW_S  # until the places of a process that has ended are free
BATCH = 200  # addresses that are renewed in one turn

# A hash for each address: what each process holds, and until when. Of what it wants, a process gets
# what others leave.
HOLD = """
local process, wanted = ARGV[1], tonumber(ARGV[2])
local max_count, lapse_s = tonumber(ARGV[3]), tonumber(ARGV[4])
local now_s = tonumber(redis.call('TIME')[1])
local others = 0
local held = redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do
  local count, until_s = string.match(held[i + 1], '(%d+) (%d+)')
  if tonumber(until_s) <= now_s then
    redis.call('HDEL', KEYS[1], held[i])
  elseif held[i] ~= process then
    others = others + tonumber(count)
  end
end
local got = math.max(0, math.min(wanted, max_count - others))
if got > 0 then
  redis.call('HSET', KEYS[1], process, string.format('%d %d', got, now_s + lapse_s))
  redis.call('EXPIRE', KEYS[1], lapse_s)
else
  redis.call('HDEL', KEYS[1], process)
end
return got
"""


class RedisConnectionCounts:
    """Counts in Redis; while it is away, those of this process alone."""

    def __init__(self, redis: RedisLink, max_count: int, lapse_s: int = LAPSE_S) -> None:
        self.max_count = max_count
        self._redis = redis
        self._lapse_s = lapse_s
        self._process = uuid4().hex
        self._script = redis.client.register_script(HOLD)
        self._held: dict[str, int] = {}
        self._used: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, address: str) -> bool:
        if self._use(address):
            return True
        try:
            with self._redis.turn() as client:
                # While this one waited for its turn, another one may have taken a lump.
                if not self._use(address):
                    self._hold(client, [address], spare=max(1, self.max_count // LUMPS))
        except RedisAway:
            return self._use(address, of=self.max_count)
        return self._use(address)

    def leave(self, address: str) -> None:
        with self._lock:
            self._used[address] -= 1
            if not self._used[address]:
                del self._used[address]

    def renew(self) -> None:
        """Keep the places that are used from lapsing, and give back all others."""
        addresses = [*self._held]
        for first in range(0, len(addresses), BATCH):
            with suppress(RedisAway), self._redis.turn() as client:
                self._hold(client, addresses[first : first + BATCH])

    def _use(self, address: str, of: int | None = None) -> bool:
        with self._lock:
            if self._used[address] >= (self._held.get(address, 0) if of is None else of):
                return False
            self._used[address] += 1
            return True

    def _hold(self, client: Redis, addresses: Sequence[str], spare: int = 0) -> None:
        """Hold as many places as are used, and some to spare."""
        pipeline = client.pipeline(transaction=False)
        for address in addresses:
            with self._lock:
                wanted = self._used[address] + spare
            key, bounds = f"{PREFIX}connections:{address}", [self.max_count, self._lapse_s]
            self._script(keys=[key], args=[self._process, wanted, *bounds], client=pipeline)
        counts = pipeline.execute()
        with self._lock:
            self._held.update(zip(addresses, counts, strict=True))
            self._held = {address: count for address, count in self._held.items() if count}
