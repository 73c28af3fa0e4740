"""Token buckets: a minute's worth at once, then a wait, then a refusal."""

from __future__ import annotations

import pytest

from server.errors import RateLimited
from server.limits import rate_limits
from server.limits.rate_limits import ACCOUNT_SHARE, MemoryBuckets, RateLimit, RateLimits, network
from tests.unit.conftest import Counted, about
from tests.unit.fakes import Clock

CHANGES, FRAMES, ENTRIES = RateLimit.CHANGES, RateLimit.FRAMES, RateLimit.GUEST_ENTRIES
AMOUNTS = {CHANGES: 60, FRAMES: 6_000, ENTRIES: 10}


@pytest.fixture
def clock(counted: Counted) -> Clock:
    return counted.clock


@pytest.fixture
def limits(counted: Counted) -> RateLimits:
    return RateLimits(AMOUNTS, counted.buckets, counted.clock.sleep)


def take(
    limits: RateLimits, times: int, address: str = "10.0.0.1", account: str | None = None
) -> float:
    """Take several tokens at once; return the last one's wait."""
    return [limits.take(CHANGES, address, account) for _ in range(times)][-1]


def test_full_bucket_gives_one_minute_at_once(limits: RateLimits) -> None:
    assert take(limits, 60) == 0


def test_empty_bucket_slows_then_refuses(limits: RateLimits) -> None:
    take(limits, 60)
    assert take(limits, 1) == about(1)
    assert take(limits, 1) == about(2)
    with pytest.raises(RateLimited, match=r"at most 60 per minute. Try again in 3 sec"):
        take(limits, 1)


def test_refusal_takes_no_token(limits: RateLimits, clock: Clock) -> None:
    take(limits, 62)
    for _ in range(100):
        with pytest.raises(RateLimited):
            take(limits, 1)
    clock.sleep(1)
    assert take(limits, 1) == about(2)


def test_bucket_refills_up_to_one_minute(limits: RateLimits, clock: Clock) -> None:
    take(limits, 60)
    clock.sleep(30)
    assert take(limits, 30) == 0
    clock.sleep(3_600)
    assert take(limits, 60) == 0
    assert take(limits, 1) > 0


def test_buckets_are_separate(limits: RateLimits) -> None:
    take(limits, 62)
    assert take(limits, 60, "10.0.0.2") == 0
    assert limits.take(FRAMES, "10.0.0.1") == 0


def test_account_has_its_own_bucket(limits: RateLimits) -> None:
    for host in range(ACCOUNT_SHARE):
        assert take(limits, 60, f"10.0.0.{host}", "ann") == 0
    assert take(limits, 1, "10.0.0.9", "ann") > 0
    assert take(limits, 1, "10.0.0.9", "ben") == 0


def test_one_address_cannot_empty_an_account(limits: RateLimits) -> None:
    take(limits, 62, account="ann")
    with pytest.raises(RateLimited):
        take(limits, 1, account="ann")
    assert take(limits, 60, "10.0.0.2", "ann") == 0


def test_throttle_reports_the_wait_first(limits: RateLimits, clock: Clock) -> None:
    take(limits, 60)
    reported: list[tuple[float, float]] = []
    limits.throttle(
        CHANGES, "10.0.0.1", on_wait=lambda wait_s: reported.append((clock.now_s, wait_s))
    )
    assert reported == [(1_000.0, about(1))]
    assert clock.now_s == about(1_001)


def test_full_buckets_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    buckets = MemoryBuckets(clock)
    monkeypatch.setattr(buckets, "_room", 100)
    for _ in range(50):
        for host in range(100):
            buckets.take((CHANGES, f"10.0.0.{host}"), 60)
            buckets.take((CHANGES, f"10.{int(clock.now_s) % 250}.1.{host}"), 60)
        clock.sleep(100)
    assert len(buckets._buckets) <= rate_limits.MAX_BUCKETS


def test_charge_takes_a_token_also_if_there_is_none(limits: RateLimits, clock: Clock) -> None:
    for _ in range(11):
        limits.charge(ENTRIES, "10.0.0.1")
    with pytest.raises(RateLimited, match=r"at most 10 per day. Try again in 17280 sec"):
        limits.refuse_empty(ENTRIES, "10.0.0.1")
    limits.refuse_empty(ENTRIES, "10.0.0.2")
    clock.sleep(17_280)
    limits.refuse_empty(ENTRIES, "10.0.0.1")


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("a socket's file", "a socket's file"),
    ],
)
def test_ipv6_hosts_count_by_their_network(address: str, counted_as: str) -> None:
    assert network(address) == counted_as
