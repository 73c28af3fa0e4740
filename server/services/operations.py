"""The one table of operations: everything that a client may ask for, by Socket.IO and by HTTP.

A row makes a Socket.IO event (sockets/events.py), a route (http/api/routes.py) and its description
(http/api/openapi.py). A new event is a payload in server/contract/, a use case, and a row here.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from msgspec import Struct

from server.accounts.visitor import Visitor
from server.contract import (
    CellQuery,
    CorrectEntry,
    CountAnswer,
    DeleteEntries,
    DeleteEntry,
    Done,
    EntriesAnswer,
    EntryAnswer,
    Explain,
    ExplanationAnswer,
    Export,
    ExportEntries,
    Filter,
    Frame,
    GetEntry,
    GetLists,
    GetStatistics,
    HistoryQuery,
    Import,
    ImportAnswer,
    ListsAnswer,
    MovedAnswer,
    MoveEntries,
    RenameList,
    ReviewsAnswer,
    Save,
    StatisticsAnswer,
    TakeReviews,
    UndoReview,
    Upload,
    WatchAnswer,
    WatchHistory,
    parse,
)
from server.errors import (
    DigitsError,
    Forbidden,
    ImageTooLarge,
    Internal,
    InvalidPayload,
    NoInk,
    NotFound,
    RateLimited,
    SignInRequired,
    Unavailable,
    UnreadableImage,
)
from server.limits.rate_limits import RateLimit, RateLimits
from server.limits.work_budget import REQUEST_S, add_work
from server.monitoring.metrics import OPERATION_SECONDS
from server.services.exports.download import CSV, NPZ, XLSX, ZIP, Download
from server.services.exports.service import ExportService
from server.services.history import HistoryService
from server.services.imports.service import ImportService
from server.services.learning import LearningService
from server.services.lists import ListService
from server.services.live import LiveService
from server.services.predictions import PredictionService
from server.services.reviews import ReviewService
from server.services.statistics import StatisticsService

Result = Struct | Download | None
UseCase = Callable[[Any, Visitor], Result]

JSON = "application/json"
FILES = ("image", "archive")  # fields that are files
PLACEHOLDER = re.compile(r"<(\w+)>")  # Flask's notation of a variable part of a path
log = logging.getLogger(__name__)
ANY_REQUEST = (InvalidPayload, SignInRequired, Forbidden, RateLimited, Internal, Unavailable)


@dataclass(frozen=True)
class Services:
    """The use cases of one application."""

    predictions: PredictionService
    history: HistoryService
    learning: LearningService
    lists: ListService
    live: LiveService
    exports: ExportService
    imports: ImportService
    statistics: StatisticsService
    reviews: ReviewService


@dataclass(frozen=True)
class Route:
    """An HTTP route. An id in the path is a field of the payload."""

    method: str
    path: str
    status: int = 200
    media_type: str = JSON

    @property
    def ids(self) -> list[str]:
        return PLACEHOLDER.findall(self.path)


@dataclass(frozen=True)
class Operation:
    """A row of the table.

    `name` is the Socket.IO event, unless `event` is False, and OpenAPI's operationId. `use_case`
    picks the method that takes the payload. `answer` is the acknowledgement and the JSON body; it
    is None for a frame, whose answer is the event `prediction`, and for a file. `raises` are the
    errors of this operation besides those of any request, id or picture.
    """

    name: str
    summary: str
    payload: type[Struct]
    answer: type[Struct] | None
    use_case: Callable[[Services], UseCase]
    limit: RateLimit
    route: Route | None = None
    event: bool = True
    raises: tuple[type[DigitsError], ...] = ()

    @property
    def takes_picture(self) -> bool:
        return self.file_field == "image"

    @property
    def file_field(self) -> str | None:
        """The field of the payload that is a file, which over HTTP is the body."""
        return next((name for name in FILES if name in self.payload.__struct_fields__), None)

    @property
    def errors(self) -> tuple[type[DigitsError], ...]:
        of_ids = (NotFound,) if self.route and self.route.ids else ()
        of_body = (ImageTooLarge,) if self.file_field or self.has_json_body else ()
        return ANY_REQUEST + of_ids + of_body + self.raises

    @property
    def has_json_body(self) -> bool:
        return (
            self.route is not None
            and self.route.method in ("PATCH", "POST")
            and not self.file_field
        )


FRAMES, CHANGES = RateLimit.FRAMES, RateLimit.CHANGES
UPLOADS, QUERIES = RateLimit.UPLOADS, RateLimit.QUERIES
ENTRIES, ENTRY = "/api/predictions", "/api/predictions/<id>"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "frame", "Read a drawing while the pen moves",
        Frame, None, lambda services: services.live.frame, FRAMES,
    ),
    Operation(
        "save", "Read a drawing and keep it",
        Save, EntryAnswer, lambda services: services.predictions.save, CHANGES,
        raises=(UnreadableImage, NoInk),
    ),
    Operation(
        "upload", "Read a picture and keep it",
        Upload, EntryAnswer, lambda services: services.predictions.upload, UPLOADS,
        Route("POST", ENTRIES, 201), raises=(UnreadableImage, NoInk),
    ),
    Operation(
        "explain", "Explain the reading of a digit",
        Explain, ExplanationAnswer, lambda services: services.predictions.explain, QUERIES,
        raises=(UnreadableImage, NoInk),
    ),
    Operation(
        "watch_history", "List entries, and get the history's events from now on",
        WatchHistory, WatchAnswer, lambda services: services.history.watch, QUERIES,
    ),
    Operation(
        "list_history", "List entries of the history, newest first",
        HistoryQuery, EntriesAnswer, lambda services: services.history.list, QUERIES,
        Route("GET", ENTRIES),
    ),
    Operation(
        "count_history", "Count entries of the history",
        Filter, CountAnswer, lambda services: services.history.count, QUERIES,
        Route("GET", "/api/count"),
    ),
    Operation(
        "get_entry", "Get an entry",
        GetEntry, EntryAnswer, lambda services: services.history.get, QUERIES,
        Route("GET", ENTRY), event=False,
    ),
    Operation(
        "correct_entry", "Correct the text of an entry",
        CorrectEntry, EntryAnswer, lambda services: services.learning.correct, CHANGES,
        Route("PATCH", ENTRY),
    ),
    Operation(
        "delete_entry", "Delete an entry and its picture",
        DeleteEntry, Done, lambda services: services.history.delete, CHANGES,
        Route("DELETE", ENTRY),
    ),
    Operation(
        "delete_entries", "Delete entries and their pictures",
        DeleteEntries, Done, lambda services: services.history.delete_all, CHANGES,
    ),
    Operation(
        "move_entries", "Put entries into a list, or off any",
        MoveEntries, MovedAnswer, lambda services: services.history.move, CHANGES,
        raises=(NotFound,),
    ),
    Operation(
        "take_reviews", "Get the next entries to review, which no other page gets",
        TakeReviews, ReviewsAnswer, lambda services: services.reviews.take, CHANGES,
    ),
    Operation(
        "undo_review", "Take back what you said last of an entry",
        UndoReview, EntryAnswer, lambda services: services.reviews.undo, CHANGES,
        raises=(NotFound,),
    ),
    Operation(
        "get_lists", "Get your lists, the last used first",
        GetLists, ListsAnswer, lambda services: services.lists.get, QUERIES,
        Route("GET", "/api/lists"),
    ),
    Operation(
        "rename_list", "Rename a list",
        RenameList, Done, lambda services: services.lists.rename, CHANGES,
        raises=(NotFound,),
    ),
    Operation(
        "get_statistics", "Get the statistics of the history",
        GetStatistics, StatisticsAnswer, lambda services: services.statistics.get, QUERIES,
        Route("GET", "/api/statistics"), event=False,
    ),
    Operation(
        "list_cell", "List the entries behind a cell of the confusion matrix, newest first",
        CellQuery, EntriesAnswer, lambda services: services.statistics.list_cell, QUERIES,
        Route("GET", "/api/statistics/entries"), event=False,
    ),
    Operation(
        "export_csv", "Export the numbers of the history as a table (RFC 4180)",
        Filter, None, lambda services: services.exports.csv, QUERIES,
        Route("GET", "/api/export.csv", media_type=CSV), event=False,
    ),
    Operation(
        "export_xlsx", "Export the numbers of the history as a workbook (Office Open XML)",
        Filter, None, lambda services: services.exports.xlsx, QUERIES,
        Route("GET", "/api/export.xlsx", media_type=XLSX), event=False,
    ),
    Operation(
        "export_entries_csv", "Export the numbers of chosen entries as a table (RFC 4180)",
        ExportEntries, None, lambda services: services.exports.chosen_csv, QUERIES,
        Route("POST", "/api/export.csv", media_type=CSV), event=False,
    ),
    Operation(
        "export_entries_xlsx", "Export the numbers of chosen entries as a workbook",
        ExportEntries, None, lambda services: services.exports.chosen_xlsx, QUERIES,
        Route("POST", "/api/export.xlsx", media_type=XLSX), event=False,
    ),
    Operation(
        "export_zip", "Export the whole history with its pictures",
        Export, None, lambda services: services.exports.zip, QUERIES,
        Route("GET", "/api/export.zip", media_type=ZIP), event=False,
    ),
    Operation(
        "export_npz", "Export the digits of corrected entries with their labels, for NumPy",
        Filter, None, lambda services: services.exports.npz, QUERIES,
        Route("GET", "/api/export.npz", media_type=NPZ), event=False,
    ),
    Operation(
        "import_zip", "Import the entries of an export, or labelled pictures",
        Import, ImportAnswer, lambda services: services.imports.import_zip, UPLOADS,
        Route("POST", "/api/import"), event=False,
    ),
)  # fmt: skip


class Dispatcher:
    """Performs operations: rate limit, then payload, then use case, for every transport alike."""

    def __init__(
        self,
        services: Services,
        rate_limits: RateLimits,
        operations: Sequence[Operation] = OPERATIONS,
    ) -> None:
        self._rate_limits = rate_limits
        self._use_cases = {each.name: each.use_case(services) for each in operations}

    def perform(
        self,
        operation: Operation,
        visitor: Visitor,
        read_payload: Callable[[], Any],
        on_wait: Callable[[float], object] = lambda _wait_s: None,
    ) -> Any:
        """Perform an operation; `on_wait` gets the seconds that the visitor is slowed down by.

        Raises RateLimited, InvalidPayload, and what the use case raises. Frames are too many for
        the log.
        """
        if operation.answer is None and operation.route is None:
            return self._perform(operation, visitor, read_payload, on_wait)
        started_s, result, outcome = perf_counter(), None, "internal"
        try:
            result = self._perform(operation, visitor, read_payload, on_wait)
            outcome = "ok"
            return result
        except DigitsError as error:
            outcome = error.code
            raise
        finally:
            _log(operation, visitor, outcome, result, perf_counter() - started_s)
            add_work(REQUEST_S)

    def _perform(
        self,
        operation: Operation,
        visitor: Visitor,
        read_payload: Callable[[], Any],
        on_wait: Callable[[float], object],
    ) -> Any:
        account = visitor.viewer.owner
        self._rate_limits.throttle(operation.limit, visitor.address, account, on_wait)
        payload = parse(read_payload(), operation.payload)
        return self._use_cases[operation.name](payload, visitor)


def _log(operation: Operation, visitor: Visitor, outcome: str, result: Any, seconds: float) -> None:
    """Count and log an operation: who asked, how it ended, and for which entry."""
    OPERATION_SECONDS.labels(operation.name).observe(seconds)
    details = {
        "milliseconds": round(seconds * 1000, 1),
        "address": visitor.address,
        "account": visitor.viewer.owner,
    }
    if isinstance(result, EntryAnswer):
        details["entry"] = str(result.entry.id)
    log.info("%s: %s", operation.name, outcome, extra=details)
