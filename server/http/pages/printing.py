"""The history as a plain table for paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import flask
from flask import Response, request

from server.accounts.identity import Identity
from server.contract import Filter, parse
from server.http.text_fields import read_text
from server.limits.rate_limits import RateLimit, RateLimits
from server.services.history import HistoryService

MAX_PRINTED = 5_000  # entries: some 100 sheets
PIECES = 1_000  # of a page, in one write


class PrintPage:
    """A table of the entries that pass a filter, newest first."""

    def __init__(
        self, identity: Identity, history: HistoryService, rate_limits: RateLimits
    ) -> None:
        self._identity = identity
        self._history = history
        self._rate_limits = rate_limits

    def print_history(self) -> Response:
        """Show the table, made while it is sent; the newest entries if there are too many."""
        visitor = self._identity.page_visitor()
        viewer = visitor.viewer
        self._rate_limits.throttle(RateLimit.QUERIES, visitor.address, viewer.owner)
        filter = parse(read_text(Filter, request.args.to_dict()), Filter)
        pieces = flask.stream_template(
            "print.html",
            count=self._history.count(filter, visitor).count,
            max_printed=MAX_PRINTED,
            entries=islice(self._history.entries(viewer, filter), MAX_PRINTED),
        )
        return Response(_joined(pieces), mimetype="text/html")


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    """Join the small pieces of a page: each is a write of its own."""
    while part := "".join(islice(pieces, PIECES)):
        yield part
