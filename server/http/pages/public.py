"""The public pages, and the pictures of entries."""

from __future__ import annotations

import flask
from flask import Response, request

from server.accounts.identity import Identity
from server.contract import parse_id
from server.http.pages.caching import YEAR_S, kept_for_back
from server.limits.rate_limits import RateLimit, RateLimits
from server.services.history import HistoryService


class PublicPages:
    """Views for every visitor, guests included if they are allowed."""

    def __init__(
        self, identity: Identity, history: HistoryService, rate_limits: RateLimits
    ) -> None:
        self._identity = identity
        self._history = history
        self._rate_limits = rate_limits

    def draw(self) -> Response:
        """Show the page to draw on."""
        return self._render("draw.html")

    def history(self) -> Response:
        """Show the history."""
        return self._render("history.html")

    def statistics(self) -> Response:
        """Show the statistics of the history."""
        return self._render("statistics.html")

    def review(self) -> Response:
        """Show the entries to review, one after the other."""
        return self._render("review.html")

    def image(self, id: str) -> Response:
        """Send the picture of an entry, as WebP.

        With `?v=` and its current version it may be cached for ever; without, the browser
        revalidates it by its ETag.
        """
        visitor = self._identity.visitor()
        viewer = visitor.viewer
        self._rate_limits.throttle(RateLimit.PAGES, visitor.address, viewer.owner)
        picture = self._history.picture(viewer, parse_id(id))
        response = Response(picture.content, mimetype="image/webp")
        response.set_etag(picture.version)
        if request.args.get("v") == picture.version:
            response.cache_control.max_age = YEAR_S
            response.cache_control.immutable = True
            response.cache_control.private = True
        else:
            response.cache_control.no_cache = True
        return response.make_conditional(request)  # type: ignore[return-value]

    def _render(self, template: str) -> Response:
        visitor = self._identity.page_visitor()
        return kept_for_back(flask.render_template(template, viewer=visitor.viewer))
