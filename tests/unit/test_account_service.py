"""Use cases of accounts, with the real store and fake password hashing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine

from server.accounts.known_browsers import KnownBrowsers
from server.accounts.passwords import Passwords
from server.accounts.records import Source
from server.accounts.service import AccountService
from server.accounts.sign_in_guard import SignInGuard
from server.accounts.store import MAX_KEYS, AccountStore
from server.errors import Forbidden, InvalidPayload, RateLimited, SignInRequired, Unavailable
from server.limits.failure_counts import MemoryFailureCounts
from tests.unit.fakes import POOLS

Result = TypeVar("Result")
HERE = Source("192.0.2.7", "Firefox on Linux")


def call_directly(call: Callable[..., Result], *arguments: Any) -> Result:
    return call(*arguments)


class PlainPasswords(Passwords):
    """Passwords "hashed" in no time."""

    def __init__(self) -> None:
        super().__init__(call_directly)

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def matches(self, password: str, password_hash: str | None, _known: bool = False) -> bool:
        return password_hash == self.hash(password)


class Listener:
    """Counts the calls of the hook since it was last asked."""

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self) -> None:
        self._calls += 1

    def calls(self) -> int:
        calls, self._calls = self._calls, 0
        return calls


@pytest.fixture
def store(engine: Engine) -> AccountStore:
    return AccountStore(engine)


@pytest.fixture
def accounts(store: AccountStore) -> AccountService:
    guard, known = SignInGuard(MemoryFailureCounts(), 20), KnownBrowsers("a key")
    accounts = AccountService(store, POOLS, PlainPasswords(), guard, known)
    accounts.sign_up("ann", "a password", "ann@example.org", HERE)
    return accounts


@pytest.fixture
def ended(accounts: AccountService) -> Listener:
    listener = Listener()
    accounts.on_keys_ended(listener)
    return listener


def test_sign_up_creates_an_account(accounts: AccountService) -> None:
    user = accounts.authenticate("ANN", "a password", HERE)
    assert (user.name, user.email, user.disabled) == ("ann", "ann@example.org", False)
    assert accounts.user("ann") == user


def test_sign_up_refuses_a_taken_name(accounts: AccountService) -> None:
    with pytest.raises(InvalidPayload, match="The name Ann is taken"):
        accounts.sign_up("Ann", "another password", None, HERE)


@pytest.mark.parametrize(("name", "password"), [("ann", "wrong"), ("bob", "a password")])
def test_authenticate_refuses_a_wrong_name_or_password(
    accounts: AccountService, name: str, password: str
) -> None:
    with pytest.raises(SignInRequired, match=r"Wrong name or password\."):
        accounts.authenticate(name, password, HERE)


def test_authenticate_refuses_a_disabled_account(
    accounts: AccountService, store: AccountStore
) -> None:
    store.disable("ann", True)
    with pytest.raises(Forbidden, match="disabled"):
        accounts.authenticate("ann", "a password", HERE)
    with pytest.raises(SignInRequired, match=r"Wrong name or password\."):
        accounts.authenticate("ann", "wrong", HERE)


def test_user_raises_for_a_deleted_account(accounts: AccountService) -> None:
    accounts.delete("ann")
    with pytest.raises(SignInRequired, match="deleted"):
        accounts.user("ann")


def test_end_key_calls_the_hook_once(accounts: AccountService, ended: Listener) -> None:
    for kind in ("session", "token"):
        accounts.open_key("ann", kind, "phone", HERE)
        [key] = accounts.keys("ann")
        assert accounts.end_key("ann", key.id, HERE) == key
        assert ended.calls() == 1
        assert accounts.end_key("ann", key.id, HERE) is None
        assert ended.calls() == 0


def test_change_password_calls_the_hook_for_other_sessions(
    accounts: AccountService, ended: Listener
) -> None:
    accounts.open_key("ann", "session", "laptop", HERE)
    [kept] = accounts.keys("ann")
    accounts.change_password("ann", "another password", HERE, kept.id, keep_tokens=False)
    assert ended.calls() == 0
    accounts.open_key("ann", "session", "phone", HERE)
    accounts.change_password("ann", "a third password", HERE, kept.id, keep_tokens=True)
    assert ended.calls() == 1
    assert accounts.keys("ann") == [kept]
    assert accounts.authenticate("ann", "a third password", HERE)


def test_delete_calls_the_hook(accounts: AccountService, ended: Listener) -> None:
    secret = accounts.open_key("ann", "session", "phone", HERE)
    accounts.delete("ann")
    assert ended.calls() == 1
    assert accounts.find_key(secret, "session") is None


def test_open_key_calls_the_hook_if_a_session_gives_way(
    accounts: AccountService, ended: Listener
) -> None:
    for count in range(MAX_KEYS):
        accounts.open_key("ann", "session", str(count), HERE)
    assert ended.calls() == 0
    accounts.open_key("ann", "session", "one more", HERE)
    assert ended.calls() == 1


def test_hook_is_called_after_the_key_has_ended(accounts: AccountService) -> None:
    accounts.open_key("ann", "session", "phone", HERE)
    [key] = accounts.keys("ann")
    live: list[object] = []
    accounts.on_keys_ended(lambda: live.append(accounts.which_live([key.id])))
    accounts.end_key("ann", key.id, HERE)
    assert live == [set()]


@pytest.mark.parametrize("error", [Unavailable("no database"), RuntimeError("a fault")])
def test_hook_that_fails_fails_no_operation(
    accounts: AccountService, ended: Listener, error: Exception
) -> None:
    def fail() -> None:
        raise error

    accounts.on_keys_ended(fail)
    second = Listener()
    accounts.on_keys_ended(second)
    accounts.delete("ann")
    assert (ended.calls(), second.calls()) == (1, 1)


def test_passwords_refuse_too_many_at_once() -> None:
    """The off-loop call asks for another hash while the only slot is taken."""
    refused: list[str] = []

    def call(_call: Callable[..., Result], *_arguments: Any) -> Any:
        with pytest.raises(RateLimited) as error:
            passwords.hash("another password")
        refused.append(error.value.message)
        return "a hash"

    passwords = Passwords(call, max_at_once=1)
    for _ in range(2):  # the slot is free again
        assert passwords.hash("a password") == "a hash"
    assert refused == ["Too many people are signing in at once. Try again in 2 seconds."] * 2


def test_passwords_free_the_slot_after_an_error() -> None:
    def fail(_call: Callable[..., Result], *_arguments: Any) -> Result:
        raise MemoryError

    passwords = Passwords(fail, max_at_once=1)
    for _ in range(2):
        with pytest.raises(MemoryError):
            passwords.hash("a password")


def test_passwords_match_their_hash_only() -> None:
    passwords = Passwords(call_directly)
    password_hash = passwords.hash("a password")
    assert passwords.matches("a password", password_hash)
    assert not passwords.matches("wrong", password_hash)
    assert not passwords.matches("", None)
    assert not passwords.matches("a password", "not a hash")
