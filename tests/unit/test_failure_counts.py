"""Delays after failed sign-ins, and the memory that their counts take."""

from __future__ import annotations

import pytest

from server.accounts.sign_in_guard import ACCOUNT_DELAYS
from server.limits import failure_counts
from server.limits.failure_counts import FORGET_S, Delays, FailureCounts, MemoryFailureCounts
from tests.unit.conftest import Counted, about
from tests.unit.fakes import Clock

DELAYS = Delays(free=3, longest_s=60)


@pytest.fixture
def clock(counted: Counted) -> Clock:
    return counted.clock


@pytest.fixture
def counts(counted: Counted) -> FailureCounts:
    return counted.failures


def begin(counts: FailureCounts, *keys: str) -> float:
    return counts.begin(dict.fromkeys(keys or ("ann",), DELAYS))


@pytest.mark.parametrize(
    ("failures", "delay_s"), [(0, 0), (2, 0), (3, 1), (4, 2), (8, 32), (9, 60), (9_999, 60)]
)
def test_delay_doubles_up_to_the_longest(failures: int, delay_s: float) -> None:
    assert DELAYS.after(failures) == delay_s


def test_begin_counts_a_try_before_it_is_made(counts: FailureCounts, clock: Clock) -> None:
    assert [begin(counts) for _ in range(5)] == [0, 0, 0, about(1), about(1)]
    clock.now_s += 1
    assert [begin(counts) for _ in range(2)] == [0, about(2)]


def test_begin_counts_nothing_if_one_key_has_to_wait(counts: FailureCounts) -> None:
    for _ in range(3):
        begin(counts, "ann")
    assert begin(counts, "ann", "an address") == about(1)
    assert not counts.has_failed("an address")


def test_account_has_at_most_41_tries_an_hour(counts: FailureCounts, clock: Clock) -> None:
    tries, end_s = 0, clock.now_s + 3_600
    while clock.now_s <= end_s:
        wait_s = counts.begin({"ann": ACCOUNT_DELAYS})
        tries += wait_s == 0
        clock.now_s += wait_s
    assert tries <= 41


def test_take_back_counts_a_try_no_more(counts: FailureCounts) -> None:
    for _ in range(10):
        assert begin(counts) == 0
        counts.take_back("ann")
    assert not counts.has_failed("ann")


def test_failures_are_forgotten_an_hour_after_the_last(counts: FailureCounts, clock: Clock) -> None:
    for _ in range(3):
        begin(counts)
    clock.now_s += FORGET_S - 1
    assert begin(counts) == 0
    clock.now_s += FORGET_S - 1
    assert counts.has_failed("ann")
    clock.now_s += 1
    assert not counts.has_failed("ann")


def test_longest_unused_counts_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = MemoryFailureCounts()
    monkeypatch.setattr(failure_counts, "MAX_COUNTS", 100)
    begin(counts, "ann")
    for name in range(1_000):
        begin(counts, f"name {name}")
        if name == 50:
            begin(counts, "ann")
        if name == 130:
            assert counts.has_failed("ann")
            assert not counts.has_failed("name 0")
    assert len(counts._counts) == 100
