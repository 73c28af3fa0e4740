"""The journal of one process: which events it still knows, and which it sends again."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from server.database.engine import transaction
from server.errors import Forbidden
from server.history import journal as module
from server.history.access import Viewer
from server.history.journal import Change, Mark, MemoryJournal, removed, renamed

GUEST, OTHER_GUEST, ANN = Viewer("me"), Viewer("you"), Viewer("ann", "ann")


class Filled:
    """A journal to which changes are committed."""

    def __init__(self, engine: Engine, max_bytes: int = module.MAX_BYTES) -> None:
        self.engine = engine
        self.journal = MemoryJournal(max_bytes)

    def commit(self, *changes: Change) -> None:
        with transaction(self.engine, writes=True) as connection:
            self.journal.note(connection, changes)
        self.journal.after(self.journal.newest())

    def remove(self, count: int, viewer: Viewer = GUEST) -> None:
        self.commit(*(removed(uuid4(), viewer) for _ in range(count)))

    def missed(self, since: int, viewer: Viewer = GUEST, mine: bool = False) -> list[int] | None:
        newest = self.journal.newest()
        missed = self.journal.missed(viewer, mine, Mark(since, newest.epoch), newest)
        return None if missed is None else [each.place.position for each in missed]


@pytest.fixture
def filled(engine: Engine) -> Filled:
    return Filled(engine)


def test_missed_events_follow_the_last_one(filled: Filled) -> None:
    filled.remove(4)
    assert filled.missed(2) == [3, 4]
    assert filled.missed(0) == [1, 2, 3, 4]


def test_nothing_is_missed_at_the_newest_position(filled: Filled) -> None:
    assert filled.missed(0) == []
    filled.remove(2)
    assert filled.missed(2) == []


def test_what_is_not_committed_is_not_told(filled: Filled) -> None:
    with suppress(Forbidden), transaction(filled.engine, writes=True) as connection:
        filled.journal.note(connection, [removed(uuid4(), GUEST)])
        raise Forbidden("It is not yours.")
    assert filled.journal.after(filled.journal.newest()) == []


def test_events_are_of_a_history_or_of_what_a_viewer_made_in_it(filled: Filled) -> None:
    for viewer in (GUEST, ANN, OTHER_GUEST):
        filled.remove(1, viewer)
    assert filled.missed(0) == [1, 3]
    assert filled.missed(0, mine=True) == [1]
    assert filled.missed(0, ANN) == [2]


def test_new_name_of_a_list_is_told_where_the_list_is_shown(filled: Filled) -> None:
    filled.commit(renamed("old", "new", GUEST))
    assert filled.missed(0, mine=True) == [1]
    assert filled.missed(0) == []


def test_position_that_was_never_reached_is_unknown(filled: Filled) -> None:
    filled.remove(2)
    assert filled.missed(3) is None


def test_position_of_another_epoch_is_unknown(filled: Filled) -> None:
    filled.remove(2)
    newest = filled.journal.newest()
    assert filled.journal.missed(GUEST, False, MemoryJournal().newest(), newest) is None


def test_oldest_events_are_dropped_over_the_bytes(engine: Engine) -> None:
    filled = Filled(engine, max_bytes=100)  # an event has about 45
    filled.remove(20)
    assert filled.missed(1) is None
    assert filled.missed(18) == [19, 20]


@pytest.mark.parametrize(("limit", "value"), [("MAX_MISSED", 3), ("MAX_MISSED_BYTES", 150)])
def test_too_many_missed_events_are_not_sent_again(
    filled: Filled, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(module, limit, value)
    filled.remove(6)
    assert filled.missed(1) is None
    assert filled.missed(4) == [5, 6]
