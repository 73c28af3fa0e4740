"""The list service: a new name is published with every entry of the list."""

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
def lists(store: FakeListStore, publisher: FakePublisher) -> ListService:
    entries = FakeHistoryStore()
    for name in ("new", "other", "new"):
        reading = make_reading("7")
        entries.save(
            Draft(uuid4(), "canvas", reading, b"", "", replaces=True, list=name), ANN.viewer
        )
    history = HistoryService(entries, POOLS, publisher, UNLIMITED)  # type: ignore[arg-type]
    return ListService(store, POOLS, history, publisher)  # type: ignore[arg-type]


def test_rename_publishes_itself_and_every_entry(
    lists: ListService, store: FakeListStore, publisher: FakePublisher
) -> None:
    assert lists.rename(RenameList("old", "new"), ANN).ok
    assert store.renamed == [(ANN.viewer, "old", "new")]
    renamed, *changed = publisher.events
    assert renamed == ("list_renamed", "ann", ("old", "new"))
    assert [(owner, entry.list) for _, owner, entry in changed] == [("ann", "new")] * 2
    assert {name for name, *_ in changed} == {"history_changed"}


def test_rename_to_the_same_name_publishes_nothing(
    lists: ListService, publisher: FakePublisher
) -> None:
    lists.rename(RenameList("new", "new"), ANN)
    assert publisher.events == []
