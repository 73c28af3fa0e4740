"""The events that use cases send to clients, without the way they travel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from server.contract import Entry, Prediction
from server.history.access import Viewer


@dataclass(frozen=True)
class Mark:
    """The position of an event, in the epoch that counts it."""

    position: int
    epoch: str


@dataclass(frozen=True)
class Watched:
    """The newest event of all, and whether a client now has every event up to it."""

    newest: Mark
    recovered: bool


class Publisher(Protocol):
    """Sends events of the contract: to one client, or to all that watch an entry."""

    def prediction(self, client: str, prediction: Prediction) -> None: ...

    def history_added(self, entry: Entry) -> None: ...

    def history_changed(self, entry: Entry) -> None: ...

    def history_removed(self, ids: Sequence[UUID], viewer: Viewer) -> None:
        """Tell that entries which a viewer made are gone from the viewer's history."""

    def list_renamed(self, name: str, new_name: str, viewer: Viewer) -> None:
        """Tell those that watch what a viewer made that a list of it has a new name."""

    def watch(self, client: str, viewer: Viewer, mine: bool, last: Mark | None) -> Watched:
        """Send a client the events of all that a viewer sees, or made, from now on.

        It ends what the client watched before. Of a client that comes back, `last` is the last
        event that it got: those after it are sent first, if they are still known.
        """
