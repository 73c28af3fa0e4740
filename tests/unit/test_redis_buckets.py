"""Token buckets that several processes share, each with a link of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.limits.rate_limits import MAX_WAIT_S, NEVER_S, MemoryBuckets, RateLimit
from server.limits.redis_buckets import LUMPS, RedisBuckets
from server.limits.redis_link import RedisLink
from tests.redis_server import RedisServer
from tests.unit.conftest import about, fail
from tests.unit.fakes import Clock

SIGN_INS = RateLimit.SIGN_INS, "10.0.0.1"
ENTRIES = RateLimit.GUEST_ENTRIES, "10.0.0.1"
MANY = 6_000
LUMP = MANY // LUMPS

Open = Callable[[], RedisBuckets]


@pytest.fixture
def open_buckets(redis_server: RedisServer, clock: Clock) -> Iterator[Open]:
    """Return a function that opens the buckets as another process does."""
    links: list[RedisLink] = []

    def open_buckets() -> RedisBuckets:
        links.append(RedisLink(redis_server.url))
        return RedisBuckets(links[-1], MemoryBuckets(fail), clock)

    yield open_buckets
    for link in links:
        link.client.close()


def count_free(buckets: RedisBuckets, times: int) -> int:
    """Try to take so many tokens of a day; return how many were there."""
    return sum(buckets.take(ENTRIES, MANY, 0.0) == 0 for _ in range(times))


def test_small_bucket_is_shared_exactly(open_buckets: Open) -> None:
    first, second = open_buckets(), open_buckets()
    assert [first.take(SIGN_INS, 60) for _ in range(60)] == [0] * 60
    assert second.take(SIGN_INS, 60) == about(1)
    assert first.take(SIGN_INS, 60) == about(2)
    assert second.take(SIGN_INS, 60) > MAX_WAIT_S


def test_large_bucket_is_asked_once_for_a_lump(
    open_buckets: Open, redis_server: RedisServer
) -> None:
    buckets = open_buckets()
    count_free(buckets, LUMP)
    with redis_server.client() as client:
        assert client.hget(redis_server.keys()[0], "tokens") == f"{MANY - LUMP:.9f}"
        client.flushall()
    buckets.take(ENTRIES, MANY, NEVER_S)
    assert redis_server.keys() == []
    count_free(buckets, 1)
    assert len(redis_server.keys()) == 1


def test_process_misses_a_large_limit_by_a_lump_at_most(open_buckets: Open) -> None:
    first, second = open_buckets(), open_buckets()
    count_free(first, 1)
    assert count_free(second, MANY + 1) == MANY - LUMP
    assert count_free(first, MANY) == LUMP - 1


def test_held_tokens_lapse_after_a_period(open_buckets: Open, clock: Clock) -> None:
    first, second = open_buckets(), open_buckets()
    count_free(first, 1)
    count_free(second, MANY)
    clock.sleep(RateLimit.GUEST_ENTRIES.period_s)
    assert count_free(first, 1) == 0


def test_many_threads_take_no_more_than_there_is(open_buckets: Open) -> None:
    processes = [open_buckets(), open_buckets()]
    with ThreadPoolExecutor(8) as pool:
        taken = [pool.submit(count_free, buckets, 1_000) for buckets in processes * 4]
    assert sum(each.result() for each in taken) == MANY


def test_full_bucket_expires(open_buckets: Open, redis_server: RedisServer) -> None:
    open_buckets().take(SIGN_INS, 60)
    [key] = redis_server.keys()
    assert key == "digits:bucket:sign_ins_per_minute:10.0.0.1"
    with redis_server.client() as client:
        assert 0 < client.pttl(key) <= 1_000
