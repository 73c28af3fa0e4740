"""Exports of what a visitor sees in the history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

import msgspec

from server.accounts.records import Event, Source
from server.accounts.service import AccountService
from server.accounts.visitor import Visitor
from server.contract import Entry, Export, ExportEntries, Filter
from server.runtime.off_loop import Pool
from server.services.exports.archive import Archive
from server.services.exports.csv_lines import csv_head, csv_rows
from server.services.exports.digit_arrays import DigitArrays
from server.services.exports.download import CSV, NPZ, XLSX, ZIP, Download
from server.services.exports.labelled_digits import LabelledDigits
from server.services.history import HistoryService
from server.services.learning import LearningService

if TYPE_CHECKING:
    from server.services.exports.workbook import NumberWorkbook

MAX_MEMORY_BYTES = 1_000_000  # a larger workbook lies on disk
CHUNK_BYTES = 65_536

Batches = Iterable[Sequence[Entry]]


class ExportService:
    """Exports tables of numbers, arrays of digits, and archives.

    A table is oldest first, in the order of a list, or in that of the chosen entries.
    """

    def __init__(
        self,
        accounts: AccountService,
        history: HistoryService,
        learning: LearningService,
        pool: Pool,
    ) -> None:
        self._accounts = accounts
        self._history = history
        self._learning = learning
        self._pool = pool
        self._digits = LabelledDigits(history, learning, pool)

    def csv(self, filter: Filter, visitor: Visitor) -> Download:
        """Export the numbers that pass a filter as CSV, made while it is sent."""
        return self._csv(self._history.in_order(visitor.viewer, filter))

    def xlsx(self, filter: Filter, visitor: Visitor) -> Download:
        """Export the numbers that pass a filter as a workbook."""
        return self._xlsx(self._history.in_order(visitor.viewer, filter))

    def chosen_csv(self, export: ExportEntries, visitor: Visitor) -> Download:
        """Export the numbers of chosen entries as CSV, made while it is sent."""
        return self._csv(self._history.chosen(visitor.viewer, export.ids))

    def chosen_xlsx(self, export: ExportEntries, visitor: Visitor) -> Download:
        """Export the numbers of chosen entries as a workbook."""
        return self._xlsx(self._history.chosen(visitor.viewer, export.ids))

    def zip(self, _export: Export, visitor: Visitor) -> Download:
        """Export everything as it is stored, with the pictures and the account."""
        viewer = visitor.viewer
        account = self._account(viewer.owner, visitor) if viewer.owner else None
        return Download(Archive(self._history, self._learning, viewer).chunks(account), ZIP, "zip")

    def npz(self, filter: Filter, visitor: Visitor) -> Download:
        """Export the digits of corrected entries that pass a filter, with their labels."""
        with ExitStack() as unless_sent:
            arrays = DigitArrays()
            unless_sent.callback(arrays.close)
            self._digits.fill(arrays, visitor.viewer, filter)
            unless_sent.pop_all()
        return Download(arrays.chunks(), NPZ, "npz")

    def _csv(self, batches: Batches) -> Download:
        return Download(self._csv_chunks(batches), CSV, "csv")

    def _csv_chunks(self, batches: Batches) -> Iterator[bytes]:
        yield csv_head()
        for entries in batches:
            yield self._pool(csv_rows, entries)

    def _xlsx(self, batches: Batches) -> Download:
        with ExitStack() as unless_sent:
            file = unless_sent.enter_context(SpooledTemporaryFile(MAX_MEMORY_BYTES))
            self._write_workbook(file, batches)
            file.seek(0)
            unless_sent.pop_all()
        return Download(_chunks(file), XLSX, "xlsx")

    def _write_workbook(self, file: IO[bytes], batches: Batches) -> None:
        workbook = self._pool(_create_workbook)
        try:
            for entries in batches:
                self._pool(workbook.append, entries)
        finally:
            self._pool(workbook.save, file)

    def _account(self, owner: str, visitor: Visitor) -> bytes:
        """Return the account with its keys and its log, in which this download is the last line."""
        self._accounts.note(owner, _downloaded(visitor), Source(visitor.address, visitor.agent))
        account = {
            "account": self._accounts.user(owner),
            "keys": self._accounts.keys(owner),
            "log": self._accounts.log(owner),
        }
        return msgspec.json.encode(account)


def _downloaded(visitor: Visitor) -> Event:
    token = visitor.key if visitor.key and visitor.key.kind == "token" else None
    return Event("downloaded", token.label if token else "")


def _create_workbook() -> NumberWorkbook:
    from server.services.exports.workbook import NumberWorkbook  # takes 0.5 s

    return NumberWorkbook()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(partial(file.read, CHUNK_BYTES), b"")
