"""The history service: every change is told to those who watch."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from server.accounts.visitor import Visitor
from server.contract import (
    CorrectEntry,
    DeleteEntries,
    DeleteEntry,
    Filter,
    GetEntry,
    MoveEntries,
    WatchHistory,
)
from server.errors import NotFound
from server.history.entry import Draft
from server.services import history as module
from server.services.history import HistoryService
from tests.unit.fakes import (
    ANN,
    GUEST,
    POOLS,
    UNLIMITED,
    FakeHistoryStore,
    FakePublisher,
    make_reading,
)


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def history(publisher: FakePublisher) -> HistoryService:
    return HistoryService(FakeHistoryStore(), POOLS, publisher, UNLIMITED)  # type: ignore[arg-type]


def save(history: HistoryService, text: str = "407", visitor: Visitor = GUEST) -> UUID:
    draft = Draft(uuid4(), "canvas", make_reading(text), b"picture", "0" * 64, replaces=True)
    return history.save(draft, visitor).entry.id


def test_entry_of_another_is_not_found(history: HistoryService, publisher: FakePublisher) -> None:
    id = save(history, visitor=ANN)
    publisher.events.clear()
    for call in (
        lambda: history.get(GetEntry(id), GUEST),
        lambda: history.correct(CorrectEntry(id, "1"), GUEST),
        lambda: history.delete(DeleteEntry(id), GUEST),
    ):
        with pytest.raises(NotFound):
            call()
    assert publisher.events == []


@pytest.mark.parametrize(
    "change",
    [
        lambda history, id: history.correct(CorrectEntry(id, "401"), GUEST),
        lambda history, id: history.delete(DeleteEntry(id), GUEST),
        lambda history, id: history.delete_all(DeleteEntries((id,)), GUEST),
        lambda history, id: history.move(MoveEntries((id,), "a"), GUEST),
        lambda history, _id: history.take_along(GUEST.viewer, ANN.viewer),
    ],
    ids=["correct", "delete", "delete all", "move", "take along"],
)
def test_changes_are_told(
    history: HistoryService,
    publisher: FakePublisher,
    change: Callable[[HistoryService, UUID], object],
) -> None:
    id = save(history)
    assert publisher.names == ["changes"]
    change(history, id)
    assert publisher.names[:2] == ["changes"] * 2


def test_watch_joins_before_it_lists(history: HistoryService, publisher: FakePublisher) -> None:
    id = save(history, visitor=ANN)
    answer = history.watch(WatchHistory(), ANN)
    assert publisher.events[-1] == ("watch", ANN.client, (ANN.viewer, False))
    assert [entry.id for entry in answer.entries] == [id]


def test_move_answers_with_all_entries(history: HistoryService) -> None:
    ids = (save(history), save(history))
    history.move(MoveEntries(ids[:1], "a"), GUEST)
    answer = history.move(MoveEntries(ids, "a"), GUEST)
    assert [entry.list for entry in answer.entries] == ["a", "a"]


def test_entries_pages_through_everything(
    history: HistoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    saved = [save(history, str(k)) for k in range(5)]
    assert [entry.id for entry in history.entries(GUEST.viewer)] == saved[::-1]


def test_in_order_yields_batches_oldest_first(
    history: HistoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    saved = [save(history, str(k)) for k in range(5)]
    batches = history.in_order(GUEST.viewer, Filter())
    ids = [[entry.id for entry in batch] for batch in batches]
    assert ids == [saved[:2], saved[2:4], saved[4:]]


def test_take_along_goes_on_until_nothing_is_left(
    history: HistoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    saved = [save(history, str(k)) for k in range(3)]
    assert history.take_along(GUEST.viewer, ANN.viewer) == 3
    assert [entry.id for entry in history.entries(ANN.viewer)] == saved[::-1]
