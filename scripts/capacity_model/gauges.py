"""Counters of this machine, read before and after some work: CPU time, bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import mean

import psutil
from sqlalchemy import text

from tests.databases import connected

Figures = dict[str, float]
Gauge = Callable[[], float]

ROUNDS = 5


def rise(
    gauges: Mapping[str, Gauge], act: Callable[[], object], count: int, rounds: int = ROUNDS
) -> Figures:
    """Act so many times in each of several rounds; return how much each gauge has risen by one.

    A time is that of the best round, since other load on the machine only adds to it. Others are
    means.
    """
    risen = [rise_once(gauges, act, count) for _ in range(rounds)]
    return {
        name: (min if name.endswith("_ms") else mean)([each[name] for each in risen])
        for name in gauges
    }


def rise_once(gauges: Mapping[str, Gauge], act: Callable[[], object], count: int) -> Figures:
    """Act so many times; return how much each gauge has risen by one."""
    before = {name: read() for name, read in gauges.items()}
    for _ in range(count):
        act()
    return {name: (read() - before[name]) / count for name, read in gauges.items()}


def cpu_ms(processes: Callable[[], Iterable[psutil.Process]]) -> Gauge:
    return lambda: sum(sum(each.cpu_times()[:2]) for each in processes()) * 1000


def scalar(url: str, query: str) -> Gauge:
    """Return a gauge that asks a database."""

    def read() -> float:
        with connected(url) as connection:
            return float(connection.execute(text(query)).scalar_one())

    return read
