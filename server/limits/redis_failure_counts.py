"""Failed sign-ins, counted in Redis by several processes together."""

from __future__ import annotations

from collections.abc import Mapping

from server.limits.failure_counts import FORGET_S, Delays, FailureCounts
from server.limits.redis_link import PREFIX, RedisAway, RedisLink

# As MemoryFailureCounts.begin and Delays.after; a count expires where that forgets.
BEGIN = """
local time = redis.call('TIME')
local now_s = time[1] + time[2] / 1e6
local wait_s = 0
for i, key in ipairs(KEYS) do
  local free, longest_s = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local count = redis.call('HMGET', key, 'failures', 'last_s')
  local failures = tonumber(count[1] or 0)
  if failures > 0 and failures >= free then
    local delay_s = math.min(longest_s, 2 ^ math.min(failures - free, 32))
    wait_s = math.max(wait_s, count[2] + delay_s - now_s)
  end
end
if wait_s == 0 then
  for _, key in ipairs(KEYS) do
    redis.call('HINCRBY', key, 'failures', 1)
    redis.call('HSET', key, 'last_s', string.format('%.6f', now_s))
    redis.call('EXPIRE', key, ARGV[1])
  end
end
return tostring(wait_s)
"""

TAKE_BACK = """
if tonumber(redis.call('HGET', KEYS[1], 'failures') or 0) > 0 then
  redis.call('HINCRBY', KEYS[1], 'failures', -1)
end
"""


class RedisFailureCounts:
    """Counts in Redis; while it is away, those of this process."""

    def __init__(self, redis: RedisLink, local: FailureCounts) -> None:
        self._redis = redis
        self._local = local
        self._begin = redis.client.register_script(BEGIN)
        self._take_back = redis.client.register_script(TAKE_BACK)

    def begin(self, delays: Mapping[str, Delays]) -> float:
        bounds = [bound for each in delays.values() for bound in (each.free, each.longest_s)]
        try:
            with self._redis.turn():
                keys = [_key(key) for key in delays]
                return float(self._begin(keys=keys, args=[int(FORGET_S), *bounds]))
        except RedisAway:
            return self._local.begin(delays)

    def take_back(self, key: str) -> None:
        try:
            with self._redis.turn():
                self._take_back(keys=[_key(key)])
        except RedisAway:
            self._local.take_back(key)

    def forget(self, key: str) -> None:
        try:
            with self._redis.turn() as client:
                client.delete(_key(key))
        except RedisAway:
            self._local.forget(key)

    def has_failed(self, key: str) -> bool:
        try:
            with self._redis.turn() as client:
                return int(client.hget(_key(key), "failures") or 0) > 0
        except RedisAway:
            return self._local.has_failed(key)


def _key(key: str) -> str:
    return f"{PREFIX}failures:{key}"
