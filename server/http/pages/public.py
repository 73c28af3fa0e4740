"""HTTP: the pages people open, their pictures, and the health of the server."""

from __future__ import annotations

from typing import Any

import flask
from flask import Flask, Response, request

from server.accounts.identity import Identity
from server.contract import parse_id
from server.history.store import History
from server.runtime.off_loop import Lane
from server.settings import Settings

YEAR_S = 365 * 24 * 3600


class Pages:
    """The views of the two pages; what they need to know is put into their templates."""

    def __init__(
        self,
        settings: Settings,
        threshold: float,
        identity: Identity,
        history: History,
        lane: Lane,
    ) -> None:
        self._settings = settings
        self._identity = identity
        self._threshold = threshold
        self._history = history
        self._lane = lane

    def register(self, app: Flask) -> None:
        app.add_url_rule("/", view_func=self.draw)
        app.add_url_rule("/history", view_func=self.history)
        app.add_url_rule("/images/<id>", view_func=self.image)
        app.add_url_rule("/healthz", view_func=self.healthz)
        app.add_url_rule("/readyz", view_func=self.readyz)
        app.context_processor(self.describe)

    def draw(self) -> str:
        return self._render("draw.html")

    def history(self) -> str:
        return self._render("history.html")

    def describe(self) -> dict[str, Any]:
        """What the scripts of every page need to know, put into the page's body."""
        return {
            "max_upload_bytes": self._settings.max_upload_bytes,
            "max_pixels": self._settings.max_pixels,
            "threshold": self._threshold,
            "csp_nonce": flask.g.csp_nonce,
            "viewer": None,
        }

    def image(self, id: str) -> Response:
        """The picture of an entry, WebP, for ever if asked for in its present version.

        Without `?v=VERSION` a browser asks again each time, with its ETag.
        """
        viewer = self._identity.visitor().viewer
        picture = self._lane(self._history.picture, viewer, parse_id(id))
        response = Response(picture.content, mimetype="image/webp")
        response.set_etag(picture.version)
        if request.args.get("v") == picture.version:
            response.cache_control.max_age = YEAR_S
            response.cache_control.immutable = True
            response.cache_control.private = True
        else:
            response.cache_control.no_cache = True
        return response.make_conditional(request)  # type: ignore[return-value]

    def healthz(self) -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    def readyz(self) -> dict[str, str]:
        """The history answers too. Raises Unavailable."""
        self._lane(self._history.check)
        return {"status": "ready"}

    def _render(self, template: str) -> str:
        visitor = self._identity.page_visitor()
        return flask.render_template(template, viewer=visitor.viewer)
