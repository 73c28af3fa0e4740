"""Fields of messages as types, with a limit on everything that comes from outside."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

MAX_SEARCH_LENGTH = 400  # characters
MAX_CORRECTION_LENGTH = 2_000  # characters: a table of 100 long numbers
MAX_LIST_NAME_LENGTH = 60  # characters
MAX_STROKES, MAX_COORDINATES = 400, 20_000  # of a drawing; coordinates of a stroke
MAX_COORDINATE = 100_000  # pixels: no picture is so large
MAX_SEQ = 2**53 - 1  # the largest integer that every JSON parser reads exactly
MAX_RANK = 2**53 - 1
MAX_POSITION = 2**53 - 1
MAX_IDS = 100  # entries that one request changes
MAX_EXPORT_IDS = 10_000
MAX_HELD = 10  # entries that a page has to review
MAX_PAGE_SIZE = 100
PAGE_SIZE = 20

SIGNS = ("-", ".", ",", "/", ":", "+", "%")

# And characters that turn the direction, or that XML cannot hold.
CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
CORRECTION_PATTERN = r"^[0-9.,/:+%? \t\n-]*$"
TEXT_PATTERN = r"^[^\x00]*$"  # PostgreSQL text cannot contain NUL
# `$` lets a trailing line break pass, unless a lookahead or the length forbids it.
LIST_NAME_PATTERN = rf"^(?!\s)[^{CONTROLS}]*[^\s{CONTROLS}]$(?!\n)"
CURSOR_PATTERN = r"^[0-9T:.-]{23}Z~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
MOMENT_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
PATTERNS = {  # as an error message describes them
    CORRECTION_PATTERN: "only digits, signs (- . , / : + %), ?, spaces, tabs and line breaks",
    TEXT_PATTERN: "text without NUL characters",
    LIST_NAME_PATTERN: "a name without control characters, and without space around it",
    CURSOR_PATTERN: "the `next` of an earlier answer",
    MOMENT_PATTERN: "a time such as 2026-01-31T12:00:00.123Z",
}

InputType = Literal["canvas", "upload"]
Text = Annotated[str, Meta(max_length=MAX_SEARCH_LENGTH, pattern=TEXT_PATTERN)]
Correction = Annotated[str, Meta(max_length=MAX_CORRECTION_LENGTH, pattern=CORRECTION_PATTERN)]
ListName = Annotated[
    str, Meta(min_length=1, max_length=MAX_LIST_NAME_LENGTH, pattern=LIST_NAME_PATTERN)
]
Rank = Annotated[float, Meta(ge=-MAX_RANK, le=MAX_RANK)]
Ids = Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=MAX_IDS)]
ExportIds = Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=MAX_EXPORT_IDS)]
Label = Annotated[int, Meta(ge=0, le=9)]
Sign = Annotated[str, Meta(extra_json_schema={"enum": [*SIGNS]})]
Coordinate = Annotated[float, Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Stroke = Annotated[tuple[Coordinate, ...], Meta(min_length=2, max_length=MAX_COORDINATES)]
Side = Annotated[int, Meta(ge=1, le=MAX_COORDINATE)]
Size = tuple[Side, Side]  # width and height, in pixels
Strokes = Annotated[tuple[Stroke, ...], Meta(min_length=1, max_length=MAX_STROKES)]
Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Moment = Annotated[str, Meta(max_length=24, pattern=MOMENT_PATTERN)]
Cursor = Annotated[str, Meta(max_length=61, pattern=CURSOR_PATTERN)]
