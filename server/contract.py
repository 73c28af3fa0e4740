"""The contract on the wire: every payload, answer and event, in both directions, as types.

Clients send payloads, which `parse` checks once, at the edge. The server answers with one of the
answers, and sends the events of SERVER_EVENTS. The table of operations (services/operations.py)
says which payload belongs to which event and route. CONTRACT.md is the same for people, and
web/static/scripts/common/contract.js for the browser; tests hold both to these types.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from server.errors import InvalidPayload, NotFound

VERSION = 3  # raise it with every change: a page left open across the upgrade must reload then

MAX_TEXT_LENGTH = 400  # characters of a correction or a search
MAX_STROKES, MAX_COORDINATES = 400, 20_000  # of a drawing; coordinates of a stroke
MAX_COORDINATE = 100_000  # pixels: no picture is so large
MAX_SEQ = 2**53 - 1  # the largest integer that every JSON parser reads exactly
MAX_PAGE_SIZE = 100
PAGE_SIZE = 20

DIGITS_PATTERN = r"^[0-9? \t\n]*$"
TEXT_PATTERN = r"^[^\x00]*$"  # PostgreSQL text cannot contain NUL
CURSOR_PATTERN = r"^[0-9T:.-]{23}Z~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
PATTERNS = {  # as an error message describes them
    DIGITS_PATTERN: "only digits, ?, spaces, tabs and line breaks",
    TEXT_PATTERN: "text without NUL characters",
    CURSOR_PATTERN: "the `next` of an earlier answer",
}

InputType = Literal["canvas", "upload"]
Text = Annotated[str, Meta(max_length=MAX_TEXT_LENGTH, pattern=TEXT_PATTERN)]
Correction = Annotated[str, Meta(max_length=MAX_TEXT_LENGTH, pattern=DIGITS_PATTERN)]
Coordinate = Annotated[float, Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
Stroke = Annotated[tuple[Coordinate, ...], Meta(min_length=2, max_length=MAX_COORDINATES)]
Strokes = Annotated[tuple[Stroke, ...], Meta(min_length=1, max_length=MAX_STROKES)]
Timestamp = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Cursor = Annotated[  # without max_length, `$` would let a trailing line break pass
    str, Meta(max_length=61, pattern=CURSOR_PATTERN)
]


# Values


class Digit(Struct, frozen=True):
    """One digit of a reading; `digit` is null for ink that is not a digit.

    `probabilities` are those of the ten digits; `box` is [x, y, width, height] in pixels of the
    picture that was sent, turned upright.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]


class Line(Struct, frozen=True):
    """A line of a reading; `confidence` is the probability that its whole text is right."""

    text: str
    confidence: float


class Alternative(Struct, frozen=True):
    """Another text that a picture may say; `confidence` is the probability that it does."""

    text: str
    confidence: float


class Reading(Struct, frozen=True):
    """A picture as it was read; `confidence` is the probability that the whole text is right.

    `text` is that of its lines, joined by "\\n". In a line, a space parts two numbers, and a tab
    two cells of a table. `digits` are in the order of the text. `alternatives` are at most three
    other texts, the likeliest first. `size` is [width, height] of the
    picture that was sent, turned upright, in pixels.
    """

    text: str
    confidence: float
    uncertain: bool
    digits: tuple[Digit, ...]
    lines: tuple[Line, ...]
    size: tuple[int, int]
    milliseconds: float
    model: str
    alternatives: tuple[Alternative, ...] = ()


class Explanation(Struct, frozen=True):
    """The reasons for the digit at `position` of a reading.

    `seen` [28][28] is the network's input, 0 (paper) to 255 (ink). `evidence` [11][7][7] is how
    much each place of it spoke for (positive) or against each of the ten digits and "no digit", in
    nats, relative to the mean of all at that place.
    """

    position: int
    reading: Reading
    seen: list[list[int]]
    evidence: list[list[list[float]]]


class Entry(Struct, frozen=True):
    """An entry of the history.

    `owner` is the account that it belongs to, null in the public history. `maker` is an opaque id
    of the browser or account that made it: a public entry is changed only by the same browser.
    `image_version` changes when the picture at `image_path` does.
    """

    id: UUID
    input_type: InputType
    predicted: str
    confidence: float
    uncertain: bool
    corrected: str | None
    image_path: str
    timestamp: Timestamp
    maker: str
    reading: Reading
    image_version: str
    owner: str | None


class Problem(Struct, frozen=True):
    """A failure: a code for programs and a message for people."""

    code: str
    message: str


# Client → server


