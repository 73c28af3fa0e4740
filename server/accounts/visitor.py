"""The visitor behind a request or socket, as a value that any layer may use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from server.accounts.records import Key
from server.history.access import Viewer


@dataclass(frozen=True)
class Visitor:
    """The maker of a request: an account by its key, or a guest.

    `viewer` says whose history they see, `address` is the client's IP address, `key` the session
    or token (None for a guest), `client` the id of the Socket.IO connection (None over HTTP), and
    `agent` the browser in plain words.
    """

    viewer: Viewer
    address: str
    key: Key | None = None
    client: str | None = None
    agent: str = ""

    @property
    def reviewer(self) -> str:
        """An opaque id of the browser or program: those of one account differ."""
        return _opaque_id(f"key {self.key.id}") if self.key else self.viewer.maker


def account_viewer(name: str) -> Viewer:
    """Return the viewer of an account's history."""
    return Viewer(_opaque_id(f"account {name}"), name)


def guest_viewer(guest_id: str) -> Viewer:
    """Return the viewer of the public history for the secret id in a guest's cookie."""
    return Viewer(_opaque_id(guest_id))


def _opaque_id(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[:16]
