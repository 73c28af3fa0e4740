"""Helpers for views with a form: validation, the sign-in rate limit, and responses."""

from __future__ import annotations

from typing import Any

import flask
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from server.accounts.identity import client_address
from server.database.schema import MAX_NAME_LENGTH
from server.errors import DigitsError, InvalidPayload
from server.http.pages.forms import first_error
from server.rate_limits import RateLimit, RateLimits

PageResponse = tuple[str, int] | Response


def validate(form: FlaskForm) -> None:
    """Raise InvalidPayload with the first error of a form that was submitted."""
    if not form.validate():
        raise InvalidPayload(first_error(form))


def limit_sign_ins(rate_limits: RateLimits, name: str | None) -> None:
    """Count an attempt with a password against the address and the name. Raises RateLimited."""
    account = (name or "")[:MAX_NAME_LENGTH].casefold()
    rate_limits.throttle(RateLimit.SIGN_INS, client_address(), account)


def render(template: str, error: DigitsError | None = None, **context: Any) -> PageResponse:
    """Render a page, with the error of its form and that error's status."""
    page = flask.render_template(template, error=error, **context)
    return page, error.status if error else 200


def redirect(path: str) -> Response:
    """Redirect to a page by GET, so that a reload submits nothing again."""
    return flask.redirect(path, 303)
