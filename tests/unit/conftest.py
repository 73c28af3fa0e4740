"""What several unit tests share: the reader with the served models, a clock, what counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from server.limits.failure_counts import FailureCounts, MemoryFailureCounts
from server.limits.rate_limits import Buckets, MemoryBuckets
from server.limits.redis_buckets import RedisBuckets
from server.limits.redis_failure_counts import RedisFailureCounts
from server.limits.redis_link import RedisLink
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from tests.redis_server import RedisServer
from tests.unit.fakes import Clock

MODELS = Path(__file__).parents[2] / "model"
about = partial(pytest.approx, abs=0.3)  # while the time of Redis goes on


@pytest.fixture(scope="session")
def reader() -> Reader:
    classifier = Classifier(MODELS / "handwritten.onnx")
    return Reader(classifier, InkFinder(MODELS / "ink.onnx"), 40_000_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@dataclass(frozen=True)
class Counted:
    """What counts rates and failed sign-ins, and the clock that it goes by."""

    clock: Clock
    buckets: Buckets
    failures: FailureCounts


class RedisClock(Clock):
    """A clock that makes what Redis keeps so much older as it is set on."""

    def __init__(self, server: RedisServer) -> None:
        self._server = server
        self._now_s = Clock.now_s

    @property
    def now_s(self) -> float:
        return self._now_s

    @now_s.setter
    def now_s(self, now_s: float) -> None:
        self._server.age(now_s - self._now_s)
        self._now_s = now_s


@pytest.fixture(params=["memory", "redis"])
def counted(request: pytest.FixtureRequest) -> Iterator[Counted]:
    """What counts, once in memory and once in Redis."""
    if request.param == "memory":
        clock = Clock()
        yield Counted(clock, MemoryBuckets(clock), MemoryFailureCounts(clock))
        return
    server = request.getfixturevalue("redis_server")
    clock, link = RedisClock(server), RedisLink(server.url)
    link.start()
    buckets = RedisBuckets(link, MemoryBuckets(fail), clock)
    yield Counted(clock, buckets, RedisFailureCounts(link, MemoryFailureCounts(fail)))
    link.stop()


def fail() -> float:
    raise AssertionError("Redis was not used.")
