"""The notice that a server is ready, to whoever has started it: systemd or the supervisor.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

VARIABLE = "NOTIFY_SOCKET"
READY = b"READY=1"


def tell_ready() -> None:
    """Tell that this process serves, if anybody has asked for that."""
    address = os.environ.pop(VARIABLE, "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
            notice.sendto(READY, f"\0{address[1:]}" if address.startswith("@") else address)


class Notices:
    """The socket on which a process that is started tells that it is ready."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)  # that of the process before
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.environment = {VARIABLE: str(path)}
        self._has_come = False

    def close(self) -> None:
        self._socket.close()

    @property
    def has_come(self) -> bool:
        """Whether the process is ready."""
        with suppress(BlockingIOError):
            self._has_come = READY in self._socket.recv(len(READY)) or self._has_come
        return self._has_come
