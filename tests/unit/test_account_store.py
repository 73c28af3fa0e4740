"""Sessions and tokens as the database keeps them: how many, for how long, and of whom."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from server.accounts.store import MOST_KEYS, AccountStore
from server.database.engine import open_database
from server.errors import InvalidPayload, SignInRequired


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'history.db'}")


@pytest.fixture
def accounts(engine: Engine) -> AccountStore:
    accounts = AccountStore(engine)
    accounts.create("ann", "a hash", None)
    return accounts


def test_tokens_when_too_many_then_refused_and_all_kept(accounts: AccountStore) -> None:
    tokens = [accounts.open_key("ann", "token", str(count)) for count in range(MOST_KEYS)]
    with pytest.raises(InvalidPayload, match=f"You have {MOST_KEYS} tokens"):
        accounts.open_key("ann", "token", "one more")
    assert all(accounts.find_key(token, "token") for token in tokens)


def test_sessions_when_too_many_then_the_longest_unused_gives_way(accounts: AccountStore) -> None:
    first = accounts.open_key("ann", "session", "first")
    accounts.open_key("ann", "token", "is no session")
    for count in range(MOST_KEYS):
        accounts.open_key("ann", "session", str(count))
    assert accounts.find_key(first, "session") is None
    kinds = [key.kind for key in accounts.keys("ann")]
    assert (kinds.count("session"), kinds.count("token")) == (MOST_KEYS, 1)


def test_session_when_used_then_it_goes_on(accounts: AccountStore, engine: Engine) -> None:
    secret = accounts.open_key("ann", "session", "phone")
    with engine.begin() as connection:
        connection.execute(text("UPDATE keys SET used = '2026-01-01T00:00:00.000Z'"))
        connection.execute(text("UPDATE keys SET expires = '2999-01-01T00:00:00.000Z'"))
    assert accounts.find_key(secret, "session")
    [key] = accounts.keys("ann")
    assert key.used > "2026-01-01T00:00:00.000Z"
    assert key.expires == "2999-01-01T00:00:00.000Z"  # a year from the start is not shortened


def test_secret_of_a_session_when_used_as_a_token_then_unknown(accounts: AccountStore) -> None:
    assert accounts.find_key(accounts.open_key("ann", "session", "phone"), "token") is None


def test_account_when_disabled_or_deleted_meanwhile_then_no_key_is_opened(
    accounts: AccountStore,
) -> None:
    accounts.disable("ann", True)
    with pytest.raises(SignInRequired):
        accounts.open_key("ann", "session", "phone")
    accounts.delete("ann")
    with pytest.raises(SignInRequired):
        accounts.open_key("ann", "session", "phone")
