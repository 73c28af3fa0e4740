"""What every request passes before the application sees it, WebSockets among them."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from server.error_boundary import failure
from server.errors import DigitsError, Forbidden, RateLimited
from server.rate_limits import Rates, network
from server.settings import Settings

Environ = dict[str, Any]
Application = Callable[..., Iterable[bytes]]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PASSWORD_PATHS = ("/sign-in", "/sign-up", "/account/password", "/account/delete")
RETRY_S = 10

REFUSAL = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not now · Live Digits</title>
<link rel="stylesheet" href="/static/styles/base.css">
<main class="notice"><h1>{message}</h1></main>
"""


class Gate:
    """Lets requests in that come to a name of ours, up to a number at once from one address.

    A flood of guessed passwords ends here too, where a refusal costs a tenth of a page.

    A server that only this machine can reach answers to this machine's names alone: a page of
    another site could otherwise have its own name point here, and be of the same origin (DNS
    rebinding). Behind a proxy, whoever set it up has chosen the names.
    """

    def __init__(self, application: Application, settings: Settings, rates: Rates) -> None:
        self._application = application
        self._rates = rates
        self._only_here = settings.host in LOOPBACK and not settings.trusted_proxies
        self._most = settings.connections_per_address
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        address = network(environ.get("REMOTE_ADDR", ""))
        try:
            self._refuse_other_names(environ.get("HTTP_HOST", ""))
            if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in PASSWORD_PATHS:
                self._rates.refuse_empty("sign_ins", address)
            self._enter(address)
        except DigitsError as error:
            return _refuse(error, environ)(environ, start_response)
        return self._answer(environ, start_response, partial(self._leave, address))

    def _answer(
        self, environ: Environ, start_response: Callable[..., Any], leave: Callable[[], None]
    ) -> Iterable[bytes]:
        """The application's answer; a WebSocket's is there when the socket has closed."""
        try:
            answer = self._application(environ, start_response)
        except BaseException:
            leave()
            raise
        if hasattr(answer, "close"):
            return ClosingIterator(answer, leave)
        leave()
        return answer

    def _refuse_other_names(self, host: str) -> None:
        if self._only_here and _name(host) not in LOOPBACK:
            raise Forbidden(
                "This server listens to its own machine only. Behind a proxy, set "
                "DIGITS_TRUSTED_PROXIES; to be reached by other machines, --host."
            )

    def _enter(self, address: str) -> None:
        with self._lock:
            if self._inside[address] >= self._most:
                raise RateLimited(f"More than {self._most} connections at once.", RETRY_S)
            self._inside[address] += 1

    def _leave(self, address: str) -> None:
        with self._lock:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]


def trust_proxies(application: Application, count: int) -> Application:
    """Believe what so many proxies say of who asks, and how; with none, nobody is believed.

    The headers themselves go no further: Engine.IO would believe them from anyone.
    """

    def forget_headers(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        for name in [name for name in environ if name.startswith("HTTP_X_FORWARDED")]:
            del environ[name]
        return application(environ, start_response)

    return ProxyFix(forget_headers, x_for=count, x_proto=count, x_host=count)


def _name(host: str) -> str | None:
    """The name in a Host header, without the port; None where there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # a bracket that is not closed
        return None


def _refuse(error: DigitsError, environ: Environ) -> Response:
    if "text/html" in environ.get("HTTP_ACCEPT", ""):
        response = Response(REFUSAL.format(message=error.message), mimetype="text/html")
    else:
        response = Response(json.dumps(failure(error)), mimetype="application/json")
    response.status_code = error.status
    response.headers.update(error.headers)
    return response
