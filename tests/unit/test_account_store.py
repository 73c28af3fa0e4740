"""Limits and lifetimes of sessions and tokens in the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from server.accounts.records import OPERATOR, Event
from server.accounts.store import MAX_KEYS, AccountStore
from server.database.engine import open_database
from server.errors import InvalidPayload, SignInRequired
from tests.databases import database_url, refuse_inserts


@pytest.fixture
def store(engine: Engine) -> AccountStore:
    store = AccountStore(engine)
    store.create("ann", "a hash", None)
    return store


def open_session(store: AccountStore, label: str = "phone") -> str:
    return store.open_key("ann", "session", label).secret


def test_open_key_refuses_too_many_tokens(store: AccountStore) -> None:
    tokens = [store.open_key("ann", "token", str(count)).secret for count in range(MAX_KEYS)]
    with pytest.raises(InvalidPayload, match=f"You have {MAX_KEYS} tokens"):
        store.open_key("ann", "token", "one more")
    assert all(store.find_key(token, "token") for token in tokens)


def test_open_key_ends_the_longest_unused_session(store: AccountStore) -> None:
    first = open_session(store)
    store.open_key("ann", "token", "not a session")
    ended = [store.open_key("ann", "session", str(count)).ended for count in range(MAX_KEYS)]
    assert ended == [0] * (MAX_KEYS - 1) + [1]
    assert store.find_key(first, "session") is None
    kinds = [key.kind for key in store.keys("ann")]
    assert (kinds.count("session"), kinds.count("token")) == (MAX_KEYS, 1)


def test_find_key_records_use_and_keeps_a_later_end(store: AccountStore, engine: Engine) -> None:
    secret = open_session(store)
    with engine.begin() as connection:
        connection.execute(text("UPDATE keys SET used = '2026-01-01T00:00:00.000Z'"))
        connection.execute(text("UPDATE keys SET expires = '2999-01-01T00:00:00.000Z'"))
    assert store.find_key(secret, "session")
    [key] = store.keys("ann")
    assert key.used > "2026-01-01T00:00:00.000Z"
    assert key.expires == "2999-01-01T00:00:00.000Z"  # a remembered session is not shortened


def test_find_key_refuses_a_session_secret_as_token(store: AccountStore) -> None:
    assert store.find_key(open_session(store), "token") is None


def test_open_key_refuses_a_disabled_or_deleted_account(store: AccountStore) -> None:
    store.disable("ann", True)
    with pytest.raises(SignInRequired):
        open_session(store)
    store.delete("ann")
    with pytest.raises(SignInRequired):
        open_session(store)


def test_end_key_returns_the_key_once_and_to_its_owner(store: AccountStore) -> None:
    open_session(store)
    [key] = store.keys("ann")
    store.create("bob", "a hash", None)
    assert store.end_key("bob", key.id) is None
    assert store.end_key("ann", key.id) == key
    assert store.end_key("ann", key.id) is None


def test_set_password_ends_other_sessions_and_counts_them(store: AccountStore) -> None:
    open_session(store)
    [kept] = store.keys("ann")
    token = store.open_key("ann", "token", "script").secret
    open_session(store, "laptop")
    assert store.set_password("ann", "another hash", OPERATOR, kept.id, keep_tokens=True) == 1
    assert store.find_key(token, "token")
    assert store.set_password("ann", "a third hash", OPERATOR, kept.id) == 1
    assert store.keys("ann") == [kept]


def test_note_leaves_nothing_for_a_deleted_account(store: AccountStore) -> None:
    store.note("bob", Event("downloaded"), OPERATOR)
    assert store.log("bob") == []


TO_0004 = (
    "DROP TABLE rereadings",
    "DROP TABLE promotions",
    "DROP TABLE model_files",
    "DROP TABLE models",
    "ALTER TABLE pictures DROP COLUMN digits_only",
    "ALTER TABLE users DROP COLUMN contributes",
    "DROP TABLE tallies",
    "DROP TABLE confusions",
    "DROP TABLE reviews",
    "DROP TABLE review_leases",
    "ALTER TABLE entries DROP COLUMN disputed",
    "ALTER TABLE entries DROP COLUMN reread",
    "ALTER TABLE entries DROP COLUMN reread_by",
    "DROP TABLE examples",
    "DROP TABLE unlearning",
    "ALTER TABLE pictures DROP COLUMN strokes",
    "DROP TABLE IF EXISTS history_events",
    "DROP TABLE account_log",
    "ALTER TABLE users DROP COLUMN browsers_epoch",
    "UPDATE alembic_version SET version_num = '0004'",
)


def test_account_of_before_the_log_is_migrated(
    store: AccountStore, engine: Engine, tmp_path: Path
) -> None:
    secret = open_session(store)
    with engine.begin() as connection:
        for statement in TO_0004:
            connection.execute(text(statement))
    engine.dispose()
    migrated_engine = open_database(database_url(tmp_path))
    migrated = AccountStore(migrated_engine)
    assert migrated.find_key(secret, "session")
    migrated.set_password("ann", "another hash")
    assert [line.event for line in migrated.log("ann")] == ["password_reset"]
    migrated_engine.dispose()


def test_create_calls_only_a_duplicate_name_taken(store: AccountStore, engine: Engine) -> None:
    with pytest.raises(InvalidPayload, match="The name Ann is taken"):
        store.create("Ann", "a hash", None)
    with engine.begin() as connection:
        refuse_inserts(connection, "users")
    with pytest.raises(IntegrityError):
        store.create("bob", "a hash", None)
