"""Accounts and their keys in the database."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.accounts.log import note, read_log
from server.accounts.records import (
    OPERATOR,
    Account,
    Event,
    Key,
    KeyKind,
    LogLine,
    OpenedKey,
    Source,
    User,
)
from server.database.constraints import is_duplicate, is_missing_reference
from server.database.engine import as_timestamp, now, transaction
from server.database.schema import MAX_LABEL_LENGTH, keys, users
from server.errors import InvalidPayload, NotFound, SignInRequired, Unavailable
from server.history.rows import erase

MAX_KEYS = 50  # of one kind for one account
REMEMBERED_LIFETIME = timedelta(days=365)  # of a session, from its start
IDLE_LIFETIME = timedelta(days=1)  # of any other session, from its last use
MIN_USE_INTERVAL = timedelta(minutes=5)  # between two updates of `used`: fewer writes


class AccountStore:
    """Accounts in a database. Every method is one short transaction.

    Raises Unavailable when the database cannot be reached or written.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(
        self, name: str, password_hash: str, email: str | None, source: Source = OPERATOR
    ) -> None:
        """Create an account. Raises InvalidPayload if the name is taken, in any case."""
        values = {"name": name, "email": email, "created": now(), "disabled": False}
        private = {
            "folded_name": name.casefold(),
            "password_hash": password_hash,
            "browsers_epoch": _new_epoch(),
        }
        try:
            with self._transaction(writes=True) as connection:
                connection.execute(insert(users).values(values | private))
                note(connection, name, Event("created"), source)
        except IntegrityError as error:
            if not is_duplicate(error):
                raise
            raise InvalidPayload(f"The name {name} is taken. Choose another one.") from None

    def find(self, name: str) -> Account | None:
        """Return the account with this name, in any case."""
        query = select(users).where(users.c.folded_name == name.casefold())
        with self._transaction() as connection:
            row = connection.execute(query).first()
        return Account(_user(row), row.password_hash, row.browsers_epoch) if row else None

    def users(self) -> Sequence[User]:
        """Return all users by name."""
        with self._transaction() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def set_password(
        self,
        name: str,
        password_hash: str,
        source: Source = OPERATOR,
        keep: UUID | None = None,
        keep_tokens: bool = False,
    ) -> int:
        """Set a password, and end every session except `keep`, and the tokens unless kept.

        No browser counts as known any more. Return how many keys ended. Raises NotFound.
        """
        values = {"password_hash": password_hash, "browsers_epoch": _new_epoch()}
        event = Event("password_reset" if source == OPERATOR else "password_changed")
        with self._transaction(writes=True) as connection:
            _change_user(connection, name, values)
            note(connection, name, event, source)
            return _end_others(connection, name, keep, keep_tokens)

    def end_sessions(self, name: str, source: Source, keep: UUID) -> int:
        """End every session except `keep`; no browser counts as known any more.

        Return how many ended. Raises NotFound.
        """
        with self._transaction(writes=True) as connection:
            _change_user(connection, name, {"browsers_epoch": _new_epoch()})
            ended = _end_others(connection, name, keep, keep_tokens=True)
            note(connection, name, Event("sessions_ended", times=ended), source)
        return ended

    def disable(self, name: str, disabled: bool) -> None:
        """Disable an account and end its keys, or enable it again. Raises NotFound."""
        with self._transaction(writes=True) as connection:
            _change_user(connection, name, {"disabled": disabled})
            note(connection, name, Event("disabled" if disabled else "enabled"), OPERATOR)
            if disabled:
                connection.execute(delete(keys).where(keys.c.user_name == name))

    def delete(self, name: str) -> None:
        """Delete an account with its keys and its history."""
        with self._transaction(writes=True) as connection:
            erase(connection, name)
            connection.execute(delete(users).where(users.c.name == name))

    def open_key(
        self,
        name: str,
        kind: KeyKind,
        label: str,
        source: Source = OPERATOR,
        remembered: bool = False,
    ) -> OpenedKey:
        """Open a key of an account; its secret is returned and not stored.

        The longest unused sessions beyond MAX_KEYS end. Raises InvalidPayload for a token beyond
        MAX_KEYS, and SignInRequired if the account was disabled or deleted in the meantime.
        """
        secret = secrets.token_urlsafe(32)
        lifetime = REMEMBERED_LIFETIME if remembered else IDLE_LIFETIME
        values = {
            "id": uuid4(),
            "user_name": name,
            "kind": kind,
            "label": label[:MAX_LABEL_LENGTH],
            "secret_sha256": _digest(secret),
            "created": now(),
            "used": now(),
            "expires": _from_now(lifetime) if kind == "session" else None,
        }
        with self._transaction(writes=True) as connection:
            _require_enabled(connection, name)
            ended = _make_room(connection, name, kind)
            connection.execute(insert(keys).values(values))
            if ended:
                note(connection, name, Event("sessions_ended", times=ended), source)
            note(connection, name, _opened(kind, label), source)
        return OpenedKey(secret, ended)

    def find_key(self, secret: str, kind: KeyKind) -> Key | None:
        """Return the live key with this secret, and record its use."""
        query = select(keys).where(keys.c.secret_sha256 == _digest(secret), keys.c.kind == kind)
        with self._transaction() as connection:
            row = connection.execute(query).first()
        if row is None or _has_ended(row.expires):
            return None
        if row.used < as_timestamp(datetime.now(UTC) - MIN_USE_INTERVAL):
            with suppress(Unavailable):  # the next use is recorded
                self._record_use(row)
        return _key(row)

    def keys(self, name: str) -> Sequence[Key]:
        """Return the live keys of an account, the last used first."""
        query = select(keys).where(keys.c.user_name == name).order_by(keys.c.used.desc())
        with self._transaction() as connection:
            found = [_key(row) for row in connection.execute(query)]
        return [key for key in found if not _has_ended(key.expires)]

    def which_live(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return those of the given keys that have not ended."""
        query = select(keys.c.id).where(keys.c.id.in_(ids))
        live = keys.c.expires.is_(None) | (keys.c.expires >= now())
        with self._transaction() as connection:
            return set(connection.execute(query.where(live)).scalars())

    def end_key(
        self, name: str, id: UUID, source: Source = OPERATOR, signs_out: bool = False
    ) -> Key | None:
        """End a key of an account; return it, or None if there is no such key any more.

        `signs_out` if it is the key by which the account asks.
        """
        own = (keys.c.user_name == name) & (keys.c.id == id)
        with self._transaction(writes=True) as connection:
            row = connection.execute(select(keys).where(own)).first()
            if row is None:
                return None
            connection.execute(delete(keys).where(own))
            note(connection, name, _ended(_key(row), signs_out), source)
        return _key(row)

    def note(self, name: str | None, event: Event, source: Source) -> None:
        """Note an event in the log of an account, or in that of names that nobody has.

        An account that was deleted has none.
        """
        try:
            with self._transaction(writes=True) as connection:
                note(connection, name, event, source)
        except IntegrityError as error:
            if not is_missing_reference(error):
                raise

    def log(self, name: str) -> Sequence[LogLine]:
        """Return the log of an account, the newest line first."""
        with self._transaction() as connection:
            return read_log(connection, name)

    def _record_use(self, row: Row[Any]) -> None:
        """Record the use of a key now, which prolongs a session that would end earlier."""
        values = {"used": now()}
        if row.expires:
            values["expires"] = max(row.expires, _from_now(IDLE_LIFETIME))
        with self._transaction(writes=True) as connection:
            connection.execute(update(keys).where(keys.c.id == row.id).values(values))

    def _transaction(self, writes: bool = False) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes)


def _change_user(connection: Connection, name: str, values: dict[str, Any]) -> None:
    changed = connection.execute(update(users).where(users.c.name == name).values(values))
    if changed.rowcount == 0:
        raise NotFound(f"There is no account {name}.")


def _end_others(connection: Connection, name: str, keep: UUID | None, keep_tokens: bool) -> int:
    others = (keys.c.user_name == name) & keys.c.id.is_distinct_from(keep)
    if keep_tokens:
        others &= keys.c.kind == "session"
    return connection.execute(delete(keys).where(others)).rowcount


def _opened(kind: KeyKind, label: str) -> Event:
    return Event("token_created", label) if kind == "token" else Event("signed_in")


def _ended(key: Key, signs_out: bool) -> Event:
    if signs_out:
        return Event("signed_out")
    return Event("token_revoked" if key.kind == "token" else "session_ended", key.label)


def _require_enabled(connection: Connection, name: str) -> None:
    enabled = select(users.c.name).where(users.c.name == name, users.c.disabled.is_(False))
    if connection.execute(enabled).first() is None:
        raise SignInRequired("This account has been disabled or deleted.")


def _make_room(connection: Connection, name: str, kind: KeyKind) -> int:
    """Delete expired keys, and the longest unused sessions beyond the limit; count the latter."""
    own = (keys.c.user_name == name) & (keys.c.kind == kind)
    connection.execute(delete(keys).where(own, keys.c.expires < now()))
    query = select(keys.c.id).where(own).order_by(keys.c.used.desc())
    present = connection.execute(query).scalars().all()
    surplus = present[MAX_KEYS - 1 :]
    if surplus and kind == "token":
        raise InvalidPayload(f"You have {len(present)} tokens. Revoke one that you do not need.")
    connection.execute(delete(keys).where(keys.c.id.in_(surplus)))
    return len(surplus)


def _has_ended(expires: str | None) -> bool:
    return expires is not None and expires < now()


def _from_now(time: timedelta) -> str:
    return as_timestamp(datetime.now(UTC) + time)


def _new_epoch() -> str:
    return secrets.token_urlsafe(16)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _user(row: Row[Any]) -> User:
    return User(row.name, row.email, row.created, row.disabled)


def _key(row: Row[Any]) -> Key:
    values = dict(row._mapping)
    del values["secret_sha256"]
    return Key(**values)
