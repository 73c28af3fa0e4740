"""Helpers for views with a form: validation, the sign-in rate limit, and responses."""

from __future__ import annotations

from typing import Any

import flask
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from server.accounts.records import Source, fold
from server.errors import DigitsError, InvalidPayload
from server.http.pages.forms import first_error
from server.limits.rate_limits import RateLimit, RateLimits

PageResponse = tuple[str, int, dict[str, str]] | Response


def validate(form: FlaskForm) -> None:
    """Raise InvalidPayload with the first error of a form that was submitted."""
    if not form.validate():
        raise InvalidPayload(first_error(form))


def limit_sign_ins(rate_limits: RateLimits, source: Source, account: str = "") -> None:
    """Count a request with a password against the address. Raises RateLimited.

    That of a browser which knows the account counts against the browser and the account instead,
    so that nobody else keeps it out.
    """
    if source.browser:
        rate_limits.throttle(RateLimit.SIGN_INS, source.browser, fold(account))
    else:
        rate_limits.throttle(RateLimit.SIGN_INS, source.address)


def render(template: str, error: DigitsError | None = None, **context: Any) -> PageResponse:
    """Render a page, with the error of its form and that error's status."""
    page = flask.render_template(template, error=error, **context)
    return (page, error.status, error.headers) if error else (page, 200, {})


def redirect(path: str) -> Response:
    """Redirect to a page by GET, so that a reload submits nothing again."""
    return flask.redirect(path, 303)
