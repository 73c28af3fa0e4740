"""The requests that are being answered, while the server is about to end."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import partial

from server.contract import SOCKET_PATH
from server.errors import Unavailable
from server.http.middleware import Application, Environ, StartResponse, answer_then, refuse


class InFlight:
    """The requests that are being answered; once the server is to stop, others are refused.

    A WebSocket, and a poll for what comes next, are not counted: they would last.
    """

    def __init__(self) -> None:
        self.count = 0
        self._refuses = False
        self._lock = threading.Lock()

    def wrap(self, application: Application) -> Application:
        def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"] == SOCKET_PATH:
                return application(environ, start_response)
            if self._refuses:
                error = Unavailable("The server is restarting. Try again in a few seconds.")
                return refuse(error, environ)(environ, start_response)
            self._add(1)
            return answer_then(
                partial(application, environ, start_response), partial(self._add, -1)
            )

        return answer

    def refuse_others(self) -> None:
        self._refuses = True

    def _add(self, count: int) -> None:
        with self._lock:
            self.count += count
