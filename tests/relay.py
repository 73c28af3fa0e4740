"""A TCP relay in front of a server, whose connections can be broken."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Relay:
    """Relays connections from a port of its own, until they are cut or it is closed."""

    def __init__(self, to_port: int) -> None:
        self._target = ("127.0.0.1", to_port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Break all connections, without a word to either end."""
        for end in list(self._open):
            _shut_down(end)

    def close(self) -> None:
        _shut_down(self._listener)
        self._listener.close()
        self.cut()
        self._accepting.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=[client], daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._target) as server:
            self._open |= {client, server}
            back = threading.Thread(target=_copy, args=[server, client])
            back.start()
            _copy(client, server)
            back.join()
            self._open -= {client, server}


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65_536):
            target.sendall(content)
    _shut_down(source)
    _shut_down(target)


def _shut_down(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
