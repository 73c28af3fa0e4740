"""HTTP for other programs: the history and its uploads, with the sockets' answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, request

from server.accounts.identity import Identity
from server.errors import InvalidPayload
from server.feed import Feed
from server.history.access import Viewer
from server.live import Live
from server.payloads import CorrectEntry, DeleteEntry, HistoryQuery, Upload, parse, parse_id
from server.rates import Rates

Answer = dict[str, Any]
COLLECTION = "/api/predictions"
ONE = f"{COLLECTION}/<id>"


@dataclass(frozen=True)
class Operation:
    """A method of a path: what answers it, what it counts as, and its status."""

    name: str
    method: str
    path: str
    view: Callable[..., Answer]
    action: str
    status: int = 200


class Api:
    """The views under /api/predictions. Their bodies are those of the events' acknowledgements."""

    def __init__(self, identity: Identity, live: Live, feed: Feed, rates: Rates) -> None:
        self._identity = identity
        self._live = live
        self._feed = feed
        self._rates = rates

    def register(self, app: Flask) -> None:
        for operation in self.operations():
            view = partial(self._answer, operation)
            methods = [operation.method]
            app.add_url_rule(operation.path, operation.name, view, methods=methods)

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation("list_history", "GET", COLLECTION, self._list, "queries"),
            Operation("upload", "POST", COLLECTION, self._upload, "uploads", 201),
            Operation("get_entry", "GET", ONE, self._get, "queries"),
            Operation("correct_entry", "PATCH", ONE, self._correct, "changes"),
            Operation("delete_entry", "DELETE", ONE, self._delete, "changes"),
        )

    def _answer(self, operation: Operation, **where: str) -> tuple[Answer, int]:
        visitor = self._identity.visitor()
        self._rates.admit(operation.action, visitor.address, visitor.viewer.owner)
        ids = {name: parse_id(value) for name, value in where.items()}
        return {"ok": True} | operation.view(visitor.viewer, **ids), operation.status

    def _list(self, viewer: Viewer) -> Answer:
        query = parse(request.args.to_dict(), HistoryQuery, strict=False)
        return self._feed.list(query, viewer)

    def _get(self, viewer: Viewer, id: UUID) -> Answer:
        return self._feed.get(id, viewer)

    def _upload(self, viewer: Viewer) -> Answer:
        fields = request.args.to_dict() | request.form.to_dict() | {"image": _sent_picture()}
        upload = parse(fields | {"id": fields.get("id") or str(uuid4())}, Upload)
        return self._live.upload(upload, viewer)

    def _correct(self, viewer: Viewer, id: UUID) -> Answer:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise InvalidPayload('Send a JSON object such as {"text": "407"}.')
        return self._feed.correct(parse(body | {"id": str(id)}, CorrectEntry), viewer)

    def _delete(self, viewer: Viewer, id: UUID) -> Answer:
        return self._feed.delete(DeleteEntry(id), viewer)


def _sent_picture() -> bytes:
    """The picture of a request: a file of a form, or the body itself."""
    files = list(request.files.values())
    if len(files) > 1:
        raise InvalidPayload("Send one picture with a request.")
    picture = files[0].read() if files else request.get_data()
    if not picture:
        raise InvalidPayload("Send the picture as the body, or as a file of a multipart form.")
    return picture
