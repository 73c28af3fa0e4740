"""Listening sockets: bound by the process that serves, or by the one that starts several."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

from server.errors import ConfigurationError

BACKLOG = 1_000  # connections that wait to be accepted: as many pages may come back at once
# TCP doubles the time between retransmissions, so that after a network that was away for a minute
# a page would wait for as long again. Linux since 6.15 lets it be bounded: tcp(7).
RTO_MAX_MS, TCP_RTO_MAX_MS = 3_000, 44  # Python has no name for the option
GIVEN_UP_MS = 85_000  # as Socket.IO gives up: else it would be sooner, after 15 retransmissions


def bind(host: str, port: int) -> socket.socket:
    """Bind a socket that does not listen yet. Raises ConfigurationError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        bound = socket.socket(family, kind, protocol)
        if sys.platform != "win32":  # there it would share the port with another program
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bound_retransmission(bound)
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


def _bound_retransmission(listener: socket.socket) -> None:
    """Let what its connections could not send be tried again soon after the network is back."""
    if sys.platform == "linux":
        with suppress(OSError):  # an older kernel
            listener.setsockopt(socket.IPPROTO_TCP, TCP_RTO_MAX_MS, RTO_MAX_MS)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GIVEN_UP_MS)
