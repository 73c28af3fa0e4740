"""The filters of the history, held to the same cases as the browser's (filter.test.mjs)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine

from server.contract import CorrectEntry, Filter, HistoryQuery, parse
from server.database.engine import open_database
from server.history import rows
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.store import HistoryStore
from tests.conftest import PROJECT
from tests.databases import database_url
from tests.unit.fakes import make_reading

CASES = json.loads((PROJECT / "tests" / "browser_units" / "filter-cases.json").read_text())
WHEN = "2026-01-31T12:00:00.123Z"


@pytest.fixture
def history(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> HistoryStore:
    monkeypatch.setattr(rows, "now", lambda: WHEN)
    return HistoryStore(engine, 1, MemoryJournal())


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_database(database_url(tmp_path_factory.mktemp("history")))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("case", CASES, ids=json.dumps)
def test_query_finds_and_counts_what_the_filter_passes(
    history: HistoryStore, case: dict[str, Any]
) -> None:
    maker = Viewer(case.get("maker", "me"))
    reading = replace(make_reading(case["predicted"]), uncertain=case.get("uncertain", False))
    draft = Draft(uuid4(), "canvas", reading, b"", "0" * 64, replaces=True, list=case.get("list"))
    history.save(draft, maker)
    if "disputed" in case:
        history.correct(maker, CorrectEntry(draft.id, case["predicted"]), "other browser")
    if "corrected" in case:
        history.correct(maker, CorrectEntry(draft.id, case["corrected"]), "browser")
    me, passes = Viewer("me"), [draft.id] if case["found"] else []
    query = parse(case["filter"], HistoryQuery)
    assert [entry.id for entry in history.list(me, query).entries] == passes
    assert history.count(me, parse(case["filter"], Filter)) == len(passes)
    history.delete(maker, draft.id)
    assert history.count(me, Filter()) == 0
