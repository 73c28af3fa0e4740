"""The visitor: whoever makes a request or holds a socket."""

from __future__ import annotations

from dataclasses import dataclass

from server.accounts.store import Key
from server.history.access import Viewer


@dataclass(frozen=True)
class Visitor:
    """Whoever makes a request, from an address; a guest has no key.

    `client` is the id of the Socket.IO connection, None over HTTP.
    """

    viewer: Viewer
    address: str
    key: Key | None = None
    client: str | None = None
