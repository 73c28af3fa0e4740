"""A ZIP archive of entries with their pictures, made while it is sent."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from server.contract import Filter
from server.errors import NotFound
from server.history.access import Viewer
from server.services.exports.csv_lines import csv_lines
from server.services.history import HistoryService
from server.services.learning import LearningService

COLUMNS = (
    "id", "timestamp", "input_type", "predicted", "corrected", "confidence", "uncertain",
)  # fmt: skip
DRAWN = Filter(input_type="canvas")


class Archive:
    """Everything that a viewer sees, newest first, as it is stored."""

    def __init__(self, history: HistoryService, learning: LearningService, viewer: Viewer) -> None:
        self._history = history
        self._learning = learning
        self._viewer = viewer

    def chunks(self, account: bytes | None) -> Iterator[bytes]:
        """Yield the archive: a table, JSON lines, the account if there is one, and pictures.

        With them go the strokes of drawings, and the examples that the viewer's corrections gave,
        as JSON lines. An import (server/services/imports) takes it all back.
        """
        archive = ZipStream(compress_type=ZIP_DEFLATED)
        archive.add(self._table(), "entries.csv")
        archive.add(self._json_lines(), "entries.jsonl")
        archive.add(self._strokes(), "strokes.jsonl")
        archive.add(self._examples(), "examples.jsonl")
        if account:
            archive.add(account, "account.json")
        yield from archive.all_files()
        yield from self._add_pictures(archive)
        yield from archive.finalize()

    def _table(self) -> Iterator[bytes]:
        yield csv_lines([COLUMNS])
        for entry in self._history.entries(self._viewer):
            yield csv_lines([[getattr(entry, column) for column in COLUMNS]])

    def _json_lines(self) -> Iterator[bytes]:
        for entry in self._history.entries(self._viewer):
            yield msgspec.json.encode(entry) + b"\n"

    def _strokes(self) -> Iterator[bytes]:
        for entries in self._history.in_order(self._viewer, DRAWN):
            strokes = self._history.strokes(self._viewer, [entry.id for entry in entries])
            for id, drawn in strokes.items():
                yield b'{"entry":"%b","strokes":%b}\n' % (str(id).encode(), drawn)

    def _examples(self) -> Iterator[bytes]:
        for lesson in self._learning.learned(self._viewer).lessons:
            example = {
                "entry": lesson.entry,
                "position": lesson.position,
                "time": lesson.time,
                "label": lesson.example.label,
                "read_as": lesson.example.read_as,
                "picture": lesson.example.picture.tolist(),
            }
            yield msgspec.json.encode(example) + b"\n"

    def _add_pictures(self, archive: ZipStream) -> Iterator[bytes]:
        for entry in self._history.entries(self._viewer):
            try:
                picture = self._history.picture(self._viewer, entry.id)
            except NotFound:  # deleted since it was listed
                continue
            archive.add(picture.content, f"images/{entry.id}.webp", compress_type=ZIP_STORED)
            yield from archive.all_files()
