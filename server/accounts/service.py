"""Use cases of accounts, with the database and password hashing off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from server.accounts.known_browsers import KnownBrowsers
from server.accounts.passwords import Passwords
from server.accounts.records import Event, Key, KeyKind, LogLine, Source, User
from server.accounts.sign_in_guard import SignInGuard
from server.accounts.store import AccountStore
from server.error_boundary import attempt
from server.errors import Forbidden, SignInRequired
from server.runtime.off_loop import Pools


class AccountService:
    """Sign-up, sign-in, and everything that an account may change about itself.

    Every method raises Unavailable if the database does. Methods that check or set a password
    raise RateLimited if too many passwords are being hashed.
    """

    def __init__(
        self,
        store: AccountStore,
        pools: Pools,
        passwords: Passwords,
        guard: SignInGuard,
        known_browsers: KnownBrowsers,
    ) -> None:
        self._store = store
        self._pools = pools
        self._passwords = passwords
        self._guard = guard
        self._known_browsers = known_browsers
        self._keys_ended: list[Callable[[], None]] = []

    def on_keys_ended(self, callback: Callable[[], None]) -> None:
        """Call back after each operation that ended a session or token.

        The keys have ended by then, so an error in the callback does not fail the operation.
        """
        self._keys_ended.append(callback)

    def sign_up(self, name: str, password: str, email: str | None, source: Source) -> None:
        """Create an account. Raises InvalidPayload if the name is taken."""
        password_hash = self._passwords.hash(password)
        self._pools.writes(self._store.create, name, password_hash, email, source)

    def authenticate(self, name: str, password: str, source: Source) -> User:
        """Return the user with this name and password.

        Raises SignInRequired if either is wrong, RateLimited if too many were wrong before, and
        Forbidden if the account is disabled.
        """
        with self._guard.guard(name, source):
            user = self._check(name, password, source)
        if user.disabled:
            raise Forbidden("This account is disabled. Ask the administrator.")
        return user

    def has_proof(self, cookie: str, name: str) -> bool:
        """Return whether a browser's cookie has a proof for an account, be it an ended one."""
        return self._known_browsers.is_about(cookie, name)

    def known_browser(self, cookie: str, name: str) -> str | None:
        """Return the id of a browser whose cookie proves that it knows an account."""
        if not self.has_proof(cookie, name):
            return None
        account = self._pools.reads(self._store.find, name)
        return self._known_browsers.find(cookie, name, account.epoch) if account else None

    def remember_browser(self, cookie: str, name: str) -> str:
        """Return a browser's cookie with a proof that it knows an account."""
        account = self._pools.reads(self._store.find, name)
        return self._known_browsers.add(cookie, name, account.epoch) if account else cookie

    def change_password(
        self, name: str, password: str, source: Source, keep: UUID, keep_tokens: bool
    ) -> None:
        """Set a password; end every session except `keep`, and the tokens unless kept.

        No browser counts as known any more. Raises NotFound.
        """
        password_hash = self._passwords.hash(password)
        change = self._store.set_password
        if self._pools.writes(change, name, password_hash, source, keep, keep_tokens):
            self._notify()

    def end_sessions(self, name: str, source: Source, keep: UUID) -> None:
        """End every session except `keep`; no browser counts as known any more. Raises NotFound."""
        if self._pools.writes(self._store.end_sessions, name, source, keep):
            self._notify()

    def delete(self, name: str) -> None:
        """Delete an account with its keys and its history."""
        self._pools.writes(self._store.delete, name)
        self._notify()

    def user(self, name: str) -> User:
        """Return a user. Raises SignInRequired if the account has been deleted."""
        found = self._pools.reads(self._store.find, name)
        if found is None:
            raise SignInRequired("This account has been deleted.")
        return found.user

    def open_key(
        self, name: str, kind: KeyKind, label: str, source: Source, remembered: bool = False
    ) -> str:
        """Open a session or token; return its secret. Raises as AccountStore.open_key does."""
        opened = self._pools.writes(self._store.open_key, name, kind, label, source, remembered)
        if opened.ended:
            self._notify()
        return opened.secret

    def find_key(self, secret: str, kind: KeyKind) -> Key | None:
        """Return the live key with this secret."""
        return self._pools.reads(self._store.find_key, secret, kind)

    def keys(self, name: str) -> Sequence[Key]:
        """Return the live keys of an account, the last used first."""
        return self._pools.reads(self._store.keys, name)

    def which_live(self, ids: Sequence[UUID]) -> set[UUID]:
        """Return those of the given keys that have not ended."""
        return self._pools.reads(self._store.which_live, ids)

    def end_key(self, name: str, id: UUID, source: Source, signs_out: bool = False) -> Key | None:
        """End a key of an account; return it, or None if there is no such key any more."""
        ended = self._pools.writes(self._store.end_key, name, id, source, signs_out)
        if ended:
            self._notify()
        return ended

    def note(self, name: str, event: Event, source: Source) -> None:
        """Note an event in an account's log."""
        self._pools.writes(self._store.note, name, event, source)

    def log(self, name: str) -> Sequence[LogLine]:
        """Return an account's log, the newest line first."""
        return self._pools.reads(self._store.log, name)

    def _check(self, name: str, password: str, source: Source) -> User:
        """Return the user. Raises SignInRequired, and notes it, whether or not there is one."""
        found = self._pools.reads(self._store.find, name)
        password_hash = found.password_hash if found else None
        if self._passwords.matches(password, password_hash, bool(source.browser)) and found:
            return found.user
        name_or_none = found.user.name if found else None
        self._pools.writes(self._store.note, name_or_none, Event("wrong_password"), source)
        raise SignInRequired("Wrong name or password.")

    def _notify(self) -> None:
        for callback in self._keys_ended:
            attempt(callback)
