"""Error responses: the contract's JSON for programs, a page for people."""

from __future__ import annotations

from urllib.parse import urlencode

import flask
from flask import request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response

from server.error_boundary import failure, problem, report
from server.errors import (
    DigitsError,
    ImageTooLarge,
    InvalidPayload,
    NotFound,
    SignInRequired,
)

OFFERED = ["application/json", "text/html"]  # the first wins when the client has no preference


def answer_error(error: Exception) -> Response:
    """Answer any error of a view."""
    known = _translate(error)
    status = error.code or known.status if isinstance(error, HTTPException) else known.status
    response = _render(known, status)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    response.headers.update(known.headers)
    return response


def _translate(error: Exception) -> DigitsError:
    """Return the contract's error for any error; an unexpected one is logged."""
    if isinstance(error, DigitsError):
        return error
    code = (error.code or 500) if isinstance(error, HTTPException) else 500
    if code >= 500:
        return report(error)
    if code == 404:
        return NotFound("There is nothing at this address.")
    if code == 413:
        return ImageTooLarge("The request is too large for a picture or a ZIP. Send less at once.")
    description = error.description if isinstance(error, HTTPException) else None
    return InvalidPayload(description or "The request is not valid.")


def _render(error: DigitsError, status: int) -> Response:
    if request.path.startswith("/api/") or not _wants_page():
        return flask.make_response(flask.jsonify(failure(error)), status)
    if isinstance(error, SignInRequired):
        return _redirect_to_sign_in()
    page = flask.render_template("error.html", message=problem(error).message)
    return flask.make_response(page, status)


def _redirect_to_sign_in() -> Response:
    page = request.full_path.rstrip("?") if request.method == "GET" else "/account"
    return flask.redirect(f"/sign-in?{urlencode({'next': page})}", 303)


def _wants_page() -> bool:
    return request.accept_mimetypes.best_match(OFFERED) == "text/html"
