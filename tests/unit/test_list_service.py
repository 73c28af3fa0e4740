"""The list service: a new name is told with every entry of the list."""

from __future__ import annotations

from uuid import uuid4

import pytest

from server.contract import RenameList
from server.history.access import Viewer
from server.history.entry import Draft
from server.services.history import HistoryService
from server.services.lists import ListService
from tests.unit.fakes import (
    ANN,
    POOLS,
    UNLIMITED,
    FakeHistoryStore,
    FakePublisher,
    make_reading,
)


class FakeListStore:
    """Keeps the renamings that it was asked for; the entries have the new name already."""

    def __init__(self) -> None:
        self.renamed: list[tuple[Viewer, str, str]] = []

    def rename(self, viewer: Viewer, name: str, new_name: str) -> None:
        self.renamed.append((viewer, name, new_name))


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def store() -> FakeListStore:
    return FakeListStore()


@pytest.fixture
def entries() -> FakeHistoryStore:
    return FakeHistoryStore()


@pytest.fixture
def lists(store: FakeListStore, entries: FakeHistoryStore, publisher: FakePublisher) -> ListService:
    for name in ("new", "other", "new"):
        reading = make_reading("7")
        entries.save(
            Draft(uuid4(), "canvas", reading, b"", "", replaces=True, list=name), ANN.viewer
        )
    history = HistoryService(entries, POOLS, publisher, UNLIMITED)  # type: ignore[arg-type]
    return ListService(store, POOLS, history)  # type: ignore[arg-type]


def test_rename_tells_every_entry(
    lists: ListService, store: FakeListStore, entries: FakeHistoryStore
) -> None:
    assert lists.rename(RenameList("old", "new"), ANN).ok
    assert store.renamed == [(ANN.viewer, "old", "new")]
    assert [entry.list for entry in entries.told] == ["new"] * 2


def test_rename_to_the_same_name_tells_nothing(
    lists: ListService, entries: FakeHistoryStore, publisher: FakePublisher
) -> None:
    lists.rename(RenameList("new", "new"), ANN)
    assert (entries.told, publisher.events) == ([], [])
