"""Processor time by address."""

from __future__ import annotations

import pytest

from server.limits.work_budget import BURST_S, MAX_WAIT_S, SHARE, WorkBudget, add_work, begin_work

HERE, THERE = "192.0.2.1", "192.0.2.2"


class Time:
    """A clock that sleepers move."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def budget(time: Time) -> WorkBudget:
    return WorkBudget(lambda: time.now_s, time.sleep)


def test_burst_waits_for_nothing(budget: WorkBudget, time: Time) -> None:
    for _ in range(10):
        budget.settle(HERE, BURST_S / 10)
    assert time.slept_s == []


def test_address_gets_its_share(budget: WorkBudget, time: Time) -> None:
    budget.settle(HERE, BURST_S)
    started_s = time.now_s
    for _ in range(100):
        budget.settle(HERE, 0.01)
    assert 1.0 / (time.now_s - started_s) == pytest.approx(SHARE)


def test_one_address_does_not_delay_another(budget: WorkBudget, time: Time) -> None:
    budget.settle(HERE, BURST_S + 0.1)
    time.slept_s.clear()
    budget.settle(THERE, BURST_S)
    assert time.slept_s == []


def test_nobody_waits_for_longer_than_the_maximum(budget: WorkBudget, time: Time) -> None:
    budget.settle(HERE, 1_000)
    budget.settle(HERE, 1_000)
    assert time.slept_s == [MAX_WAIT_S, MAX_WAIT_S]


def test_share_comes_back_with_time(budget: WorkBudget, time: Time) -> None:
    budget.settle(HERE, BURST_S)
    time.now_s += BURST_S / SHARE
    budget.settle(HERE, BURST_S)
    assert time.slept_s == []


def test_work_is_added_up_from_its_beginning() -> None:
    begin_work()
    add_work(1.0)
    work = begin_work()
    add_work(0.5)
    add_work(0.25)
    assert work.seconds == 0.75
