"""HTTP for other programs: the history and its uploads, with the sockets' answers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Flask, request

from server.accounts.guests import Visitor, current_visitor
from server.errors import Forbidden, InvalidPayload
from server.feed import Feed
from server.live import Live
from server.payloads import CorrectEntry, DeleteEntry, HistoryQuery, Upload, parse, parse_id
from server.rates import Rates
from server.settings import Settings

Answer = dict[str, Any]
COLLECTION = "/api/predictions"


class Api:
    """The views under /api/. Their bodies are those of the events' acknowledgements."""

    def __init__(self, settings: Settings, live: Live, feed: Feed, rates: Rates) -> None:
        self._settings = settings
        self._live = live
        self._feed = feed
        self._rates = rates

    def register(self, app: Flask) -> None:
        one = f"{COLLECTION}/<id>"
        app.add_url_rule(COLLECTION, "list", self.list, methods=["GET"])
        app.add_url_rule(COLLECTION, "upload", self.upload, methods=["POST"])
        app.add_url_rule(one, "get", self.get, methods=["GET"])
        app.add_url_rule(one, "correct", self.correct, methods=["PATCH"])
        app.add_url_rule(one, "delete", self.delete, methods=["DELETE"])

    def list(self) -> Answer:
        visitor = current_visitor(self._settings.guests)
        query = parse(request.args.to_dict(), HistoryQuery, strict=False)
        return {"ok": True} | self._feed.list(query, visitor)

    def get(self, id: str) -> Answer:
        current_visitor(self._settings.guests)
        return {"ok": True} | self._feed.get(parse_id(id))

    def upload(self) -> tuple[Answer, int]:
        visitor = self._admit_change()
        fields = request.args.to_dict() | request.form.to_dict() | {"image": _sent_picture()}
        upload = parse(fields | {"id": fields.get("id") or str(uuid4())}, Upload)
        return {"ok": True} | self._live.upload(upload, visitor), 201

    def correct(self, id: str) -> Answer:
        visitor = self._admit_change()
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise InvalidPayload('Send a JSON object such as {"text": "407"}.')
        correction = parse(body | {"id": str(parse_id(id))}, CorrectEntry)
        return {"ok": True} | self._feed.correct(correction, visitor)

    def delete(self, id: str) -> Answer:
        visitor = self._admit_change()
        return {"ok": True} | self._feed.delete(DeleteEntry(parse_id(id)), visitor)

    def _admit_change(self) -> Visitor:
        """Who asks. Raises SignInRequired, Forbidden for a foreign page, and RateLimited."""
        self._refuse_foreign_origin()
        visitor = current_visitor(self._settings.guests)
        self._rates.count(request.remote_addr)
        return visitor

    def _refuse_foreign_origin(self) -> None:
        origin = request.headers.get("Origin")
        allowed = (request.host_url.rstrip("/"), *self._settings.allowed_origins)
        if origin and origin not in allowed and "*" not in allowed:
            raise Forbidden(f"Pages of {origin} may not change anything here.")


def _sent_picture() -> bytes:
    """The picture of a request: a file of a form, or the body itself."""
    files = list(request.files.values())
    if len(files) > 1:
        raise InvalidPayload("Send one picture with a request.")
    picture = files[0].read() if files else request.get_data()
    if not picture:
        raise InvalidPayload("Send the picture as the body, or as a file of a multipart form.")
    return picture
