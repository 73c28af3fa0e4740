"""What HTTP answers when a request failed: the sockets' error shape, or a page for people."""

from __future__ import annotations

from urllib.parse import urlencode

import flask
from flask import request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from server.error_boundary import failure, report
from server.errors import (
    DigitsError,
    ImageTooLarge,
    InvalidPayload,
    NotFound,
    SignInRequired,
)


def answer_error(error: Exception) -> Response:
    """Any error of a view → its answer; people who must sign in are shown where."""
    if isinstance(error, HTTPException):
        known, status = _translate(error), error.code or 500
    else:
        known = error if isinstance(error, DigitsError) else report(error)
        status = known.status
    if request.path.startswith("/api/") or not _wants_page():
        response: Response = flask.make_response(failure(known), status)
    elif isinstance(known, SignInRequired):
        there = request.full_path.rstrip("?") if request.method == "GET" else "/account"
        response = flask.redirect(f"/sign-in?{urlencode({'next': there})}", 303)
    else:
        page = flask.render_template("error.html", message=known.message)
        response = flask.make_response(page, status)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    response.headers.update(known.headers)
    return response


def _translate(error: HTTPException) -> DigitsError:
    if error.code == 404:
        return NotFound("There is nothing at this address.")
    if error.code == 413:
        return ImageTooLarge("The request is too large for a picture.")
    if error.code and error.code < 500:
        return InvalidPayload(error.description or error.name)
    return report(error)


def _wants_page() -> bool:
    offered = ["application/json", "text/html"]  # the first to whom all is the same
    return request.accept_mimetypes.best_match(offered) == "text/html"
