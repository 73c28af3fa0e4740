"""The routes of the API, bound from the table of operations."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

import flask
from flask import Flask, Response, request

from server.accounts.identity import Identity, require_owner
from server.contract import parse_id
from server.errors import InvalidPayload
from server.http.text_fields import read_text
from server.limits.work_budget import WorkBudget, begin_work
from server.services.exports.download import Download
from server.services.operations import OPERATIONS, Dispatcher, Operation, Route

MULTIPART = "multipart/form-data"
NOUNS = {"image": "picture", "archive": "ZIP"}  # for a field that is a file
OWNER = "Live-Digits-Owner"  # for whom a page was made: a percent-encoded name, "" for a guest


class ApiRoutes:
    """Answers the table's routes; the bodies are those of the events' acknowledgements."""

    def __init__(self, identity: Identity, dispatcher: Dispatcher, budget: WorkBudget) -> None:
        self._identity = identity
        self._dispatcher = dispatcher
        self._budget = budget

    def register(self, app: Flask) -> None:
        for operation in OPERATIONS:
            if route := operation.route:
                view = partial(self._answer, operation, route)
                app.add_url_rule(route.path, operation.name, view, methods=[route.method])

    def _answer(self, operation: Operation, route: Route, **ids: str) -> Response:
        visitor = self._identity.visitor()
        if OWNER in request.headers:
            require_owner(visitor, unquote(request.headers[OWNER]) or None)
        read_payload = partial(_read_payload, operation, ids)
        work = begin_work()
        try:
            answer = self._dispatcher.perform(operation, visitor, read_payload)
        finally:
            self._budget.settle(visitor.address, work.seconds)
        if isinstance(answer, Download):
            return _download(answer)
        return flask.make_response(flask.jsonify(answer), route.status)


def _read_payload(operation: Operation, ids: dict[str, str]) -> dict[str, Any]:
    """Return a payload's fields, from wherever HTTP has them: path, query, form or body."""
    checked_ids = {name: str(parse_id(id)) for name, id in ids.items()}
    if operation.has_json_body:
        return _read_json() | checked_ids
    fields = read_text(operation.payload, request.args.to_dict())
    if operation.file_field:
        form = request.form if request.mimetype == MULTIPART else {}
        named = {name: text for name, text in form.items() if name}
        file = {operation.file_field: _read_file(NOUNS[operation.file_field])}
        return fields | read_text(operation.payload, named) | file
    return fields | checked_ids


def _read_json() -> dict[str, Any]:
    body = request.get_json(silent=True, cache=False)  # or it is kept as long as the answer waits
    if not isinstance(body, dict):
        raise InvalidPayload('Send a JSON object such as {"text": "407"}.')
    return body


def _read_file(noun: str) -> bytes:
    """Return the file of a request: that of a multipart form, or the body itself."""
    if request.mimetype == MULTIPART:
        files = [file for _, file in request.files.items(multi=True)]
        if len(files) > 1:
            raise InvalidPayload(f"Send one {noun} per request.")
        content = files[0].read() if files else b""
    else:
        content = request.get_data()
    if not content:
        raise InvalidPayload(f"Send the {noun} as the body, or as a file of a multipart form.")
    return content


def _download(download: Download) -> Response:
    day = datetime.now().date().isoformat()
    response = Response(download.chunks, mimetype=download.media_type)
    name = f"live-digits-{day}.{download.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
