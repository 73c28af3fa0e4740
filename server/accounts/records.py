"""Rows of the account tables as values. Times are UTC, 2026-01-31T12:00:00.123Z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

KeyKind = Literal["session", "token"]

NAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._@+-]*"  # MIN_NAME_LENGTH to MAX_NAME_LENGTH characters
MIN_NAME_LENGTH = 2


@dataclass(frozen=True)
class User:
    """An account, without its password."""

    name: str
    email: str | None
    created: str
    disabled: bool


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
class OpenedKey:
    """The secret of a new key, and the number of sessions that ended to make room for it."""

    secret: str
    ended: int
