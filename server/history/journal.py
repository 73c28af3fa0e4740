"""The journal of what changes in the histories, for those who watch them.

A store notes each change in the transaction that makes it, so that what is committed is told, and
nothing else, in the order of the commits. As in Centrifugo and AnyCable, an event has a position
within an epoch, and a client says up to which one it has all events. It gets those that it missed,
or is told to list anew.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from server.contract import Entry
from server.database.engine import after_commit
from server.history.access import Viewer

MAX_BYTES = 5_000_000  # of all events that are kept: some 4,000
BATCH = 100  # events that are read at once
MAX_MISSED, MAX_MISSED_BYTES = 1_000, 1_000_000  # sent again to one client: a list is shorter
RENAMED, RELEARNED = "list_renamed", "examples_changed"
OF_MAKER = (RENAMED, RELEARNED)  # events for those that watch what one person made

encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Change:
    """A change as an event of the contract, but for its place: a JSON object, and whose it is."""

    event: str
    viewer: Viewer  # who made the entry
    content: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """The position of an event, in the epoch that counts it."""

    position: int
    epoch: str


@dataclass(frozen=True, slots=True)
class Event:
    """A change that is committed, and its place among all."""

    change: Change
    place: Mark

    @property
    def payload(self) -> msgspec.Raw:
        """The event as the contract has it."""
        epoch, position = self.place.epoch.encode(), self.place.position
        return msgspec.Raw(
            b'%b,"epoch":"%b","position":%d}' % (self.change.content[:-1], epoch, position)
        )


class Journal(Protocol):
    """The newest changes of all histories, in order.

    If it is shared, other processes note changes too, and it tells this one when it has to look.
    """

    is_shared: bool

    def note(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Note changes that are told if the transaction of the connection is committed."""

    def newest(self) -> Mark:
        """Return the place of the last event; at position 0 there is none."""

    def after(self, last: Mark) -> Sequence[Event]:
        """Return the next events after a place, also if a new epoch has begun.

        Fewer than BATCH are all that there are.
        """

    def missed(self, viewer: Viewer, mine: bool, last: Mark, until: Mark) -> list[Event] | None:
        """Return the events between two places of all that a viewer sees, or made.

        None if they are not known any more, or too many.
        """


def added(entry: Entry) -> Change:
    return Change("history_added", _maker(entry), encode(entry))


def changed(entry: Entry) -> Change:
    return Change("history_changed", _maker(entry), encode(entry))


def removed(id: UUID, viewer: Viewer) -> Change:
    return Change("history_removed", viewer, encode({"id": id}))


def renamed(name: str, new_name: str, viewer: Viewer) -> Change:
    """Tell those that watch what a viewer made that a list of it has a new name."""
    return Change(RENAMED, viewer, encode({"name": name, "new_name": new_name}))


def relearned(viewer: Viewer) -> Change:
    """Tell those that watch what a viewer made that other examples of it count."""
    return Change(RELEARNED, viewer, encode({"maker": viewer.maker}))


class MemoryJournal:
    """A journal of one process, which begins anew with it. An epoch is a run of the server."""

    is_shared = False

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._epoch = secrets.token_hex(8)
        self._committed: deque[Change] = deque()  # a native thread appends to it
        self._position = 0
        self._kept: deque[Event] = deque()
        self._kept_bytes = 0
        self._max_bytes = max_bytes
        self._lock = threading.Lock()

    def note(self, connection: Connection, changes: Sequence[Change]) -> None:
        after_commit(connection, partial(self._committed.extend, changes))

    def newest(self) -> Mark:
        return Mark(self._position, self._epoch)

    def after(self, last: Mark) -> Sequence[Event]:
        with self._lock:
            self._take_in()
            return self._last(self._position - last.position)

    def missed(self, viewer: Viewer, mine: bool, last: Mark, until: Mark) -> list[Event] | None:
        with self._lock:
            oldest = self._kept[0].place.position if self._kept else self._position + 1
            if last.epoch != self._epoch or not oldest - 1 <= last.position <= until.position:
                return None
            newer = self._last(self._position - last.position)
        missed = [each for each in newer if each.place.position <= until.position]
        return bounded([each for each in missed if concerns(each, viewer, mine)])

    def _last(self, count: int) -> list[Event]:
        return [self._kept[-k] for k in range(min(count, len(self._kept)), 0, -1)]

    def _take_in(self) -> None:
        """Give each change that was committed its position; keep it instead of the oldest ones."""
        while self._committed:
            self._position += 1
            self._kept.append(Event(self._committed.popleft(), self.newest()))
            self._kept_bytes += len(self._kept[-1].change.content)
        while self._kept_bytes > self._max_bytes:
            self._kept_bytes -= len(self._kept.popleft().change.content)


def concerns(event: Event, viewer: Viewer, mine: bool) -> bool:
    """Whether an event is of all that a viewer sees, or made."""
    maker = event.change.viewer
    if maker.owner != viewer.owner:
        return False
    return maker.maker == viewer.maker if mine else event.change.event not in OF_MAKER


def bounded(missed: list[Event]) -> list[Event] | None:
    """Return missed events, None if they are too many."""
    size_bytes = sum(len(each.change.content) for each in missed)
    return missed if len(missed) <= MAX_MISSED and size_bytes <= MAX_MISSED_BYTES else None


def _maker(entry: Entry) -> Viewer:
    return Viewer(entry.maker, entry.owner)
