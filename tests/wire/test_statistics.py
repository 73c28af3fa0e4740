"""The statistics: equal to a scan after whatever happens, never another account's, and fast."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, text

from server.accounts.store import AccountStore
from server.contract import CellQuery, CorrectEntry, Digit
from server.database.engine import open_database
from server.database.schema import confusions, entries, metadata, tallies, users
from server.errors import DigitsError
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.list_store import ListStore
from server.history.retention import RetentionStore
from server.history.statistics_store import find_cell, find_counts, find_days, find_models
from server.history.store import HistoryStore
from server.history.tallies import tally
from tests.databases import database_url
from tests.unit.fakes import make_reading
from tests.unit.test_history_store import ANN
from tests.wire.accounts import Browser, Open
from tests.wire.test_history_size import explain

VIEWERS = (Viewer("me"), Viewer("another"), Viewer("account of ann", "ann"))
IDS = [UUID(int=number) for number in range(6)]
TO_0008 = (
    "DROP TABLE tallies",
    "DROP TABLE confusions",
    "DROP TABLE reviews",
    "DROP TABLE review_leases",
    "ALTER TABLE entries DROP COLUMN disputed",
    "ALTER TABLE entries DROP COLUMN reread",
    "ALTER TABLE entries DROP COLUMN reread_by",
    "UPDATE alembic_version SET version_num = '0008'",
)

viewers, ids = st.sampled_from(VIEWERS), st.sampled_from(IDS)
numbers = st.sampled_from(["7", "77", "-4.7", "1 7\n40", "?"])
learned = st.lists(st.booleans(), max_size=4)

# What may happen to a history: a method of History, and its arguments.
steps = st.one_of(
    st.tuples(st.just("save"), viewers, ids, numbers, learned, st.booleans()),
    st.tuples(st.just("correct"), viewers, ids, numbers),
    st.tuples(st.just("delete"), viewers, ids),
    st.tuples(st.just("delete_all"), viewers, st.lists(ids, max_size=3)),
    st.tuples(st.just("move"), viewers, ids, st.sampled_from(["a", "b", None])),
    st.tuples(st.just("rename"), viewers),
    st.tuples(st.just("take_along")),
    st.tuples(st.just("retain"), viewers, st.integers(1, 3)),
    st.tuples(st.just("erase")),
)


class History:
    """Everything that changes entries. What is refused changes nothing."""

    def __init__(self, engine: Engine) -> None:
        journal = MemoryJournal()
        self._engine = engine
        self._store = HistoryStore(engine, 100, journal)
        self._lists = ListStore(engine, journal)
        self._retention = RetentionStore(engine, journal)
        with engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        self._create_account()

    def _create_account(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(users).values(ANN))

    def save(self, viewer: Viewer, id: UUID, text: str, learned: list[bool], is_new: bool) -> None:
        digits = tuple(Digit(7, 1.0, (), (0, 0, 1, 1), learned=each) for each in learned)
        reading = msgspec.structs.replace(make_reading(text), digits=digits)
        sha256 = f"{text} {is_new}"  # another picture takes the correction away
        self._store.save(Draft(id, "canvas", reading, b"picture", sha256, True, "a"), viewer)

    def correct(self, viewer: Viewer, id: UUID, text: str) -> None:
        self._store.correct(viewer, CorrectEntry(id, text), "browser")

    def delete(self, viewer: Viewer, id: UUID) -> None:
        self._store.delete(viewer, id)

    def delete_all(self, viewer: Viewer, ids: list[UUID]) -> None:
        self._store.delete_all(viewer, ids)

    def move(self, viewer: Viewer, id: UUID, list_name: str | None) -> None:
        self._store.move(viewer, [id], list_name, None)

    def rename(self, viewer: Viewer) -> None:
        self._lists.rename(viewer, "a", "c")

    def take_along(self) -> None:
        self._store.take_along(VIEWERS[0], VIEWERS[2], 100)

    def retain(self, viewer: Viewer, limit: int) -> None:
        self._retention.delete_oldest(viewer.owner, limit, None, None)

    def erase(self) -> None:
        AccountStore(self._engine).delete("ann")
        self._create_account()


@given(st.lists(steps, max_size=25))
def test_statistics_equal_a_scan_after_every_sequence(
    engine: Engine, sequence: list[tuple[Any, ...]]
) -> None:
    history = History(engine)
    for name, *arguments in sequence:
        try:
            getattr(history, name)(*arguments)
        except DigitsError:
            continue
    assert stored(engine) == scanned(engine)


def stored(engine: Engine) -> tuple[Any, ...]:
    with engine.connect() as connection:
        counts = {tuple(key): times for *key, times in connection.execute(select(tallies))}
        return Counter(counts), {tuple(row) for row in connection.execute(select(confusions))}


def scanned(engine: Engine) -> tuple[Any, ...]:
    with engine.connect() as connection:
        expected = tally(connection.execute(select(entries)))
    return expected.counts, expected.cells


def test_entries_of_before_the_statistics_are_counted(engine: Engine, tmp_path: Path) -> None:
    history = History(engine)
    for number, (read, written) in enumerate((("77", "71"), ("4\n0", "4\n0"), ("-4.7", None))):
        viewer = VIEWERS[number]
        history.save(viewer, IDS[number], read, [True, False, True], True)
        if written:
            history.correct(viewer, IDS[number], written)
    expected = stored(engine)
    with engine.begin() as connection:
        for statement in TO_0008:
            connection.execute(text(statement))
    engine.dispose()
    migrated = open_database(database_url(tmp_path))
    assert stored(migrated) == expected == scanned(migrated)
    migrated.dispose()


@pytest.mark.sqlite
@pytest.mark.parametrize("mine", [True, False], ids=["mine", "all"])
@pytest.mark.parametrize("viewer", VIEWERS[1:], ids=["guest", "account"])
def test_queries_read_ranges_of_primary_keys(engine: Engine, viewer: Viewer, mine: bool) -> None:
    for find in (find_days, find_models, find_counts):
        step, *_ = explain(engine, find(viewer, mine))
        assert step == "SEARCH tallies USING PRIMARY KEY (owner=? AND maker=? AND kind=?)"
    query = CellQuery(read=7, written=1, mine=mine)
    cursor = ("2026-01-31T12:00:00.123Z", UUID(int=1))
    for before in (None, cursor):
        steps = explain(engine, find_cell(viewer, query, 21, before))
        [found] = [step for step in steps if "confusions" in step and "USING" in step]
        assert "PRIMARY KEY (owner=? AND maker=? AND read=? AND written=?" in found
        assert not any(step.startswith("SCAN entries") for step in steps), steps


# Real servers


def check(browser: Browser, read: str, written: str) -> dict[str, Any]:
    """Upload a number and correct it."""
    entry = browser.upload(read)
    answer = browser.http.patch(f"/api/predictions/{entry['id']}", json={"text": written})
    checked: dict[str, Any] = answer.raise_for_status().json()["entry"]
    return checked


def cells(browser: Browser, **query: str) -> dict[tuple[int, int], int]:
    statistics = browser.http.get("/api/statistics", params=query).json()["statistics"]
    return {(cell["read"], cell["written"]): cell["count"] for cell in statistics["cells"]}


def pictures(browser: Browser, **query: Any) -> list[str]:
    """Return the ids of the entries behind the cell of a 7 that was a 1."""
    cell = {"read": 7, "written": 1} | query
    answer = browser.http.get("/api/statistics/entries", params=cell).raise_for_status()
    return [entry["id"] for entry in answer.json()["entries"]]


@pytest.mark.parametrize(
    "query",
    [{"read": 10}, {"read": -1}, {"written": "x"}, {"limit": 101}, {"before": "x"}],
    ids=str,
)
def test_query_for_no_cell_is_refused(guest: Browser, query: dict[str, Any]) -> None:
    answer = guest.http.get("/api/statistics/entries", params=query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_payload")


def test_account_has_its_own_statistics_and_nobody_else(
    ann: Browser, guest: Browser, open_browser: Open
) -> None:
    bob = open_browser().sign_up()
    entry = check(ann, "7", "1")
    assert cells(ann) == cells(ann, mine="true") == {(7, 1): 1}
    assert pictures(ann) == pictures(ann, mine="true") == [entry["id"]]
    assert cells(bob) == {}
    for browser in (bob, guest):
        assert entry["id"] not in pictures(browser)


def test_guests_share_statistics_and_have_their_own(guest: Browser, open_browser: Open) -> None:
    other = open_browser()
    entry = check(guest, "7", "1")
    assert entry["id"] in pictures(other)
    assert cells(other)[7, 1] >= 1
    assert (cells(other, mine="true"), pictures(other, mine="true")) == ({}, [])
    assert cells(guest, mine="true") == {(7, 1): 1}


def test_statistics_go_along_to_a_new_account(guest: Browser) -> None:
    entry = check(guest, "7", "1")
    guest.sign_up(take_along="y")
    assert cells(guest) == {(7, 1): 1}
    assert pictures(guest) == [entry["id"]]


def test_deleted_entry_leaves_the_statistics(ann: Browser) -> None:
    entry = check(ann, "7", "1")
    ann.http.delete(f"/api/predictions/{entry['id']}").raise_for_status()
    empty = {"days": [], "models": [], "certainties": [], "digits": [], "cells": []}
    assert ann.http.get("/api/statistics").json() == {"ok": True, "statistics": empty}
    assert pictures(ann) == []