class Drawn(Struct, frozen=True, kw_only=True):
    """A picture and, if it was drawn with a pen, its strokes in the order of drawing.

    A stroke is [x, y, x, y, …] along the middle of the line, in pixels of the picture.
    """

    image: bytes
    strokes: Strokes | None = None

    def __post_init__(self) -> None:
        if self.strokes and any(len(stroke) % 2 for stroke in self.strokes):
            raise ValueError("A stroke has x without y: give both of every point")
        if self.strokes and sum(map(len, self.strokes)) > MAX_COORDINATES:
            raise ValueError(f"`strokes` have more than {MAX_COORDINATES} coordinates: send fewer")


class Frame(Drawn, frozen=True, kw_only=True):
    """A drawing as it is now, to be read; `seq` comes back with the prediction."""

    drawing: UUID
    seq: Annotated[int, Meta(ge=0, le=MAX_SEQ)]


class Save(Drawn, frozen=True, kw_only=True):
    """A drawing to keep. Saving the same drawing again changes its one entry."""

    drawing: UUID


class Upload(Struct, frozen=True, kw_only=True):
    """A picture to keep. The same `id` twice gives the same entry."""

    image: bytes
    name: Text | None = None
    id: UUID | None = None


class Explain(Drawn, frozen=True, kw_only=True):
    """A picture, and the position of a digit in its reading; null for the least certain one."""

    position: Annotated[int, Meta(ge=0)] | None = None


class HistoryQuery(Struct, frozen=True):
    """A selection of entries, newest first, older than the cursor `before`."""

    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE_SIZE)] = PAGE_SIZE
    before: Cursor | None = None
    input_type: InputType | None = None
    search: Text | None = None


class GetEntry(Struct, frozen=True):
    """The id of an entry."""

    id: UUID


class CorrectEntry(Struct, frozen=True):
    """The id of an entry, and the text that was really written."""

    id: UUID
    text: Correction


class DeleteEntry(Struct, frozen=True):
    """The id of an entry to delete."""

    id: UUID


class Export(Struct, frozen=True):
    """A request for everything that the viewer sees; it has no fields."""


# Answers


class Done(Struct, frozen=True, kw_only=True):
    """The answer to a request that succeeded."""

    ok: Annotated[bool, Meta(extra_json_schema={"const": True})] = True


class EntryAnswer(Done, frozen=True, kw_only=True):
    """An entry as it is now."""

    entry: Entry


class EntriesAnswer(Done, frozen=True, kw_only=True):
    """A page of entries; `next` is the `before` of the page after it, null after the last."""

    entries: list[Entry]
    next: Cursor | None


class ExplanationAnswer(Done, frozen=True, kw_only=True):
    """The explanation of a digit."""

    explanation: Explanation


class Failure(Struct, frozen=True, kw_only=True):
    """The answer to a request that failed."""

    ok: Annotated[bool, Meta(extra_json_schema={"const": False})] = False
    error: Problem


# Server → client


class Prediction(Struct, frozen=True):
    """The answer to a frame: its reading, or an error.

    A refused frame gets back as much of its `drawing` and `seq` as could be read.
    """

    drawing: str | int | None
    seq: int | str | None
    reading: Reading | UnsetType = UNSET
    error: Problem | UnsetType = UNSET


class Removed(Struct, frozen=True):
    """The id of an entry that is gone from the history being watched."""

    id: UUID


class SlowDown(Struct, frozen=True):
    """A client over its rate limit: its event is answered after so many milliseconds."""

    event: str
    milliseconds: int


class Outdated(Struct, frozen=True):
    """The server's version of the contract, which is not the page's: the page must reload."""

    version: int


SERVER_EVENTS: dict[str, type[Struct]] = {
    "prediction": Prediction,
    "history_added": Entry,
    "history_changed": Entry,
    "history_removed": Removed,
    "slow_down": SlowDown,
    "outdated": Outdated,
}

Payload = TypeVar("Payload", bound=Struct)


def parse(payload: Any, form: type[Payload]) -> Payload:
    """Check a payload. Raises InvalidPayload with the fault and the field that has it."""
    try:
        return msgspec.convert(payload, form, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise InvalidPayload(f"Invalid message: {_explain(str(error))}.") from error


def parse_id(id: str) -> UUID:
    """Parse the id of an entry in a path. Raises NotFound if it cannot be one."""
    try:
        return UUID(id)
    except ValueError:
        raise NotFound("There is no such entry.") from None


def _explain(reason: str) -> str:
    """Rewrite the reason of a ValidationError without regular expressions and JSON paths."""
    for pattern, meaning in PATTERNS.items():
        reason = reason.replace(f"`str` matching regex {pattern!r}", meaning)
    return reason.replace("`$.", "`").replace(" - at `$`", "").replace(" - at ", " at ")
