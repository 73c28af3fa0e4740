"""Who is at the other end of each socket, as found out once, when it connected."""

from __future__ import annotations

from typing import Any

import flask
from flask_socketio import SocketIO

from server.accounts.identity import Identity
from server.accounts.service import AccountService
from server.accounts.visitor import Visitor
from server.error_boundary import attempt
from server.errors import DigitsError, SignInRequired

SWEEP_S = 5  # keys ended elsewhere (by another process, on the command line) are noticed in this


class Connections:
    """Sockets by who they are; those whose session or token has ended are closed."""

    def __init__(self, socketio: SocketIO, identity: Identity, accounts: AccountService) -> None:
        self._socketio = socketio
        self._identity = identity
        self._accounts = accounts
        self._visitors: dict[str, Visitor | DigitsError] = {}
        socketio.start_background_task(self._sweep)

    def admit(self, credentials: Any = None) -> None:
        """Note who has connected: by the token in Socket.IO's `auth`, or as over HTTP.

        Nobody is turned away: who may not come in is told so at every event.
        """
        token = credentials.get("token") if isinstance(credentials, dict) else None
        known = token if token is None or isinstance(token, str) else ""
        self._visitors[client_id()] = attempt(self._identity.visitor, known)

    def forget(self, client: str) -> None:
        self._visitors.pop(client, None)

    def visitor(self, client: str) -> Visitor:
        """Who a client is. Raises SignInRequired, or what else was found when it connected."""
        found = self._visitors.get(client) or SignInRequired("This connection has ended.")
        if isinstance(found, DigitsError):
            raise found
        return found

    def close_ended(self) -> None:
        """Close the sockets whose session or token has ended, at once."""
        keys = {
            client: visitor.key.id
            for client, visitor in list(self._visitors.items())
            if isinstance(visitor, Visitor) and visitor.key
        }
        live = self._accounts.which_live(list(keys.values())) if keys else set()
        for client, key in keys.items():
            if key not in live:
                self._visitors[client] = SignInRequired("Your session has ended: sign in again.")
                self._socketio.server.disconnect(client)

    def _sweep(self) -> None:
        while True:
            self._socketio.sleep(SWEEP_S)
            attempt(self.close_ended)


def client_id() -> str:
    """The connection whose event is being handled."""
    return str(flask.request.sid)  # type: ignore[attr-defined]
