"""WSGI middleware: requests in flight, Host check, limits, headers of proxies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial, reduce
from typing import Any
from urllib.parse import urlsplit

import msgspec
from werkzeug.http import parse_cookie
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from server.accounts.known_browsers import COOKIE, KnownBrowsers
from server.error_boundary import failure
from server.errors import DigitsError, Forbidden, RateLimited
from server.limits.byte_budget import SMALL_BYTES, ByteBudget
from server.limits.connection_counts import ConnectionCounts
from server.limits.rate_limits import RateLimit, RateLimits, network
from server.limits.refusal_log import RefusalLog

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Middleware = Callable[[Application], Application]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
RETRY_S = 10
NO_SNIFF = ("X-Content-Type-Options", "nosniff")
FORWARDED = "digits.forwarded"  # in the environment: whether a proxy passed a request on

REFUSAL = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not now · Live Digits</title>
<link rel="stylesheet" href="/static/styles/base.css">
<main class="notice"><h1>{message}</h1></main>
"""


def wrap(application: Application, layers: Sequence[Middleware]) -> Application:
    """Wrap an application in middleware; a request passes the first layer first."""
    return reduce(lambda inner, layer: layer(inner), reversed(layers), application)


def trust_proxies(count: int) -> Middleware:
    """Take address, scheme and host from the X-Forwarded headers of so many proxies, or none."""
    return partial(ProxyFix, x_for=count, x_proto=count, x_host=count)


def drop_forwarded_headers(application: Application) -> Application:
    """Drop the X-Forwarded headers, which Engine.IO would trust from anyone."""

    def drop(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = [name for name in environ if name.startswith("HTTP_X_FORWARDED")]
        environ[FORWARDED] = bool(forwarded)
        for name in forwarded:
            del environ[name]
        return application(environ, start_response)

    return drop


def forbid_sniffing(application: Application) -> Application:
    """Forbid browsers to guess the type of an answer, also of those that do not pass Flask."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            known = {name.lower() for name, _ in headers}
            added = [] if NO_SNIFF[0].lower() in known else [NO_SNIFF]
            return start_response(status, [*headers, *added], *error)

        return application(environ, start)

    return answer


def drop_websocket_extensions(application: Application) -> Application:
    """Drop what extensions a WebSocket offers: a few kilobytes can be packed from megabytes."""

    def drop(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return application(environ, start_response)

    return drop


def refuse_other_hosts(application: Application) -> Application:
    """Answer requests to loopback host names only.

    A page of another site could otherwise point its own name at this machine, and so be of the
    same origin (DNS rebinding).
    """

    def check(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if _name(environ.get("HTTP_HOST", "")) in LOOPBACK:
            return application(environ, start_response)
        error = Forbidden(
            "This server accepts connections from this machine only. Behind a proxy, set "
            "DIGITS_TRUSTED_PROXIES; to open it to other machines, set --host."
        )
        return refuse(error, environ)(environ, start_response)

    return check


def refuse_sign_in_floods(
    limits: RateLimits, paths: Collection[str], known_browsers: KnownBrowsers
) -> Middleware:
    """Refuse guessed passwords before they are parsed, at a tenth of the cost of a page.

    Browsers that know an account are let through: their form may be for it.
    """

    def wrap_application(application: Application) -> Application:
        def check(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            is_form = environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in paths
            if is_form and not known_browsers.is_signed(parse_cookie(environ).get(COOKIE, "")):
                try:
                    limits.refuse_empty(RateLimit.SIGN_INS, environ.get("REMOTE_ADDR", ""))
                except RateLimited as error:
                    return refuse(error, environ)(environ, start_response)
            return application(environ, start_response)

        return check

    return wrap_application


class ConnectionLimit:
    """At most so many requests of one address at once; a WebSocket counts until it closes."""

    def __init__(self, application: Application, counts: ConnectionCounts) -> None:
        self._application = application
        self._counts = counts

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        address = network(environ.get("REMOTE_ADDR", ""))
        if not self._counts.enter(address):
            error = RateLimited(f"More than {self._counts.max_count} connections at once.", RETRY_S)
            return refuse(error, environ)(environ, start_response)
        answer = partial(self._application, environ, start_response)
        return answer_then(answer, partial(self._counts.leave, address))


class BodyLimit:
    """At most so many bytes in the requests of one address that are not answered yet."""

    def __init__(
        self, application: Application, max_body_bytes: int, budget: ByteBudget, log: RefusalLog
    ) -> None:
        self._application = application
        self._max_body_bytes = max_body_bytes
        self._budget = budget
        self._log = log

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        address, length = environ.get("REMOTE_ADDR", ""), self._length(environ)
        leave = partial(self._budget.remove, address, length)
        if not self._budget.add(address, length) and length > SMALL_BYTES:
            leave()
            reason = f"More than {self._budget.max_bytes:,} bytes at once."
            self._log.warn(address, reason)
            return refuse(RateLimited(reason, RETRY_S), environ)(environ, start_response)
        return answer_then(partial(self._application, environ, start_response), leave)

    def _length(self, environ: Environ) -> int:
        """Return how much of a request's body may be kept in memory."""
        if "HTTP_TRANSFER_ENCODING" in environ:
            return self._max_body_bytes
        length = environ.get("CONTENT_LENGTH", "")
        return min(int(length), self._max_body_bytes) if length.isdecimal() else 0


def answer_then(answer: Callable[[], Iterable[bytes]], end: Callable[[], None]) -> Iterable[bytes]:
    """Answer a request, and call `end` when the answer is sent or has failed."""
    try:
        iterable = answer()
    except BaseException:
        end()
        raise
    if hasattr(iterable, "close"):
        return ClosingIterator(iterable, end)
    end()
    return iterable


def _name(host: str) -> str | None:
    """Return the name in a Host header, without the port; None if there is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:  # an unclosed bracket
        return None


def refuse(error: DigitsError, environ: Environ) -> Response:
    if "text/html" in environ.get("HTTP_ACCEPT", ""):
        response = Response(REFUSAL.format(message=error.message), mimetype="text/html")
    else:
        response = Response(msgspec.json.encode(failure(error)), mimetype="application/json")
    response.status_code = error.status
    response.headers.update(error.headers)
    return response
