"""The bounds of an account's log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from server.accounts import log
from server.accounts.records import Event, Source
from server.accounts.store import AccountStore

HERE = Source("192.0.2.7", "Firefox on Linux")


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    AccountStore(engine).create("ann", "a hash", None)
    with engine.begin() as connection:
        yield connection


def note(connection: Connection, *events: Event, name: str | None = "ann") -> None:
    for event in events:
        log.note(connection, name, event, HERE)


def details(connection: Connection) -> list[str]:
    return [line.detail for line in log.read_log(connection, "ann")]


def test_log_keeps_the_newest_lines(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MAX_LINES", 3)
    note(connection, Event("signed_in"), name=None)
    note(connection, *(Event("token_created", str(count)) for count in range(5)))
    assert details(connection) == ["4", "3", "2"]
    assert connection.execute(text("SELECT count(*) FROM account_log")).scalar() == 4


def test_log_drops_lines_of_long_ago(connection: Connection) -> None:
    note(connection, Event("token_created", "old"))
    connection.execute(text("UPDATE account_log SET time = '2020-01-01T00:00:00.000Z'"))
    note(connection, Event("token_created", "new"))
    assert details(connection) == ["new"]


def test_wrong_passwords_of_another_day_have_another_line(connection: Connection) -> None:
    note(connection, Event("wrong_password"), Event("wrong_password"))
    connection.execute(text("UPDATE account_log SET time = '2999-01-01T00:00:00.000Z'"))
    note(connection, Event("wrong_password"))
    assert [line.times for line in log.read_log(connection, "ann")] == [1, 2, 1]
