"""The browser's copies of pages and of files of the bundle."""

from __future__ import annotations

import flask
from flask import Response, request

from server.http.pages.submit import PageResponse

BUNDLE = "/static/built/"
YEAR_S = 365 * 24 * 3600


def keep_bundle(response: Response) -> Response:
    """Let the browser keep files of the bundle for ever: their names change with their content."""
    if request.path.startswith(BUNDLE) and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR_S
        response.cache_control.immutable = True
    return response


def kept_for_back(page: PageResponse | str) -> Response:
    """Let the browser show a page again as it was left, on Back (bfcache); see private-page.js.

    A new visit asks the server, as does Back with another session: the page varies by its cookie.
    """
    response = flask.make_response(page)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response
