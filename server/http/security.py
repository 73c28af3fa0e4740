"""What every page and answer carries, and what no other site's page may do here."""

from __future__ import annotations

import secrets
from typing import Any

import flask
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

from server.errors import Forbidden, InvalidPayload

SAFE = ("GET", "HEAD", "OPTIONS")  # RFC 9110, section 9.2.1
FEATURES = ("microphone", "geolocation", "payment", "usb", "serial", "bluetooth", "midi", "hid")


class Sessions(SecureCookieSessionInterface):
    """Session cookies that go over TLS only, where the page came by TLS."""

    def get_cookie_secure(self, _app: Flask) -> bool:
        return request.is_secure


class Origins:
    """Which sites' pages may connect, and change something: this one, and those that are set."""

    def __init__(self, further: tuple[str, ...]) -> None:
        self._further = further

    def allow(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Whether a page of this origin may; programs that are no browsers send none."""
        own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return origin is None or origin in (own, *self._further) or "*" in self._further

    def refuse_foreign(self) -> None:
        """Raise Forbidden for a change that a foreign page asks for."""
        origin = request.headers.get("Origin")
        if request.method not in SAFE and not self.allow(origin, request.environ):
            raise Forbidden(f"Pages of {origin} may not change anything here.")


def defend(app: Flask, origins: Origins) -> None:
    app.session_interface = Sessions()
    app.before_request(make_nonce)
    app.before_request(origins.refuse_foreign)
    app.before_request(refuse_undecodable)
    app.after_request(add_security_headers)


def make_nonce() -> None:
    flask.g.csp_nonce = secrets.token_urlsafe(16)


def refuse_undecodable() -> None:
    """Raise InvalidPayload for bytes in a query that no view could read."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        raise InvalidPayload("What follows the ? of the address is not UTF-8.") from None


def add_security_headers(response: Response) -> Response:
    """Nothing from elsewhere runs in our pages, and no other site shows or reads them."""
    nonce = flask.g.csp_nonce
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": ", ".join(
            ["camera=(self)", *(f"{feature}=()" for feature in FEATURES)]
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    response.headers.update(headers)
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
