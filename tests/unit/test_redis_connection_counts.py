"""Open connections that several processes count together, each with a link of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from server.limits.redis_connection_counts import LUMPS, RedisConnectionCounts
from server.limits.redis_link import RedisLink
from tests.redis_server import RedisServer

ADDRESS, OTHER = "10.0.0.1", "10.0.0.2"
FEW, MANY = 5, 1_000
LUMP = MANY // LUMPS
LAPSE_S = 2

Open = Callable[..., RedisConnectionCounts]


@pytest.fixture
def open_counts(redis_server: RedisServer) -> Iterator[Open]:
    """Return a function that opens the counts as another process does."""
    links: list[RedisLink] = []

    def open_counts(max_count: int = FEW) -> RedisConnectionCounts:
        links.append(RedisLink(redis_server.url))
        return RedisConnectionCounts(links[-1], max_count, LAPSE_S)

    yield open_counts
    for link in links:
        link.client.close()


def enter(counts: RedisConnectionCounts, times: int, address: str = ADDRESS) -> int:
    """Try to open so many connections; return how many were let in."""
    return sum(counts.enter(address) for _ in range(times))


def test_small_limit_is_shared_exactly(open_counts: Open) -> None:
    first, second = open_counts(), open_counts()
    assert (enter(first, 3), enter(second, 3), enter(first, 1)) == (3, 2, 0)
    assert enter(second, 1, OTHER) == 1


def test_connection_that_ends_makes_room_elsewhere_once_renewed(open_counts: Open) -> None:
    first, second = open_counts(), open_counts()
    enter(first, FEW)
    first.leave(ADDRESS)
    assert enter(second, 1) == 0
    first.renew()
    assert (enter(second, 2), enter(first, 1)) == (1, 0)


def test_process_misses_a_large_limit_by_a_lump_at_most(open_counts: Open) -> None:
    first, second = open_counts(MANY), open_counts(MANY)
    enter(first, 1)
    assert enter(second, MANY) == MANY - LUMP
    assert enter(first, MANY) == LUMP - 1


def test_one_connection_after_another_asks_once(
    open_counts: Open, redis_server: RedisServer
) -> None:
    counts = open_counts()
    counts.enter(ADDRESS)
    asked = questions(redis_server)
    for _ in range(50):
        counts.leave(ADDRESS)
        counts.enter(ADDRESS)
    assert questions(redis_server) == asked > 0


def test_places_of_a_process_that_has_ended_lapse(open_counts: Open) -> None:
    ended, second, third = open_counts(), open_counts(), open_counts()
    assert (enter(ended, 3), enter(second, FEW)) == (3, 2)
    for _ in range(2 * LAPSE_S + 2):
        second.renew()
        time.sleep(0.5)
    assert enter(third, FEW) == 3


def test_nothing_is_kept_of_connections_that_have_ended(
    open_counts: Open, redis_server: RedisServer
) -> None:
    counts = open_counts(MANY)
    enter(counts, 2)
    counts.leave(ADDRESS)
    counts.renew()
    assert len(redis_server.keys()) == 1
    counts.leave(ADDRESS)
    counts.renew()
    assert redis_server.keys() == []


@pytest.mark.parametrize("state", ["stopped", "paused"])
def test_process_counts_by_itself_while_redis_is_away(
    open_counts: Open, redis_server: RedisServer, state: str
) -> None:
    first, second = open_counts(), open_counts()
    enter(first, 3)
    with redis_server.away(state):
        assert (enter(first, FEW), enter(second, FEW + 1)) == (2, FEW)


def questions(redis_server: RedisServer) -> int:
    """Return how often a script was run."""
    with redis_server.client() as client:
        return int(client.info("commandstats")["cmdstat_evalsha"]["calls"])
