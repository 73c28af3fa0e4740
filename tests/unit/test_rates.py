"""Token buckets: a minute's worth at once, then a wait, then a refusal."""

from __future__ import annotations

import pytest

from server import rate_limits as module
from server.errors import RateLimited
from server.rate_limits import ACCOUNT_SHARE, Rates, network


class Clock:
    """A clock that moves when it is told to, or slept on."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


@pytest.fixture
def rates(clock: Clock) -> Rates:  # noqa: ARG001  # on the clock of the test
    return Rates({"saves": 60, "frames": 6_000})


def take(rates: Rates, times: int, address: str = "10.0.0.1", account: str | None = None) -> float:
    """The wait after the last of so many at once."""
    return [rates.take("saves", address, account) for _ in range(times)][-1]


def test_bucket_when_full_then_a_minute_s_worth_at_once(rates: Rates) -> None:
    assert take(rates, 60) == 0


def test_bucket_when_empty_then_slowed_and_then_refused(rates: Rates) -> None:
    take(rates, 60)
    assert take(rates, 1) == pytest.approx(1)
    assert take(rates, 1) == pytest.approx(2)
    with pytest.raises(RateLimited, match=r"more than 60 times in a minute. Try again in 3 sec"):
        take(rates, 1)


def test_bucket_when_refused_then_nothing_is_taken(rates: Rates, clock: Clock) -> None:
    take(rates, 62)
    for _ in range(100):
        with pytest.raises(RateLimited):
            take(rates, 1)
    clock.sleep(1)
    assert take(rates, 1) == pytest.approx(2)


def test_bucket_when_time_passes_then_filled_but_never_above_a_minute_s_worth(
    rates: Rates, clock: Clock
) -> None:
    take(rates, 60)
    clock.sleep(30)
    assert take(rates, 30) == 0
    clock.sleep(3_600)
    assert take(rates, 60) == 0
    assert take(rates, 1) > 0


def test_buckets_of_other_addresses_and_actions_are_not_touched(rates: Rates) -> None:
    take(rates, 62)
    assert take(rates, 60, "10.0.0.2") == 0
    assert rates.take("frames", "10.0.0.1") == 0


def test_account_when_used_from_many_addresses_then_has_a_bucket_of_its_own(rates: Rates) -> None:
    for host in range(ACCOUNT_SHARE):
        assert take(rates, 60, f"10.0.0.{host}", "ann") == 0
    assert take(rates, 1, "10.0.0.9", "ann") > 0
    assert take(rates, 1, "10.0.0.9", "ben") == 0


def test_one_address_when_it_hammers_then_cannot_empty_the_bucket_of_an_account(
    rates: Rates,
) -> None:
    take(rates, 62, account="ann")
    with pytest.raises(RateLimited):
        take(rates, 1, account="ann")
    assert take(rates, 60, "10.0.0.2", "ann") == 0


def test_client_when_slowed_then_told_before_it_waits(rates: Rates, clock: Clock) -> None:
    take(rates, 60)
    told: list[tuple[float, float]] = []
    rates.admit("saves", "10.0.0.1", tell=lambda wait_s: told.append((clock.now_s, wait_s)))
    assert told == [(1_000.0, pytest.approx(1))]
    assert clock.now_s == pytest.approx(1_001)


def test_buckets_when_there_are_many_then_those_that_are_full_again_are_thrown_away(
    rates: Rates, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "_room", 100)
    for _ in range(50):
        for host in range(100):
            rates.take("saves", f"10.0.0.{host}")
            rates.take("saves", f"10.{int(clock.now_s) % 250}.1.{host}")
        clock.sleep(100)
    assert len(rates._buckets) <= module.MOST_BUCKETS


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("a socket's file", "a socket's file"),
    ],
)
def test_address_when_counted_then_a_whole_network_of_ipv6(address: str, counted_as: str) -> None:
    assert network(address) == counted_as
