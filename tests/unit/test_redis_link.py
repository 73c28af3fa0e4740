"""The link to Redis: nobody waits for long, one try at a time, and a line in the log each way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from server.limits.redis_link import RETRY_S, TIMEOUT_S, RedisAway, RedisLink
from tests.redis_server import RedisServer
from tests.unit.fakes import Clock

MAX_S = 2 * TIMEOUT_S + 0.2  # to connect and to be answered


@pytest.fixture
def link(redis_server: RedisServer, clock: Clock) -> Iterator[RedisLink]:
    link = RedisLink(redis_server.url.replace("//", "//:a%20password@"), clock)
    yield link
    link.client.close()


@pytest.fixture
def open_link(redis_server: RedisServer, clock: Clock) -> Iterator[RedisLink]:
    link = RedisLink(redis_server.url, clock)
    link.start()
    yield link
    link.stop()


def seconds(call: Callable[[], object]) -> float:
    started_s = time.monotonic()
    call()
    return time.monotonic() - started_s


@pytest.mark.parametrize("state", ["stop", "pause"])
def test_away_redis_is_not_waited_for(
    redis_server: RedisServer, open_link: RedisLink, clock: Clock, state: str
) -> None:
    getattr(redis_server, state)()
    assert seconds(open_link.answers) < MAX_S
    assert seconds(open_link.answers) < TIMEOUT_S / 2  # not tried
    clock.sleep(RETRY_S)
    assert seconds(open_link.answers) < MAX_S
    assert not open_link.answers()


def test_restarted_redis_is_found_after_the_pause(
    redis_server: RedisServer, open_link: RedisLink, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    redis_server.stop()
    for _ in range(3):
        assert not open_link.answers()
        clock.sleep(RETRY_S)
    redis_server.start()
    assert open_link.answers()
    assert open_link.answers()
    away, back = caplog.messages
    assert "is away (" in away
    assert "is back" in back


def test_resumed_redis_is_found_after_the_pause(
    redis_server: RedisServer, open_link: RedisLink, clock: Clock
) -> None:
    redis_server.pause()
    assert not open_link.answers()
    redis_server.resume()
    assert not open_link.answers()
    clock.sleep(RETRY_S)
    assert open_link.answers()


def test_one_at_a_time_tries_an_away_redis(
    redis_server: RedisServer, open_link: RedisLink, clock: Clock
) -> None:
    redis_server.stop()
    assert not open_link.answers()
    redis_server.start()
    clock.sleep(RETRY_S)
    with open_link.turn():
        assert seconds(open_link.answers) < TIMEOUT_S / 2
        assert not open_link.answers()
    assert open_link.answers()


def test_turn_behind_a_slow_one_is_refused_in_time(open_link: RedisLink) -> None:
    with open_link.turn():
        assert seconds(open_link.answers) < MAX_S
    assert open_link.answers()


def test_error_of_redis_counts_as_away(
    open_link: RedisLink, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RedisAway), open_link.turn() as client:
        client.execute_command("NO SUCH COMMAND")
    assert not open_link.answers()
    assert "unknown command" in caplog.text


def test_log_hides_the_password(link: RedisLink, caplog: pytest.LogCaptureFixture) -> None:
    assert not link.answers()  # this Redis has no password
    assert "is away" in caplog.text
    assert "a password" not in caplog.text
