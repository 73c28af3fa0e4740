"""Accounts in the database, and the keys by which people and programs come as one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.database.engine import as_timestamp, now, transaction
from server.database.schema import MAX_LABEL_LENGTH, keys, users
from server.errors import InvalidPayload, NotFound, SignInRequired
from server.history.store import erase

Kind = Literal["session", "token"]

NAME = r"[A-Za-z0-9][A-Za-z0-9._@+-]*"  # of an account, of 2 to MAX_NAME_LENGTH characters
SHORTEST_NAME = 2

MOST_KEYS = 50  # of a kind, of an account; the longest unused session gives way
REMEMBERED = timedelta(days=365)
SESSION = timedelta(days=1)  # after its last use, of a browser that was not to be remembered
USE_NOTED = timedelta(minutes=5)  # a key's use is written down no more often


@dataclass(frozen=True)
class User:
    """An account; times are UTC, 2026-01-31T12:00:00.123Z."""

    name: str
    email: str | None
    created: str
    disabled: bool


@dataclass(frozen=True)
class Key:
    """A session or token of an account, without its secret."""

    id: UUID
    user_name: str
    kind: Kind
    label: str
    created: str
    used: str
    expires: str | None


class AccountStore:
    """Accounts in a database. Every method is one short transaction.

    Raises Unavailable when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(self, name: str, password_hash: str, email: str | None) -> None:
        """Raises InvalidPayload where the name is taken, in whatever case it is written."""
        values = {"name": name, "email": email, "created": now(), "disabled": False}
        private = {"folded_name": name.casefold(), "password_hash": password_hash}
        try:
            with self._transaction(writes=True) as connection:
                connection.execute(insert(users).values(values | private))
        except IntegrityError:
            raise InvalidPayload(f"The name {name} is taken: choose another.") from None

    def find(self, name: str) -> tuple[User, str] | None:
        """The account of this name, in whatever case, and its password's hash."""
        query = select(users).where(users.c.folded_name == name.casefold())
        with self._transaction() as connection:
            row = connection.execute(query).first()
        return (_user(row), row.password_hash) if row else None

    def users(self) -> Sequence[User]:
        with self._transaction() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def set_password(self, name: str, password_hash: str, keeping: UUID | None = None) -> None:
        """Set another password, and end every session but one. Raises NotFound."""
        with self._transaction(writes=True) as connection:
            _change_user(connection, name, {"password_hash": password_hash})
            others = (keys.c.user_name == name) & (keys.c.kind == "session")
            connection.execute(delete(keys).where(others, keys.c.id.is_distinct_from(keeping)))

    def disable(self, name: str, disabled: bool) -> None:
        """Shut an account out, with all its keys, or let it in again. Raises NotFound."""
        with self._transaction(writes=True) as connection:
            _change_user(connection, name, {"disabled": disabled})
            if disabled:
                connection.execute(delete(keys).where(keys.c.user_name == name))

    def delete(self, name: str) -> None:
        """Delete an account with everything in it."""
        with self._transaction(writes=True) as connection:
            erase(connection, name)
            connection.execute(delete(users).where(users.c.name == name))

    def open_key(self, name: str, kind: Kind, label: str, remembered: bool = False) -> str:
        """Make a key of an account; returns its secret, which is not kept.

        Raises InvalidPayload when there are too many tokens, and SignInRequired when the account
        has been disabled or deleted meanwhile.
        """
        secret = secrets.token_urlsafe(32)
        values = {
            "id": uuid4(),
            "user_name": name,
            "kind": kind,
            "label": label[:MAX_LABEL_LENGTH],
            "secret_sha256": _digest(secret),
            "created": now(),
            "used": now(),
            "expires": _after(REMEMBERED if remembered else SESSION) if kind == "session" else None,
        }
        with self._transaction(writes=True) as connection:
            _refuse_shut_out(connection, name)
            _make_room(connection, name, kind)
            connection.execute(insert(keys).values(values))
        return secret

    def find_key(self, secret: str, kind: Kind) -> Key | None:
        """The key with this secret, if it has not ended; its use is noted."""
        query = select(keys).where(keys.c.secret_sha256 == _digest(secret), keys.c.kind == kind)
        with self._transaction() as connection:
            row = connection.execute(query).first()
        if row is None or _has_ended(row.expires):
            return None
        if row.used < as_timestamp(datetime.now(UTC) - USE_NOTED):
            self._note_use(row)
        return _key(row)

    def keys(self, name: str) -> Sequence[Key]:
        """The keys of an account that have not ended, the last used first."""
        query = select(keys).where(keys.c.user_name == name).order_by(keys.c.used.desc())
        with self._transaction() as connection:
            found = [_key(row) for row in connection.execute(query)]
        return [key for key in found if not _has_ended(key.expires)]

    def which_live(self, ids: Sequence[UUID]) -> set[UUID]:
        """Those of these keys that have not ended."""
        query = select(keys.c.id).where(keys.c.id.in_(ids))
        live = keys.c.expires.is_(None) | (keys.c.expires >= now())
        with self._transaction() as connection:
            return set(connection.execute(query.where(live)).scalars())

    def end_key(self, name: str, id: UUID) -> None:
        """End a session or token of an account; what has ended stays so."""
        with self._transaction(writes=True) as connection:
            connection.execute(delete(keys).where(keys.c.user_name == name, keys.c.id == id))

    def _note_use(self, row: Row[Any]) -> None:
        """A session that is used goes on; one to be remembered has its year from the start."""
        values = {"used": now()}
        if row.expires:
            values["expires"] = max(row.expires, _after(SESSION))
        with self._transaction(writes=True) as connection:
            connection.execute(update(keys).where(keys.c.id == row.id).values(values))

    def _transaction(self, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes)


def _change_user(connection: Connection, name: str, values: dict[str, Any]) -> None:
    changed = connection.execute(update(users).where(users.c.name == name).values(values))
    if changed.rowcount == 0:
        raise NotFound(f"There is no account {name}.")


def _refuse_shut_out(connection: Connection, name: str) -> None:
    open_ones = select(users.c.name).where(users.c.name == name, users.c.disabled.is_(False))
    if connection.execute(open_ones).first() is None:
        raise SignInRequired("This account has just been disabled or deleted.")


def _make_room(connection: Connection, name: str, kind: Kind) -> None:
    """End what has expired, and the longest unused sessions where there are too many."""
    own = (keys.c.user_name == name) & (keys.c.kind == kind)
    connection.execute(delete(keys).where(own, keys.c.expires < now()))
    query = select(keys.c.id).where(own).order_by(keys.c.used.desc())
    present = connection.execute(query).scalars().all()
    surplus = present[MOST_KEYS - 1 :]
    if surplus and kind == "token":
        raise InvalidPayload(f"You have {len(present)} tokens. Revoke one that you do not need.")
    connection.execute(delete(keys).where(keys.c.id.in_(surplus)))


def _has_ended(expires: str | None) -> bool:
    return expires is not None and expires < now()


def _after(time: timedelta) -> str:
    return as_timestamp(datetime.now(UTC) + time)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _user(row: Row[Any]) -> User:
    return User(row.name, row.email, row.created, row.disabled)


def _key(row: Row[Any]) -> Key:
    values = dict(row._mapping)
    del values["secret_sha256"]
    return Key(**values)
