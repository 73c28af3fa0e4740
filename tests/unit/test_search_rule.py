"""The search of the history, held to the same cases as the browser's filter (filter.test.mjs)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from server.contract import HistoryQuery
from server.database.engine import open_database
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.store import HistoryStore
from tests.conftest import PROJECT
from tests.unit.fakes import make_reading

CASES = json.loads((PROJECT / "tests" / "browser_units" / "search-cases.json").read_text())
ME = Viewer("me")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_database(f"sqlite:///{tmp_path_factory.mktemp('history') / 'history.db'}")


@pytest.mark.parametrize("case", CASES, ids=json.dumps)
def test_search_finds_what_the_filter_passes(engine: Engine, case: dict[str, Any]) -> None:
    history = HistoryStore(engine, max_entries=len(CASES))
    reading = make_reading(case["predicted"])
    draft = Draft(uuid4(), "canvas", reading, b"picture", "0" * 64, replaces=True)
    id = history.save(draft, ME).entry.id
    if "corrected" in case:
        history.correct(ME, id, case["corrected"])
    query = HistoryQuery(len(CASES), None, case.get("input_type"), case["search"])
    page = history.list(ME, query)
    assert (id in [entry.id for entry in page.entries]) == case["found"]
