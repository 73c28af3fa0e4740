"""The oldest entries of a history: weighed a few at a time, and deleted no further than needed."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Engine

from server.contract import Filter
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.retention import RetentionStore, Weighed, everything
from server.history.store import HistoryStore
from tests.unit.fakes import make_reading

ENTRIES, PICTURE_BYTES = 5, 10


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A database with entries of two guests in turn."""
    history = HistoryStore(engine, ENTRIES, MemoryJournal())
    for number in range(ENTRIES):
        picture = bytes(PICTURE_BYTES)
        draft = Draft(UUID(int=number), "canvas", make_reading("7"), picture, "0" * 64, False)
        history.save(draft, Viewer(f"guest {number % 2}"))
    return engine


def test_weigh_goes_on_where_it_ended(filled: Engine) -> None:
    store, total_bytes, after = RetentionStore(filled, MemoryJournal()), 0, None
    while (weighed := store.weigh(None, 2, after)).next:
        total_bytes, after = total_bytes + weighed.total_bytes, weighed.next
    assert total_bytes + weighed.total_bytes == ENTRIES * PICTURE_BYTES


def test_weigh_counts_only_the_history_of_its_owner(filled: Engine) -> None:
    assert RetentionStore(filled, MemoryJournal()).weigh("ann", 2, None) == Weighed(0, None)


def test_no_more_is_deleted_than_the_bytes_need(filled: Engine) -> None:
    store = RetentionStore(filled, MemoryJournal())
    deleted = store.delete_oldest(None, ENTRIES, None, PICTURE_BYTES + 1)
    assert [each.id for each in deleted] == [UUID(int=0), UUID(int=1)]
    history = HistoryStore(filled, ENTRIES, MemoryJournal())
    assert history.count(everything(None), Filter()) == ENTRIES - 2


def test_deletion_is_noted_for_those_who_made_the_entries(filled: Engine) -> None:
    journal = MemoryJournal()
    RetentionStore(filled, journal).delete_oldest(None, 2, None, None)
    makers = [each.change.viewer for each in journal.after(journal.newest())]
    assert makers == [Viewer("guest 0"), Viewer("guest 1")]


def test_nothing_newer_than_the_time_is_deleted(filled: Engine) -> None:
    until = "2020-01-01T00:00:00.000Z"
    assert RetentionStore(filled, MemoryJournal()).delete_oldest(None, ENTRIES, until, None) == []
