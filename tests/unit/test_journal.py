"""The journal: which events it still knows, and which it sends again."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from server.contract import Removed
from server.sockets import journal as module
from server.sockets.journal import Journal

ROOM, OTHER = "public history", "history of ann"


def fill(journal: Journal, count: int, room: str = ROOM) -> None:
    for _ in range(count):
        journal.add("history_removed", partial(Removed, id=uuid4()), [room])


def positions(journal: Journal, since: int, room: str = ROOM) -> list[int] | None:
    missed = journal.missed(room, since, journal.epoch)
    return None if missed is None else [each.position for each in missed]


def test_missed_events_follow_the_last_one() -> None:
    journal = Journal()
    fill(journal, 4)
    assert positions(journal, 2) == [3, 4]
    assert positions(journal, 0) == [1, 2, 3, 4]


def test_nothing_is_missed_at_the_newest_position() -> None:
    journal = Journal()
    assert positions(journal, 0) == []
    fill(journal, 2)
    assert positions(journal, 2) == []


def test_events_of_other_rooms_are_passed_over() -> None:
    journal = Journal()
    fill(journal, 1)
    fill(journal, 1, OTHER)
    fill(journal, 1)
    assert positions(journal, 0) == [1, 3]
    assert positions(journal, 0, OTHER) == [2]


def test_position_that_was_never_reached_is_unknown() -> None:
    journal = Journal()
    fill(journal, 2)
    assert positions(journal, 3) is None


def test_position_of_another_epoch_is_unknown() -> None:
    journal = Journal()
    fill(journal, 2)
    assert journal.missed(ROOM, 1, Journal().epoch) is None


def test_oldest_events_are_dropped_over_the_bytes() -> None:
    journal = Journal(max_bytes=400)  # an event has about 100
    fill(journal, 20)
    assert positions(journal, 1) is None
    assert positions(journal, 18) == [19, 20]


@pytest.mark.parametrize(("limit", "value"), [("MAX_MISSED", 3), ("MAX_MISSED_BYTES", 400)])
def test_too_many_missed_events_are_not_sent_again(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(module, limit, value)
    journal = Journal()
    fill(journal, 6)
    assert positions(journal, 1) is None
    assert positions(journal, 4) == [5, 6]
