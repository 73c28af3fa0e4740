"""The events that use cases send to clients, without the way they travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from server.contract import Prediction
from server.history.access import Viewer
from server.history.journal import Mark


@dataclass(frozen=True)
class Watched:
    """The newest event of all, and whether a client now has every event up to it."""

    newest: Mark
    recovered: bool


class Publisher(Protocol):
    """Sends events of the contract: to one client, or to all that watch an entry."""

    def prediction(self, client: str, prediction: Prediction) -> None: ...

    def tell_changes(self) -> None:
        """Send what has changed in the histories to those that watch them."""

    def watch(self, client: str, viewer: Viewer, mine: bool, last: Mark | None) -> Watched:
        """Send a client the events of all that a viewer sees, or made, from now on.

        It ends what the client watched before. Of a client that comes back, `last` is the last
        event that it got: those after it are sent first, if they are still known.
        """
