"""The newest events of all histories, kept for clients whose connection broke.

As in Centrifugo and AnyCable, a client says up to which position of which epoch it has all events.
It gets those that it missed, or is told to list anew.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from server.contract import HistoryEvent

MAX_BYTES = 20_000_000  # of all events that are kept
MAX_MISSED, MAX_MISSED_BYTES = 1_000, 1_000_000  # sent again to one client: a list is shorter


class MakeEvent(Protocol):
    """Makes an event of its epoch and position."""

    def __call__(self, *, epoch: str, position: int) -> HistoryEvent: ...


@dataclass(frozen=True)
class Announcement:
    """An event as it was sent, and the rooms that it was sent to."""

    name: str
    position: int
    payload: msgspec.Raw
    rooms: Sequence[str]

    @property
    def size_bytes(self) -> int:
        return len(memoryview(self.payload))


class Journal:
    """Events in the order of their positions, from 1 on. An epoch is a run of one server."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.epoch = secrets.token_hex(8)
        self.position = 0
        self._max_bytes = max_bytes
        self._kept: deque[Announcement] = deque()
        self._kept_bytes = 0

    def add(self, name: str, make_event: MakeEvent, rooms: Sequence[str]) -> Announcement:
        """Make an event with the next position, and keep it instead of the oldest ones."""
        self.position += 1
        event = make_event(epoch=self.epoch, position=self.position)
        payload = msgspec.Raw(msgspec.json.encode(event))
        added = Announcement(name, self.position, payload, rooms)
        self._kept.append(added)
        self._kept_bytes += added.size_bytes
        while self._kept_bytes > self._max_bytes:
            self._kept_bytes -= self._kept.popleft().size_bytes
        return added

    def missed(self, room: str, since: int, epoch: str) -> list[Announcement] | None:
        """Return the events of a room after a position, None if they are unknown or too many."""
        oldest = self._kept[0].position if self._kept else self.position + 1
        if epoch != self.epoch or not oldest - 1 <= since <= self.position:
            return None
        after = self.position - since
        newest = [self._kept[-count] for count in range(after, 0, -1)]
        missed = [each for each in newest if room in each.rooms]
        short = sum(each.size_bytes for each in missed) <= MAX_MISSED_BYTES
        return missed if short and len(missed) <= MAX_MISSED else None
