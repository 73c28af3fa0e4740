"""Events that the server sends unasked, by name."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from server.contract.values import Entry, Problem, Reading


class Prediction(Struct, frozen=True):
    """The answer to a frame: its reading, or an error.

    A refused frame gets back as much of its `drawing` and `seq` as could be read.
    """

    drawing: str | int | None
    seq: int | str | None
    reading: Reading | UnsetType = UNSET
    error: Problem | UnsetType = UNSET


class EntryEvent(Entry, frozen=True, kw_only=True):
    """An entry that is new in the history being watched, or was changed.

    Positions of events grow within an `epoch`, a run of the server or of PostgreSQL.
    """

    epoch: str
    position: int


class Removed(Struct, frozen=True, kw_only=True):
    """The id of an entry that is gone from the history being watched."""

    id: UUID
    epoch: str
    position: int


class Renamed(Struct, frozen=True, kw_only=True):
    """A list of the history being watched, and its new name."""

    name: str
    new_name: str
    epoch: str
    position: int


class Relearned(Struct, frozen=True, kw_only=True):
    """What was learned from a `maker` has changed, other than by an entry."""

    maker: str
    epoch: str
    position: int


class SlowDown(Struct, frozen=True):
    """A client over its rate limit: its event is answered after so many milliseconds."""

    event: str
    milliseconds: int


class Outdated(Struct, frozen=True):
    """The server's version of the contract, which is not the page's: the page must reload."""

    version: int


HistoryEvent = EntryEvent | Removed | Renamed | Relearned
SERVER_EVENTS: dict[str, type[Struct]] = {
    "prediction": Prediction,
    "history_added": EntryEvent,
    "history_changed": EntryEvent,
    "history_removed": Removed,
    "list_renamed": Renamed,
    "examples_changed": Relearned,
    "slow_down": SlowDown,
    "outdated": Outdated,
}
