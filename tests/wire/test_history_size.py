"""Query plans and exactness of history pages and searches."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text

from server.contract import HistoryQuery, Line, Reading
from server.database.engine import open_database
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.findings import find
from server.history.store import HistoryStore

ME = Viewer("me")
CURSOR = ("2026-01-31T12:00:00.123Z", UUID(int=1))
QUERIES: list[tuple[Any, ...]] = [
    (None, None, ""),
    (CURSOR, None, ""),
    (CURSOR, "upload", ""),
    (None, None, "407"),
    (CURSOR, "canvas", "31415"),
]
# A downgrade of the schema to that of the first version.
TO_FIRST_VERSION = (
    "DROP TABLE findings",
    "DROP INDEX entries_by_owner",
    "ALTER TABLE entries DROP COLUMN owner",
    "DROP TABLE keys",
    "DROP TABLE users",
    "ALTER TABLE entries DROP COLUMN image_version",
    "CREATE INDEX entries_by_time ON entries (timestamp, id)",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'history.db'}")


@pytest.mark.parametrize(("before", "input_type", "search"), QUERIES)
def test_page_query_reads_one_range_of_the_primary_key(
    engine: Engine, before: Any, input_type: Any, search: str
) -> None:
    query = find(None, 21, before, input_type, search).compile(
        engine, compile_kwargs={"literal_binds": True}
    )
    with engine.connect() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    tables = [step for step in plan if "findings" in step or "entries" in step]
    assert tables
    assert all(step.startswith("SEARCH") for step in tables), plan
    ranges = [step for step in plan if "findings" in step]
    assert all("PRIMARY KEY (owner=? AND text=? AND input_type=?" in step for step in ranges), plan


def save(history: HistoryStore, digits: str) -> UUID:
    reading = Reading(digits, 1.0, False, (), (Line(digits, 1.0),), (28, 28), 1.0, "0" * 8)
    draft = Draft(uuid4(), "canvas", reading, b"picture", "0" * 64, replaces=True)
    return history.save(draft, ME).entry.id


def search(history: HistoryStore, digits: str) -> list[UUID]:
    return [entry.id for entry in history.list(ME, HistoryQuery(search=digits)).entries]


def test_search_longer_than_the_indexed_text_is_exact(engine: Engine) -> None:
    history = HistoryStore(engine, 100)
    wanted, _ = save(history, "3141592"), save(history, "3141999")
    assert search(history, "141592") == [wanted]
    assert search(history, "3141592653") == []


def test_search_follows_corrections_and_deletions(
    engine: Engine,
) -> None:
    history = HistoryStore(engine, 100)
    id = save(history, "17")
    history.correct(ME, id, "77")
    assert search(history, "17") == search(history, "77") == [id]
    history.correct(ME, id, "42")
    assert search(history, "77") == []
    history.delete(ME, id)
    assert search(history, "42") == search(history, "") == []


def test_first_version_history_is_migrated_and_searchable(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'history.db'}"
    engine = open_database(url)
    history = HistoryStore(engine, 100)
    id = save(history, "407")
    with engine.begin() as connection:
        for statement in TO_FIRST_VERSION:
            connection.execute(text(statement))
    engine.dispose()
    reopened = HistoryStore(open_database(url), 100)
    assert search(reopened, "40") == [id]
    assert reopened.get(ME, id).image_version == "0" * 16
    assert reopened.list(ME, HistoryQuery()).entries[0].id == id
