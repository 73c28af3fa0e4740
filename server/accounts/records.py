"""Rows of the account tables as values. Times are UTC, 2026-01-31T12:00:00.123Z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from server.database.schema import MAX_NAME_LENGTH

KeyKind = Literal["session", "token"]
EventName = Literal[
    "created", "signed_in", "wrong_password", "signed_out", "session_ended", "sessions_ended",
    "password_changed", "password_reset", "token_created", "token_revoked", "downloaded",
    "taken_along", "disabled", "enabled",
]  # fmt: skip

NAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._@+-]*"  # MIN_NAME_LENGTH to MAX_NAME_LENGTH characters
MIN_NAME_LENGTH = 2


def fold(name: str) -> str:
    """Return what names that differ in case only have in common, of any text."""
    return name[:MAX_NAME_LENGTH].casefold()


@dataclass(frozen=True)
class Source:
    """The origin of a password or of a change of an account.

    `agent` is the browser in plain words, `browser` the id of one that was signed in to the account
    before, or of its session.
    """

    address: str
    agent: str
    browser: str | None = None


OPERATOR = Source("", "")  # of the `users` command


@dataclass(frozen=True)
class User:
    """An account, without its password."""

    name: str
    email: str | None
    created: str
    disabled: bool


@dataclass(frozen=True)
class Account:
    """A user with the hash of their password, and the epoch of the browsers that know them."""

    user: User
    password_hash: str
    epoch: str


@dataclass(frozen=True)
class Key:
    """A session or token of an account, without its secret."""

    id: UUID
    user_name: str
    kind: KeyKind
    label: str
    created: str
    used: str
    expires: str | None


@dataclass(frozen=True)
class Event:
    """An event in the life of an account; `detail` is a token's name or a browser."""

    name: EventName
    detail: str = ""
    times: int = 1


@dataclass(frozen=True)
class LogLine:
    """An event in an account's log; `time` is that of the last if several are counted together.

    `address` and `agent` are empty for the operator.
    """

    time: str
    event: EventName
    detail: str
    times: int
    address: str
    agent: str


@dataclass(frozen=True)
class OpenedKey:
    """The secret of a new key, and the number of sessions that ended to make room for it."""

    secret: str
    ended: int
