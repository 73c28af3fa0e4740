"""The dispatcher: rate limit, then payload, then use case."""

from __future__ import annotations

from typing import Any

import pytest

from server.contract import DeleteEntry, Done
from server.errors import InvalidPayload, RateLimited
from server.limits.rate_limits import MemoryBuckets, RateLimit, RateLimits
from server.services.operations import Dispatcher, Operation, Services
from tests.unit.fakes import ANN, GUEST

ID = "0b8e4a52-6c1f-4e0e-9d0a-3f1f6f2d7a11"
UNUSED: Any = None
PER_MINUTE = 60


class FakeUseCase:
    """Keeps the payloads that it was called with."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def __call__(self, payload: Any, visitor: Any) -> Done:
        self.calls.append((payload, visitor))
        return Done()


@pytest.fixture
def use_case() -> FakeUseCase:
    return FakeUseCase()


@pytest.fixture
def operation(use_case: FakeUseCase) -> Operation:
    return Operation("example", "Example", DeleteEntry, Done, lambda _: use_case, RateLimit.CHANGES)


@pytest.fixture
def dispatcher(operation: Operation) -> Dispatcher:
    limits = RateLimits(
        {RateLimit.CHANGES: PER_MINUTE}, MemoryBuckets(), sleep=lambda _seconds: None
    )
    return Dispatcher(Services(*[UNUSED] * 9), limits, [operation])


def test_bad_payload_never_reaches_the_use_case(
    dispatcher: Dispatcher, operation: Operation, use_case: FakeUseCase
) -> None:
    with pytest.raises(InvalidPayload):
        dispatcher.perform(operation, GUEST, lambda: {"id": "no id"})
    assert use_case.calls == []


def test_rate_limit_comes_before_the_payload(
    dispatcher: Dispatcher, operation: Operation, use_case: FakeUseCase
) -> None:
    reads: list[object] = []

    def read() -> object:
        reads.append(None)
        return {"id": ID}

    def flood() -> None:
        for _ in range(2 * PER_MINUTE):
            dispatcher.perform(operation, GUEST, read)

    with pytest.raises(RateLimited):
        flood()
    assert len(reads) == len(use_case.calls) < 2 * PER_MINUTE


def test_use_case_gets_payload_and_visitor(
    dispatcher: Dispatcher, operation: Operation, use_case: FakeUseCase
) -> None:
    assert dispatcher.perform(operation, ANN, lambda: {"id": ID}) == Done()
    [(payload, visitor)] = use_case.calls
    assert isinstance(payload, DeleteEntry)
    assert visitor is ANN


def test_wait_is_reported(dispatcher: Dispatcher, operation: Operation) -> None:
    waits: list[float] = []
    for _ in range(PER_MINUTE + 1):
        dispatcher.perform(operation, GUEST, lambda: {"id": ID}, waits.append)
    assert len(waits) == 1
