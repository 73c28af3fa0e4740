"""The history service: every change is published, to those who may see it."""

from __future__ import annotations

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
    return history.save(draft, visitor).id


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


def test_save_publishes_added_then_changed(
    history: HistoryService, publisher: FakePublisher
) -> None:
    draft = Draft(uuid4(), "canvas", make_reading("4"), b"picture", "0" * 64, replaces=True)
    history.save(draft, ANN)
    entry = history.save(draft, ANN)
    assert publisher.names == ["history_added", "history_changed"]
    assert publisher.events[-1] == ("history_changed", "ann", entry)


def test_same_upload_is_published_once(history: HistoryService, publisher: FakePublisher) -> None:
    draft = Draft(uuid4(), "upload", make_reading("4"), b"picture", "0" * 64, replaces=False)
    assert history.save(draft, GUEST) == history.save(draft, GUEST)
    assert publisher.names == ["history_added"]


def test_watch_joins_before_it_lists(history: HistoryService, publisher: FakePublisher) -> None:
    id = save(history, visitor=ANN)
    answer = history.watch(WatchHistory(), ANN)
    assert publisher.events[-1] == ("watch", ANN.client, (ANN.viewer, False))
    assert [entry.id for entry in answer.entries] == [id]


def test_correct_publishes_the_entry(history: HistoryService, publisher: FakePublisher) -> None:
    answer = history.correct(CorrectEntry(save(history), "401"), GUEST)
    assert answer.entry.corrected == "401"
    assert publisher.events[-1] == ("history_changed", None, answer.entry)


def test_delete_publishes_the_id(history: HistoryService, publisher: FakePublisher) -> None:
    id = save(history)
    history.delete(DeleteEntry(id), GUEST)
    assert publisher.events[-1] == ("history_removed", None, [id])


def test_delete_all_publishes_what_was_there(
    history: HistoryService, publisher: FakePublisher
) -> None:
    id = save(history)
    history.delete_all(DeleteEntries((uuid4(), id)), GUEST)
    assert publisher.events[-1] == ("history_removed", None, [id])


def test_move_publishes_what_it_changes(history: HistoryService, publisher: FakePublisher) -> None:
    ids = (save(history), save(history))
    history.move(MoveEntries(ids[:1], "a"), GUEST)
    publisher.events.clear()
    answer = history.move(MoveEntries(ids, "a"), GUEST)
    assert [entry.list for entry in answer.entries] == ["a", "a"]
    assert publisher.events == [("history_changed", None, answer.entries[1])]


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


def test_take_along_removes_from_the_public_history(
    history: HistoryService, publisher: FakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    saved = [save(history, str(k)) for k in range(3)]
    publisher.events.clear()
    history.take_along(GUEST.viewer, ANN.viewer)
    assert publisher.events == [
        ("history_removed", None, saved[:2]),
        ("history_removed", None, saved[2:]),
    ]
    assert [entry.id for entry in history.entries(ANN.viewer)] == saved[::-1]
