"""Forms that people send: checked, acted on, and shown again with what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask import request
from werkzeug.wrappers import Response

from server.accounts.identity import client_address
from server.database.schema import MAX_NAME_LENGTH
from server.errors import DigitsError, InvalidPayload
from server.http.pages.forms import first_error
from server.rate_limits import RateLimit, RateLimits

Answer = tuple[str, int] | Response


def submit(form: Any, act: Callable[[], object]) -> DigitsError | None:
    """Do what a form that was sent asks for; returns why not, if so."""
    if request.method == "GET":
        return None
    if not form.validate():
        return InvalidPayload(first_error(form))
    try:
        act()
    except DigitsError as error:
        return error
    return None


def submit_password(
    rates: RateLimits, form: Any, name: str | None, act: Callable[[], object]
) -> DigitsError | None:
    """Like `submit`, but only so often, whatever is in the form. Raises RateLimited."""
    if request.method == "POST":
        account = (name or "")[:MAX_NAME_LENGTH].casefold()
        rates.throttle(RateLimit.SIGN_INS, client_address(), account)
    return submit(form, act)


def show(template: str, error: DigitsError | None, **given: Any) -> Answer:
    """A page, with why a form of it was refused, if so."""
    return flask.render_template(template, error=error, **given), error.status if error else 200


def go_to(path: str) -> Response:
    """On to another page, which is not sent again when it is reloaded."""
    return flask.redirect(path, 303)
