"""The events that use cases send to clients, without the way they travel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from server.contract import Entry, Prediction


class Publisher(Protocol):
    """Sends events of the contract: to one client, or to all that watch an owner's history.

    The owner None stands for the public history.
    """

    def prediction(self, client: str, prediction: Prediction) -> None: ...

    def history_added(self, entry: Entry) -> None: ...

    def history_changed(self, entry: Entry) -> None: ...

    def history_removed(self, ids: Sequence[UUID], owner: str | None) -> None: ...

    def watch(self, client: str, owner: str | None) -> None:
        """Send a client the events of an owner's history from now on."""
