"""What each entry adds to the statistics, and the entries behind a cell."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Engine

from server.contract import (
    CellQuery,
    CellTally,
    CertaintyTally,
    CorrectEntry,
    DayTally,
    Digit,
    DigitTally,
    Statistics,
)
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.statistics_store import StatisticsStore
from server.history.store import HistoryStore
from tests.unit.fakes import make_reading

ME, OTHER = Viewer("me"), Viewer("another")
FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest.fixture
def history(engine: Engine) -> HistoryStore:
    return HistoryStore(engine, 100, MemoryJournal())


@pytest.fixture
def store(engine: Engine) -> StatisticsStore:
    return StatisticsStore(engine)


def save(
    history: HistoryStore, text: str, id: UUID = FIRST, viewer: Viewer = ME, learned: str = ""
) -> None:
    """Save a reading; `learned` are the places of digits that were read by examples."""
    digits = tuple(
        Digit(7, 1.0, (), (0, 0, 1, 1), learned=str(place) in learned)
        for place in range(len(text.replace(" ", "")))
    )
    reading = msgspec.structs.replace(make_reading(text), digits=digits)
    history.save(Draft(id, "canvas", reading, b"picture", str(id), replaces=True), viewer)


def mine(store: StatisticsStore) -> Statistics:
    return store.load(ME, mine=True)


def outcomes(statistics: Statistics) -> list[tuple[int, int, int]]:
    return [(day.unchecked, day.right, day.wrong) for day in statistics.days]


def test_nothing_counts_without_an_entry(store: StatisticsStore) -> None:
    assert store.load(ME, mine=False) == Statistics([], [], [], [], [])


def test_entry_counts_as_unchecked_right_or_wrong(
    history: HistoryStore, store: StatisticsStore
) -> None:
    save(history, "407")
    assert outcomes(mine(store)) == [(1, 0, 0)]
    assert mine(store).certainties == mine(store).cells == []
    for text, expected in (("407", (0, 1, 0)), ("401", (0, 0, 1))):
        history.correct(ME, CorrectEntry(FIRST, text), "browser")
        assert outcomes(mine(store)) == [expected]
        [model] = mine(store).models
        assert (model.model, model.unchecked, model.right, model.wrong) == ("0" * 8, *expected)
        assert mine(store).certainties == [CertaintyTally(99, *expected[1:])]


def test_each_digit_is_counted(history: HistoryStore, store: StatisticsStore) -> None:
    save(history, "-4 77")
    assert mine(store).digits == [DigitTally(4, 1, 0, 0), DigitTally(7, 2, 0, 0)]


def test_learned_digits_are_kept_until_a_correction_changes_them(
    history: HistoryStore, store: StatisticsStore
) -> None:
    save(history, "4 77", learned="12")
    assert mine(store).digits[1] == DigitTally(7, 2, 2, 0)
    history.correct(ME, CorrectEntry(FIRST, "4 71"), "browser")
    assert mine(store).digits[1] == DigitTally(7, 2, 1, 1)


def test_cells_hold_pairs_of_checked_digits(history: HistoryStore, store: StatisticsStore) -> None:
    save(history, "477/")
    history.correct(ME, CorrectEntry(FIRST, "0411+"), "browser")
    assert sorted(mine(store).cells, key=repr) == [
        CellTally(4, 4, 1),
        CellTally(7, 1, 2),
        CellTally(None, 0, 1),
    ]


def test_deletion_leaves_no_row(history: HistoryStore, store: StatisticsStore) -> None:
    save(history, "407")
    history.correct(ME, CorrectEntry(FIRST, "401"), "browser")
    history.delete(ME, FIRST)
    assert mine(store) == store.load(ME, mine=False) == Statistics([], [], [], [], [])


def test_days_are_those_of_the_entries(history: HistoryStore, store: StatisticsStore) -> None:
    save(history, "407")
    entry = history.get(ME, FIRST)
    assert mine(store).days == [DayTally(entry.timestamp[:10], 1, 0, 0)]


def test_guest_sees_all_guests_or_only_their_own(
    history: HistoryStore, store: StatisticsStore
) -> None:
    save(history, "7")
    save(history, "7", SECOND, OTHER)
    assert outcomes(mine(store)) == [(1, 0, 0)]
    assert outcomes(store.load(ME, mine=False)) == [(2, 0, 0)]


def test_cell_lists_its_entries_newest_first_in_pages(
    history: HistoryStore, store: StatisticsStore
) -> None:
    ids = [UUID(int=number) for number in range(5)]
    for id in ids:
        save(history, "77", id)
        history.correct(ME, CorrectEntry(id, "17"), "browser")
    query = CellQuery(read=7, written=1, limit=2)
    found: list[UUID] = []
    while True:
        page = store.list_cell(OTHER, query)
        found += [entry.id for entry in page.entries]
        if page.next is None:
            break
        query = msgspec.structs.replace(query, before=page.next)
    by_time = sorted(
        (history.get(ME, id) for id in ids), key=lambda each: (each.timestamp, each.id)
    )
    assert found == [entry.id for entry in by_time][::-1]
    assert store.list_cell(OTHER, CellQuery(read=7, written=1, mine=True)).entries == []
    assert store.list_cell(ME, CellQuery(read=1, written=7)).entries == []
