"""Use cases of accounts, with the database and password hashing off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from server.accounts.passwords import Passwords
from server.accounts.records import Key, KeyKind, User
from server.accounts.store import AccountStore
from server.error_boundary import attempt
from server.errors import Forbidden, SignInRequired
from server.runtime.off_loop import Lane


class AccountService:
    """Sign-up, sign-in, and everything that an account may change about itself.

    Every method raises Unavailable if the database does. Methods that check or set a password
    raise RateLimited if too many passwords are being hashed.
    """

    def __init__(self, store: AccountStore, lane: Lane, passwords: Passwords) -> None:
        self._store = store
        self._lane = lane
        self._passwords = passwords
        self._keys_ended: list[Callable[[], None]] = []

    def on_keys_ended(self, callback: Callable[[], None]) -> None:
        """Call back after each operation that ended a session or token.

        The keys have ended by then, so an error in the callback does not fail the operation.
        """
        self._keys_ended.append(callback)

    def sign_up(self, name: str, password: str, email: str | None) -> None:
        """Create an account. Raises InvalidPayload if the name is taken."""
        password_hash = self._passwords.hash(password)
        self._lane(self._store.create, name, password_hash, email)

    def authenticate(self, name: str, password: str) -> User:
        """Return the user with this name and password.

        Raises SignInRequired if either is wrong, and Forbidden if the account is disabled.
        """
        user, password_hash = self._lane(self._store.find, name) or (None, None)
        if not self._passwords.matches(password, password_hash) or user is None:
            raise SignInRequired("Wrong name or password.")
        if user.disabled:
            raise Forbidden("This account is disabled. Ask the administrator.")
        return user

    def change_password(self, name: str, password: str, keep: UUID, keep_tokens: bool) -> None:
        """Set a password; end every session except `keep`, and the tokens unless kept.

        Raises NotFound.
        """
        password_hash = self._passwords.hash(password)
        if self._lane(self._store.set_password, name, password_hash, keep, keep_tokens):
            self._notify()

    def delete(self, name: str) -> None:
        """Delete an account with its keys and its history."""
        self._lane(self._store.delete, name)
        self._notify()

    def user(self, name: str) -> User:
        """Return a user. Raises SignInRequired if the account has been deleted."""
        found = self._lane(self._store.find, name)
        if found is None:
            raise SignInRequired("This account has been deleted.")
        return found[0]

    def open_key(self, name: str, kind: KeyKind, label: str, remembered: bool = False) -> str:
        """Open a session or token; return its secret. Raises as AccountStore.open_key does."""
        opened = self._lane(self._store.open_key, name, kind, label, remembered)
        if opened.ended:
            self._notify()
        return opened.secret

    def find_key(self, secret: str, kind: KeyKind) -> Key | None:
        """Return the live key with this secret."""
        return self._lane(self._store.find_key, secret, kind)

    def keys(self, name: str) -> Sequence[Key]:
        """Return the live keys of an account, the last used first."""
        return self._lane(self._store.keys, name)

    def which_live(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return those of the given keys that have not ended."""
        return self._lane(self._store.which_live, ids)

    def end_key(self, name: str, id: UUID) -> Key | None:
        """End a key of an account; return it, or None if there is no such key any more."""
        ended = self._lane(self._store.end_key, name, id)
        if ended:
            self._notify()
        return ended

    def _notify(self) -> None:
        for callback in self._keys_ended:
            attempt(callback)
