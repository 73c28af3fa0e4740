"""Security headers, CSP nonce, secure cookies, and the same-origin check."""

from __future__ import annotations

import secrets
from typing import Any

import flask
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from server.errors import Forbidden, InvalidPayload

STATIC = "/static/"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")  # RFC 9110, section 9.2.1
DISABLED_FEATURES = ("microphone", "geolocation", "payment", "usb", "serial", "midi", "hid")
EVERY_RESPONSE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGES = {
    "Permissions-Policy": ", ".join(
        ["camera=(self)", *(f"{feature}=()" for feature in DISABLED_FEATURES)]
    ),
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TolerantSigner(TimestampSigner):
    """A signer for which a signature from the future is new, as after a clock was set back.

    Only our key makes a signature, so its time in the future says that our clock was ahead then.
    """

    def unsign(self, signed_value: Any, max_age: Any = None, return_timestamp: Any = False) -> Any:
        """Return the value, and the time if asked. Raises BadSignature, also one too old."""
        value, signed = super().unsign(signed_value, return_timestamp=True)
        age_s = self.get_timestamp() - signed.timestamp()
        if max_age is not None and age_s > max_age:
            raise SignatureExpired(f"Signature age {age_s} > {max_age} seconds", value, signed)
        return (value, signed) if return_timestamp else value


class Sessions(SecureCookieSessionInterface):
    """Session cookies marked Secure where the page came over TLS; static files have none.

    They outlast a clock that is set back.
    """

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer:
            serializer.signer = TolerantSigner
        return serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Add the cookie, and that the response varies by it, unless it is a static file."""
        if not request.path.startswith(STATIC):
            super().save_session(app, session, response)

    def get_cookie_secure(self, _app: Flask) -> bool:
        return request.is_secure


class Origins:
    """The web origins that may connect and change things: this site's, and those allowed."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed

    def allow(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Check an Origin header; programs that are not browsers send none."""
        own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return origin is None or origin in (own, *self._allowed) or "*" in self._allowed

    def refuse_foreign(self) -> None:
        """Raise Forbidden for a change requested by a foreign page."""
        origin = request.headers.get("Origin")
        if request.method not in SAFE_METHODS and not self.allow(origin, request.environ):
            raise Forbidden(f"Pages of {origin} may not change anything here.")


def install(app: Flask, origins: Origins) -> None:
    """Check every request of an application, and secure every response."""
    app.session_interface = Sessions()
    for check in (make_nonce, origins.refuse_foreign, refuse_undecodable):
        app.before_request(check)
    app.after_request(add_security_headers)


def make_nonce() -> None:
    flask.g.csp_nonce = secrets.token_urlsafe(16)


def refuse_undecodable() -> None:
    """Raise InvalidPayload for a query string that no view can read."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        raise InvalidPayload("The query string is not UTF-8.") from None


def add_security_headers(response: Response) -> Response:
    """Let no other site read a response, and secure the pages; a static file needs no more."""
    response.headers.update(EVERY_RESPONSE)
    if not request.path.startswith(STATIC):
        response.headers.update(PAGES)
        response.headers["Content-Security-Policy"] = _content_policy(flask.g.csp_nonce)
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _content_policy(nonce: str) -> str:
    """Run scripts of this site only, and let no other site frame its pages."""
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
    return "; ".join(f"{name} {value}" for name, value in policy.items())
