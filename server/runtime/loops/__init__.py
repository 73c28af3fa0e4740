"""One module for each async mode, of the mode's name: how it serves, and what gives way to others.

A new mode is a new module here and its name in `settings.py`. Each is imported when it is chosen.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast
from wsgiref.types import WSGIApplication

from server.runtime.meter import OpenMeter
from server.runtime.off_loop import MakeCall
from server.runtime.turn import Lane

StopAccepting = Callable[[], object]


class Loop(Protocol):
    """What each module has."""

    WAITS: str
    """Qualified name of the function in which the loop waits for events."""

    def make_green(self) -> None:
        """Let the functions of the standard library that wait give way to other connections."""

    def native_threading(self) -> Any:
        """Return a `threading` whose threads are native; None if all threads are."""

    def native_calls(self) -> MakeCall:
        """Return the way to make a native call without holding other connections."""

    def make_lane(self) -> Lane:
        """Return what lets one connection through in each round of the loop."""

    def metered_websocket(self, driver: type, open_meter: OpenMeter) -> type:
        """Return a driver of Engine.IO for WebSockets that are metered while messages come in."""

    def serve(self, app: WSGIApplication, listener: socket.socket) -> StopAccepting:
        """Begin to serve on a socket that listens; return what stops the accepting."""


def load(async_mode: str) -> Loop:
    """Return the module of an async mode."""
    return cast(Loop, import_module(f"{__name__}.{async_mode}"))
