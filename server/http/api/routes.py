"""HTTP for other programs: the history and its uploads, with the sockets' answers."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from flask import request

from server.contract import (
    Amendment,
    CorrectEntry,
    Cursor,
    DeleteEntry,
    Entry,
    HistoryQuery,
    PageSize,
    Upload,
    UploadOptions,
    parse,
)
from server.errors import InvalidPayload, NoInk, UnreadableImage
from server.history.access import Viewer
from server.http.api.operations import MULTIPART, Operation
from server.services.history import Feed
from server.services.live import Live

Answer = dict[str, Any]
COLLECTION = "/api/predictions"
ONE = f"{COLLECTION}/<id>"


class Done(msgspec.Struct, frozen=True):
    """The answer to a request that was carried out."""

    ok: Annotated[bool, msgspec.Meta(extra_json_schema={"const": True})]


class OneEntry(Done, frozen=True):
    """An entry as it is now."""

    entry: Entry


class Entries(Done, frozen=True):
    """A page of entries; `next` is the `before` of the page after it, null after the last."""

    entries: list[Entry]
    next: Cursor | None


class Api:
    """The views under /api/predictions. Their bodies are those of the events' acknowledgements."""

    def __init__(self, live: Live, feed: Feed) -> None:
        self._live = live
        self._feed = feed

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                "list_history", "GET", COLLECTION, self._list, "queries",
                "Entries of the history, newest first", Entries, query=HistoryQuery,
            ),
            Operation(
                "upload", "POST", COLLECTION, self._upload, "uploads",
                "Read a picture and keep it", OneEntry, 201, query=UploadOptions, body=bytes,
                raises=(UnreadableImage, NoInk),
            ),
            Operation("get_entry", "GET", ONE, self._get, "queries", "An entry", OneEntry),
            Operation(
                "correct_entry", "PATCH", ONE, self._correct, "changes",
                "Note what was really written", OneEntry, body=Amendment,
            ),
            Operation(
                "delete_entry", "DELETE", ONE, self._delete, "changes",
                "Delete an entry and its picture", Done,
            ),
        )  # fmt: skip

    def _list(self, viewer: Viewer) -> Answer:
        given = request.args.to_dict()
        limit = parse(given, PageSize, strict=False).limit
        return self._feed.list(parse(given | {"limit": limit}, HistoryQuery), viewer)

    def _get(self, viewer: Viewer, id: UUID) -> Answer:
        return self._feed.get(id, viewer)

    def _upload(self, viewer: Viewer) -> Answer:
        fields = request.form.to_dict() if request.mimetype == MULTIPART else {}
        options = parse(request.args.to_dict() | fields, UploadOptions)
        upload = Upload(image=_sent_picture(), name=options.name, id=options.id)
        return self._live.upload(upload, viewer)

    def _correct(self, viewer: Viewer, id: UUID) -> Answer:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise InvalidPayload('Send a JSON object such as {"text": "407"}.')
        return self._feed.correct(CorrectEntry(id=id, text=parse(body, Amendment).text), viewer)

    def _delete(self, viewer: Viewer, id: UUID) -> Answer:
        return self._feed.delete(DeleteEntry(id), viewer)


def _sent_picture() -> bytes:
    """The picture of a request: the file of a multipart form, or the body itself."""
    if request.mimetype == MULTIPART:
        files = [file for _, file in request.files.items(multi=True)]
        if len(files) > 1:
            raise InvalidPayload("Send one picture with a request.")
        picture = files[0].read() if files else b""
    else:
        picture = request.get_data()
    if not picture:
        raise InvalidPayload("Send the picture as the body, or as a file of a multipart form.")
    return picture
