"""The visitor behind each socket, identified once, when it connects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flask
from flask_socketio import SocketIO

from server.accounts.identity import Identity, require_owner
from server.accounts.service import AccountService
from server.accounts.visitor import Visitor
from server.contract import VERSION
from server.error_boundary import attempt
from server.errors import DigitsError, SignInRequired, Unavailable
from server.sockets.publisher import SocketPublisher

ENDED_S = 5  # delay until a key that another process or the command line ended is noticed


class Connections:
    """Sockets and their visitors; a socket whose session or token has ended is closed."""

    def __init__(
        self,
        socketio: SocketIO,
        identity: Identity,
        accounts: AccountService,
        publisher: SocketPublisher,
    ) -> None:
        self._socketio = socketio
        self._identity = identity
        self._accounts = accounts
        self._publisher = publisher
        self._visitors: dict[str, Visitor | DigitsError] = {}
        self._unidentified: dict[str, dict[str, Any]] = {}  # handshakes, while the database is away

    def connect(self, auth: Any = None) -> None:
        """Identify a new socket by the token in Socket.IO's `auth`, or by its session cookie.

        Every socket is accepted; one without rights is told so at each event, as is a page that
        was made for somebody else. A page made for another version of the contract is told to
        reload.
        """
        handshake = auth if isinstance(auth, dict) else {}
        client = client_id()
        self._visitors[client] = self._identify(client, handshake)
        if isinstance(self._visitors[client], Unavailable):
            self._unidentified[client] = handshake
        if handshake.get("contract", VERSION) != VERSION:
            self._publisher.outdated(client, VERSION)

    def identify_again(self, client: str) -> None:
        """Identify the socket of the current request if the database was away before."""
        handshake = self._unidentified.get(client)
        if handshake is not None:
            self._visitors[client] = self._identify(client, handshake)
            if not isinstance(self._visitors[client], Unavailable):
                self._unidentified.pop(client, None)

    def forget(self, client: str) -> None:
        self._visitors.pop(client, None)
        self._unidentified.pop(client, None)

    def visitor(self, client: str) -> Visitor:
        """Return the visitor behind a socket. Raises the error that identifying it raised."""
        found = self._visitors.get(client) or SignInRequired("This connection has ended.")
        if isinstance(found, DigitsError):
            raise found
        return found

    def close_ended(self) -> None:
        """Close the sockets whose session or token has ended."""
        keys = {
            client: visitor.key.id
            for client, visitor in list(self._visitors.items())
            if isinstance(visitor, Visitor) and visitor.key
        }
        live = self._accounts.which_live(list(keys.values())) if keys else set()
        for client, key in keys.items():
            if key not in live:
                self._visitors[client] = SignInRequired("Your session has ended. Sign in again.")
                self._socketio.server.disconnect(client)

    def _identify(self, client: str, handshake: dict[str, Any]) -> Visitor | DigitsError:
        token = handshake.get("token")
        known = token if token is None or isinstance(token, str) else ""
        visitor = attempt(self._identity.visitor, known)
        if isinstance(visitor, Visitor) and "owner" in handshake:
            visitor = attempt(require_owner, visitor, handshake["owner"])
        return replace(visitor, client=client) if isinstance(visitor, Visitor) else visitor


def client_id() -> str:
    """Return the id of the socket whose event is being handled."""
    return str(flask.request.sid)  # type: ignore[attr-defined]
