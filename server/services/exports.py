"""A whole history to download, as a table or with its pictures, made while it is sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from server.accounts.service import AccountService
from server.accounts.visitor import Visitor
from server.contract import Export
from server.errors import NotFound
from server.history.access import Viewer
from server.services.history import HistoryService

COLUMNS = (
    "id", "timestamp", "input_type", "predicted", "corrected", "confidence", "uncertain",
)  # fmt: skip
CSV, ZIP = "text/csv", "application/zip"


@dataclass(frozen=True)
class Download:
    """A file, chunk by chunk; `suffix` ends its name."""

    chunks: Iterator[bytes]
    media_type: str
    suffix: str


class ExportService:
    """Exports everything that the visitor sees in the history, newest first."""

    def __init__(self, accounts: AccountService, history: HistoryService) -> None:
        self._accounts = accounts
        self._history = history

    def csv(self, _export: Export, visitor: Visitor) -> Download:
        """Export the entries as a table (RFC 4180)."""
        return Download(self._table(visitor.viewer), CSV, "csv")

    def zip(self, _export: Export, visitor: Visitor) -> Download:
        """Export the entries as a table and as JSON lines, their pictures, and the account."""
        viewer = visitor.viewer
        archive = ZipStream(compress_type=ZIP_DEFLATED)
        archive.add(self._table(viewer), "entries.csv")
        archive.add(self._json_lines(viewer), "entries.jsonl")
        if viewer.owner:
            archive.add(self._account(viewer.owner), "account.json")
        return Download(self._with_pictures(archive, viewer), ZIP, "zip")

    def _table(self, viewer: Viewer) -> Iterator[bytes]:
        yield _csv_line(COLUMNS)
        for entry in self._history.entries(viewer):
            yield _csv_line(getattr(entry, column) for column in COLUMNS)

    def _json_lines(self, viewer: Viewer) -> Iterator[bytes]:
        for entry in self._history.entries(viewer):
            yield msgspec.json.encode(entry) + b"\n"

    def _account(self, owner: str) -> bytes:
        user, keys = self._accounts.user(owner), self._accounts.keys(owner)
        return msgspec.json.encode({"account": user, "keys": keys})

    def _with_pictures(self, archive: ZipStream, viewer: Viewer) -> Iterator[bytes]:
        yield from archive.all_files()
        for entry in self._history.entries(viewer):
            try:
                picture = self._history.picture(viewer, entry.id)
            except NotFound:  # deleted since it was listed
                continue
            archive.add(picture.content, f"images/{entry.id}.webp", compress_type=ZIP_STORED)
            yield from archive.all_files()
        yield from archive.finalize()


def _csv_line(values: Iterable[object]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue().encode()
