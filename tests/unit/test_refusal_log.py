"""The log of refusals, which clients cannot flood."""

from __future__ import annotations

import pytest

from server.limits.refusal_log import MAX_PER_MINUTE, QUIET_S, RefusalLog
from tests.unit.fakes import Clock


def test_repeated_reason_is_logged_once(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    refusals = RefusalLog(clock)
    for _ in range(3):
        refusals.warn("192.0.2.1", "too much")
    assert caplog.messages == ["Refused 192.0.2.1: too much (0 more not logged)"]


def test_later_reason_tells_how_many_were_left_out(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = RefusalLog(clock)
    for _ in range(3):
        refusals.warn("192.0.2.1", "too much")
    clock.now_s += QUIET_S
    refusals.warn("192.0.2.1", "too much")
    assert caplog.messages[1:] == ["Refused 192.0.2.1: too much (2 more not logged)"]


def test_many_addresses_cannot_flood_the_log(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    refusals = RefusalLog(clock)
    for k in range(2 * MAX_PER_MINUTE):
        refusals.warn(f"192.0.2.{k}", "too much")
    assert len(caplog.messages) == MAX_PER_MINUTE
