"""Accounts as the web asks for them: the database and the hashing of passwords off the loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from server.accounts.passwords import hash_password, is_password
from server.accounts.store import Accounts, Key, Kind, User
from server.errors import Forbidden, RateLimited, SignInRequired
from server.runtime.off_loop import Lane, MakeCall

Result = TypeVar("Result")

MOST_HASHING = 16  # passwords under way at once: the wait for the last is about a third of a second
RETRY_S = 2


class Members:
    """Sign-up, sign-in and what an account may do with itself.

    Passwords are hashed one at a time, so that a crowd at the door leaves a core to those inside.
    Raises Unavailable as the database does.
    """

    def __init__(self, accounts: Accounts, lane: Lane, off_loop: MakeCall) -> None:
        self._accounts = accounts
        self._lane = lane
        self._hashing = Lane(off_loop)
        self._room = threading.BoundedSemaphore(MOST_HASHING)

    def sign_up(self, name: str, password: str, email: str | None) -> None:
        """Raises InvalidPayload where the name is taken."""
        password_hash = self._hash(hash_password, password)
        self._lane(self._accounts.create, name, password_hash, email)

    def sign_in(self, name: str, password: str) -> User:
        """The account of a name and password. Raises SignInRequired, and Forbidden if disabled."""
        user, password_hash = self._lane(self._accounts.find, name) or (None, None)
        if not self._hash(is_password, password, password_hash) or user is None:
            raise SignInRequired("This name and password do not fit together.")
        if user.disabled:
            raise Forbidden("This account is disabled. Ask whoever runs this server.")
        return user

    def change_password(self, name: str, password: str, keeping: UUID) -> None:
        """Set another password; every session but the one at hand ends."""
        password_hash = self._hash(hash_password, password)
        self._lane(self._accounts.set_password, name, password_hash, keeping)

    def delete(self, name: str) -> None:
        self._lane(self._accounts.delete, name)

    def describe(self, name: str) -> User:
        """Raises SignInRequired for an account that is gone."""
        found = self._lane(self._accounts.find, name)
        if found is None:
            raise SignInRequired("This account is gone.")
        return found[0]

    def open_key(self, name: str, kind: Kind, label: str, remembered: bool = False) -> str:
        """A new session's or token's secret. Raises InvalidPayload for too many tokens."""
        return self._lane(self._accounts.open_key, name, kind, label, remembered)

    def find_key(self, secret: str, kind: Kind) -> Key | None:
        return self._lane(self._accounts.find_key, secret, kind)

    def keys(self, name: str) -> Sequence[Key]:
        return self._lane(self._accounts.keys, name)

    def which_live(self, ids: Sequence[UUID]) -> set[UUID]:
        return self._lane(self._accounts.which_live, ids)

    def end_key(self, name: str, id: UUID) -> None:
        self._lane(self._accounts.end_key, name, id)

    def _hash(self, call: Callable[..., Result], *arguments: Any) -> Result:
        if not self._room.acquire(blocking=False):
            raise RateLimited("Many people are signing in just now.", RETRY_S)
        try:
            return self._hashing(call, *arguments)
        finally:
            self._room.release()
