"""The contract on the wire: every payload, answer and event, in both directions, as types.

Clients send requests, which `parse` checks once, at the edge. The server answers with one of the
answers, and sends the events of SERVER_EVENTS. The table of operations (services/operations.py)
says which payload belongs to which event and route. CONTRACT.md is the same for people, and
web/static/scripts/common/contract.js for the browser; tests hold both to these types.
"""

from server.contract.answers import (
    CountAnswer,
    Done,
    EntriesAnswer,
    EntryAnswer,
    ExplanationAnswer,
    Failure,
    ImportAnswer,
    ListsAnswer,
    MovedAnswer,
    WatchAnswer,
)
from server.contract.events import (
    SERVER_EVENTS,
    EntryEvent,
    HistoryEvent,
    Outdated,
    Prediction,
    Removed,
    Renamed,
    SlowDown,
)
from server.contract.fields import (
    MAX_COORDINATES,
    MAX_LIST_NAME_LENGTH,
    MAX_STROKES,
    SIGNS,
    InputType,
    Strokes,
)
from server.contract.parsing import parse, parse_id, prepare_forms
from server.contract.requests import (
    CorrectEntry,
    DeleteEntries,
    DeleteEntry,
    Drawn,
    Explain,
    Export,
    ExportEntries,
    Filter,
    Frame,
    GetEntry,
    GetLists,
    HistoryQuery,
    Import,
    MoveEntries,
    RenameList,
    Save,
    Shown,
    Upload,
    WatchHistory,
)
from server.contract.values import (
    Alternative,
    Digit,
    Entry,
    Explanation,
    Line,
    ListSummary,
    Problem,
    Reading,
    RefusedFile,
)

VERSION = 9  # raise it with every change: a page left open across the upgrade must reload then

__all__ = [
    "MAX_COORDINATES",
    "MAX_LIST_NAME_LENGTH",
    "MAX_STROKES",
    "SERVER_EVENTS",
    "SIGNS",
    "VERSION",
    "Alternative",
    "CorrectEntry",
    "CountAnswer",
    "DeleteEntries",
    "DeleteEntry",
    "Digit",
    "Done",
    "Drawn",
    "EntriesAnswer",
    "Entry",
    "EntryAnswer",
    "EntryEvent",
    "Explain",
    "Explanation",
    "ExplanationAnswer",
    "Export",
    "ExportEntries",
    "Failure",
    "Filter",
    "Frame",
    "GetEntry",
    "GetLists",
    "HistoryEvent",
    "HistoryQuery",
    "Import",
    "ImportAnswer",
    "InputType",
    "Line",
    "ListSummary",
    "ListsAnswer",
    "MoveEntries",
    "MovedAnswer",
    "Outdated",
    "Prediction",
    "Problem",
    "Reading",
    "RefusedFile",
    "Removed",
    "RenameList",
    "Renamed",
    "Save",
    "Shown",
    "SlowDown",
    "Strokes",
    "Upload",
    "WatchAnswer",
    "WatchHistory",
    "parse",
    "parse_id",
]

prepare_forms()
