"""Listening sockets: bound by the process that serves, or by the one that starts several."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence

from server.errors import ConfigurationError

BACKLOG = 1_000  # connections that wait to be accepted: as many pages may come back at once


def bind(host: str, port: int) -> socket.socket:
    """Bind a socket that does not listen yet. Raises ConfigurationError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        bound = socket.socket(family, kind, protocol)
        if sys.platform != "win32":  # there it would share the port with another program
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        raise ConfigurationError(
            f"{host}:{port} is not available ({error.strerror}). "
            "Choose another address with --host and --port."
        ) from error
    return bound


def inherit(descriptors: Sequence[int]) -> list[socket.socket]:
    """Return the sockets that the process which started this one has bound."""
    return [socket.socket(fileno=descriptor) for descriptor in descriptors]
