"""HTTP: a whole history to take away, as a table or with its pictures, made while it is sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

import flask
import msgspec
from flask import Response
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from server.accounts.service import Members
from server.contract import Entry
from server.errors import NotFound
from server.history.access import Viewer
from server.history.store import History
from server.http.api.operations import Operation
from server.runtime.off_loop import Lane

AT_ONCE = 100  # entries of one transaction
COLUMNS = (
    "id", "timestamp", "input_type", "predicted", "corrected", "confidence", "uncertain",
)  # fmt: skip


class Exports:
    """Everything that whoever asks sees in the history, newest first."""

    def __init__(self, members: Members, history: History, lane: Lane) -> None:
        self._members = members
        self._history = history
        self._lane = lane

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                "export_csv", "GET", "/api/export.csv", self.csv, "queries",
                "The whole history as a table (RFC 4180)", None, media_type="text/csv",
            ),
            Operation(
                "export_zip", "GET", "/api/export.zip", self.zip, "queries",
                "The whole history with its pictures", None, media_type="application/zip",
            ),
        )  # fmt: skip

    def csv(self, viewer: Viewer) -> Response:
        """The entries as a table (RFC 4180)."""
        return _download(self._table(viewer), "text/csv", "csv")

    def zip(self, viewer: Viewer) -> Response:
        """The entries as a table and as the API has them, their pictures, and the account."""
        archive = ZipStream(compress_type=ZIP_DEFLATED)
        archive.add(self._table(viewer), "entries.csv")
        archive.add(self._json_lines(viewer), "entries.jsonl")
        if viewer.owner:
            archive.add(self._account(viewer.owner), "account.json")
        return _download(self._with_pictures(archive, viewer), "application/zip", "zip")

    def _table(self, viewer: Viewer) -> Iterator[bytes]:
        yield _csv_line(COLUMNS)
        for entry in self._entries(viewer):
            yield _csv_line([getattr(entry, column) for column in COLUMNS])

    def _json_lines(self, viewer: Viewer) -> Iterator[bytes]:
        for entry in self._entries(viewer):
            yield msgspec.json.encode(entry) + b"\n"

    def _account(self, owner: str) -> bytes:
        described = {"account": self._members.describe(owner), "keys": self._members.keys(owner)}
        return msgspec.json.encode(described)

    def _with_pictures(self, archive: ZipStream, viewer: Viewer) -> Iterator[bytes]:
        yield from archive.all_files()
        for entry in self._entries(viewer):
            try:
                picture = self._lane(self._history.picture, viewer, entry.id)
            except NotFound:  # deleted since it was listed
                continue
            archive.add(picture.content, f"images/{entry.id}.webp", compress_type=ZIP_STORED)
            yield from archive.all_files()
        yield from archive.finalize()

    def _entries(self, viewer: Viewer) -> Iterator[Entry]:
        cursor: str | None = None
        while True:
            page = self._lane(self._history.list, viewer, AT_ONCE, cursor)
            yield from page.entries
            cursor = page.next
            if cursor is None:
                return


def _csv_line(values: object) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)  # type: ignore[arg-type]
    return line.getvalue().encode()


def _download(content: Iterator[bytes], mimetype: str, suffix: str) -> Response:
    day = datetime.now().date().isoformat()
    response = flask.Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="live-digits-{day}.{suffix}"'
    return response
