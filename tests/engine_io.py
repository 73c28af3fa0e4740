"""An Engine.IO server called as a function, without a network."""

from __future__ import annotations

import io
from typing import Any

import engineio

POLLING = "EIO=4&transport=polling"


class FakeWebSocket:
    """A WebSocket from which some messages come before it ends."""

    def __init__(self, messages: list[str]) -> None:
        self._messages = messages

    def wait(self) -> str | None:
        return self._messages.pop(0) if self._messages else None

    def send(self, message: str) -> None:
        """Drop what the server sends."""

    def close(self) -> None:
        """End; nothing is open."""


def open_session(engine: engineio.Server) -> str:
    """Connect by long polling; return the session's id."""
    _request(engine, {"REQUEST_METHOD": "GET", "QUERY_STRING": POLLING})
    return str(next(reversed(engine.sockets)))


def post(engine: engineio.Server, session: str, content: bytes) -> str:
    """Post a payload; return the status of the answer."""
    return _request(
        engine,
        {
            "REQUEST_METHOD": "POST",
            "QUERY_STRING": f"{POLLING}&sid={session}",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": io.BytesIO(content),
        },
    )


def _request(engine: engineio.Server, environ: dict[str, Any]) -> str:
    statuses: list[str] = []
    engine.handle_request(environ, lambda status, _headers: statuses.append(status))
    return statuses[0]
