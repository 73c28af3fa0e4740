"""The log of HTTP requests."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import quote

from server.http.middleware import Application, Environ, StartResponse, answer_then
from server.monitoring.logs import begin_request
from server.monitoring.metrics import REQUESTS

QUIET_PATHS = ("/static/", "/images/", "/socket.io/", "/healthz", "/readyz", "/metrics")

log = logging.getLogger(__name__)


class RequestLog:
    """Logs requests, each with an id that its answer has too (X-Request-ID)."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        id, started_s, statuses = begin_request(), perf_counter(), []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            statuses.append(int(status[:3]))
            return start_response(status, [*headers, ("X-Request-ID", id)], *error)

        def end() -> None:
            if statuses:  # a WebSocket has none
                _log_request(environ, id, statuses[-1], perf_counter() - started_s)

        return answer_then(partial(self._application, environ, start), end)


def _log_request(environ: Environ, id: str, status: int, seconds: float) -> None:
    """Count and log a request. Those for files, checks and polling are not logged if they succeed.

    The query may say what was searched for, and is left out.
    """
    path = environ.get("PATH_INFO", "")
    REQUESTS.labels(f"{status // 100}xx").inc()
    if status >= 400 or not path.startswith(QUIET_PATHS):
        log.info(
            "%s %s: %d", environ["REQUEST_METHOD"], quote(path), status,
            extra={
                "request": id,
                "milliseconds": round(seconds * 1000, 1),
                "address": environ.get("REMOTE_ADDR"),
            },
        )  # fmt: skip
