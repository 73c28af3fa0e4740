"""Query plans and exactness of history pages and searches."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, Select, text

from server.contract import CorrectEntry, Filter, HistoryQuery, Line, Reading, TakeReviews
from server.database.engine import open_database
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.list_store import summarize
from server.history.review_store import first_free
from server.history.selection import Scope, count, find, find_in_order, find_newer, plan
from server.history.store import HistoryStore
from tests.databases import database_url
from tests.unit.fakes import make_entry, make_reading

ME, ANN = Viewer("me"), Viewer("account of ann", "ann")
CURSOR = ("2026-01-31T12:00:00.123Z", UUID(int=1))
ENTRY = make_entry(
    Draft(UUID(int=1), "canvas", make_reading("7"), b"picture", "0" * 64, replaces=True), ME
)
FILTERS: list[dict[str, Any]] = [
    {},
    {"input_type": "upload"},
    {"search": "407"},
    {"search": "31415", "input_type": "canvas"},
    {"list": "a"},
    {"list": "a", "search": "4", "uncertain": True},
    {"mine": True, "corrected": False},
    {"made_from": "2026-01-01T00:00:00.000Z", "made_until": "2026-02-01T00:00:00.000Z"},
]
RANGE = "PRIMARY KEY (owner=? AND maker=? AND list=? AND text=? AND input_type=? AND status=?"
# A downgrade of the schema to that of the first version.
TO_FIRST_VERSION = (
    "DROP TABLE rereadings",
    "DROP TABLE promotions",
    "DROP TABLE model_files",
    "DROP TABLE models",
    "ALTER TABLE pictures DROP COLUMN digits_only",
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
    "DROP TABLE findings",
    "DROP INDEX entries_by_list",
    "ALTER TABLE entries DROP COLUMN list",
    "ALTER TABLE entries DROP COLUMN rank",
    "ALTER TABLE entries DROP COLUMN owner",
    "DROP TABLE account_log",
    "DROP TABLE keys",
    "DROP TABLE users",
    "ALTER TABLE entries DROP COLUMN image_version",
    "CREATE INDEX entries_by_time ON entries (timestamp, id)",
    "UPDATE alembic_version SET version_num = '0001'",
)


@pytest.mark.sqlite
@pytest.mark.parametrize("filter", FILTERS, ids=str)
@pytest.mark.parametrize("before", [None, CURSOR], ids=["first page", "later page"])
def test_page_query_reads_ranges_of_the_primary_key(
    engine: Engine, before: Any, filter: dict[str, Any]
) -> None:
    last = ENTRY if before else None
    scope = scope_of(engine, Filter(**filter))
    for steps in (
        explain(engine, query.statement.params(query.values))
        for query in (
            find(scope, 21, before),
            find_newer(scope, 21, CURSOR, None),
            find_in_order(scope, 21, last),
            count(scope),
        )
    ):
        tables = [step for step in steps if "findings" in step or "entries" in step]
        assert tables
        assert all(step.startswith("SEARCH") for step in tables), steps
        assert all(RANGE in step for step in tables if "findings" in step), steps


@pytest.mark.sqlite
@pytest.mark.parametrize("disputed", [False, True])
def test_review_reads_ranges_of_the_primary_key(engine: Engine, disputed: bool) -> None:
    request = TakeReviews(page=uuid4(), limit=8, disputed=disputed)
    steps = explain(engine, first_free(ME, request, [uuid4()]))
    tables = [step for step in steps if "findings" in step or "entries" in step]
    assert all(step.startswith("SEARCH") for step in tables), steps
    assert all(RANGE in step for step in tables if "findings" in step), steps


def scope_of(engine: Engine, filter: Filter) -> Scope:
    with engine.connect() as connection:
        return plan(connection, ME, filter)


def explain(engine: Engine, query: Select[Any]) -> list[str]:
    compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        return [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]


@pytest.mark.sqlite
@pytest.mark.parametrize("viewer", [ME, ANN], ids=["guest", "account"])
def test_summary_of_lists_reads_the_index_alone(engine: Engine, viewer: Viewer) -> None:
    search, *_ = explain(engine, summarize(viewer))
    assert "COVERING INDEX entries_by_list (owner=? AND maker=? AND list>?)" in search


def save(history: HistoryStore, digits: str) -> UUID:
    reading = Reading(digits, 1.0, False, (), (Line(digits, 1.0),), (28, 28), 1.0, "0" * 8)
    draft = Draft(uuid4(), "canvas", reading, b"picture", "0" * 64, replaces=True)
    return history.save(draft, ME).entry.id


def search(history: HistoryStore, digits: str) -> list[UUID]:
    return [entry.id for entry in history.list(ME, HistoryQuery(search=digits)).entries]


def test_search_longer_than_the_indexed_text_is_exact(engine: Engine) -> None:
    history = HistoryStore(engine, 100, MemoryJournal())
    wanted, _ = save(history, "3141592"), save(history, "3141999")
    assert search(history, "141592") == [wanted]
    assert search(history, "3141592653") == []


def test_long_search_begins_at_its_rarest_part(engine: Engine) -> None:
    history = HistoryStore(engine, 100, MemoryJournal())
    for digits in ("10001", "10002", "10003", "310003"):
        save(history, digits)
    assert scope_of(engine, Filter(search="310003")).term == "3100"
    assert scope_of(engine, Filter(search="10002")).term == "0002"


def test_search_follows_corrections_and_deletions(
    engine: Engine,
) -> None:
    history = HistoryStore(engine, 100, MemoryJournal())
    id = save(history, "17")
    history.correct(ME, CorrectEntry(id, "77"), "browser")
    assert search(history, "17") == search(history, "77") == [id]
    history.correct(ME, CorrectEntry(id, "42"), "browser")
    assert search(history, "77") == []
    history.delete(ME, id)
    assert search(history, "42") == search(history, "") == []


def test_first_version_history_is_migrated_and_searchable(engine: Engine, tmp_path: Path) -> None:
    history = HistoryStore(engine, 100, MemoryJournal())
    id = save(history, "407")
    before = history.correct(ME, CorrectEntry(id, "417"), "browser")
    with engine.begin() as connection:
        for statement in TO_FIRST_VERSION:
            connection.execute(text(statement))
    engine.dispose()
    migrated = open_database(database_url(tmp_path))
    reopened = HistoryStore(migrated, 100, MemoryJournal())
    assert search(reopened, "40") == [id]
    assert reopened.get(ME, id) == before
    for query in (HistoryQuery(), HistoryQuery(mine=True), HistoryQuery(corrected=True)):
        assert reopened.list(ME, query).entries == [before]
    migrated.dispose()
