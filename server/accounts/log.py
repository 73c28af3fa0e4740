"""The log of an account, which its owner sees: who came, and what was changed.

Wrong passwords of a day are counted in one line, as downloads are that a program repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from server.accounts.records import Event, LogLine, Source
from server.database.engine import as_timestamp, now
from server.database.schema import MAX_ADDRESS_LENGTH, MAX_LABEL_LENGTH, account_log

MAX_LINES = 1_000  # of one account
MAX_AGE = timedelta(days=90)

Values = dict[str, Any]


def note(connection: Connection, user_name: str | None, event: Event, source: Source) -> None:
    """Note an event of an account, or of names that nobody has (None), and drop old lines."""
    line = {
        "time": now(),
        "event": event.name,
        "detail": event.detail[:MAX_LABEL_LENGTH],
        "times": event.times,
        "address": source.address[:MAX_ADDRESS_LENGTH],
        "agent": source.agent[:MAX_LABEL_LENGTH],
    }
    own = account_log.c.user_name == user_name
    last = connection.execute(_newest_first(own).limit(1)).first()
    if last and _goes_on(last, line):
        again = update(account_log).where(account_log.c.id == last.id)
        connection.execute(again.values(line | {"times": last.times + event.times}))
    else:
        connection.execute(insert(account_log).values(line | {"user_name": user_name}))
    _drop_old(connection, own)


def read_log(connection: Connection, user_name: str, limit: int = MAX_LINES) -> Sequence[LogLine]:
    """Return the newest lines of an account, the newest first."""
    lines = _newest_first(account_log.c.user_name == user_name).limit(limit)
    return [_line(row) for row in connection.execute(lines)]


def _newest_first(own: ColumnElement[bool]) -> Any:
    return select(account_log).where(own).order_by(account_log.c.id.desc())


def _goes_on(last: Row[Any], line: Values) -> bool:
    """Return whether an event is counted in the last line."""
    if last.event != line["event"] or last.time[:10] != line["time"][:10]:
        return False
    same = all(getattr(last, name) == line[name] for name in ("detail", "address", "agent"))
    return last.event == "wrong_password" or (last.event == "downloaded" and same)


def _drop_old(connection: Connection, own: ColumnElement[bool]) -> None:
    oldest = select(account_log.c.id).where(own).order_by(account_log.c.id.desc())
    surplus = account_log.c.id <= oldest.offset(MAX_LINES).limit(1).scalar_subquery()
    expired = account_log.c.time < as_timestamp(datetime.now(UTC) - MAX_AGE)
    connection.execute(delete(account_log).where(own, surplus | expired))


def _line(row: Row[Any]) -> LogLine:
    return LogLine(row.time, row.event, row.detail, row.times, row.address, row.agent)
