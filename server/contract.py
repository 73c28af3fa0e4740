"""What clients send, checked once, here at the edge."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec

from server.errors import InvalidPayload, NotFound

MAX_TEXT = 400  # characters of a correction or a search
PAGE = 20
MAX_PAGE = 100
MAX_SEQ = 2**53 - 1  # what every program reads exactly in JSON: it is sent back with the answer

Text = Annotated[  # PostgreSQL knows no NUL
    str, msgspec.Meta(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")
]
Correction = Annotated[str, msgspec.Meta(max_length=MAX_TEXT, pattern=r"^[0-9?\n]*$")]
InputType = Literal["canvas", "upload"]
Timestamp = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
Cursor = Annotated[  # a timestamp and an id; without `max_length` a pattern lets a last "\n" pass
    str,
    msgspec.Meta(
        max_length=61, pattern=r"^[0-9T:.-]{23}Z~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
    ),
]


class Digit(msgspec.Struct, frozen=True):
    """One digit that was found; `digit` is None for ink that is no digit.

    `probabilities` are those of the ten digits, `box` is [x, y, width, height] in pixels of the
    picture that was sent, turned upright.
    """

    digit: int | None
    confidence: float
    probabilities: tuple[float, ...]
    box: tuple[int, int, int, int]


class Reading(msgspec.Struct, frozen=True):
    """What was read; `confidence` is that the whole text is right.

    `size` is [width, height] of the picture that was sent, turned upright, in pixels.
    """

    text: str
    confidence: float
    uncertain: bool
    digits: tuple[Digit, ...]
    size: tuple[int, int]
    milliseconds: float
    model: str


class Explanation(msgspec.Struct, frozen=True):
    """Why the digit at `position` of a reading was read as it was.

    `seen` [28][28] is what the network saw, 0 (paper) to 255 (ink). `evidence` [11][7][7] is what
    each place of it spoke for (positive) or against each of the ten digits and "no digit", in
    nats, relative to the mean of all at that place.
    """

    position: int
    reading: Reading
    seen: list[list[int]]
    evidence: list[list[list[float]]]


class Entry(msgspec.Struct, frozen=True):
    """An entry of the history, as the contract has it.

    `owner` is the account whose it is, null in the public history. `maker` is the opaque id of what
    made it: in the public history, the browser that may correct and delete it.
    `image_version` is another one when there is another picture at `image_path`.
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


class Frame(msgspec.Struct, frozen=True):
    drawing: UUID
    seq: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
    image: bytes


class Save(msgspec.Struct, frozen=True):
    drawing: UUID
    image: bytes


class UploadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What HTTP says of a picture, which is the body itself."""

    name: Text | None = None
    id: UUID | None = None


class Upload(UploadOptions, frozen=True, kw_only=True):
    image: bytes


class Explain(msgspec.Struct, frozen=True):
    """Which digit of a picture: its position in the reading, or the least sure one."""

    image: bytes
    position: Annotated[int, msgspec.Meta(ge=0)] | None = None


class PageSize(msgspec.Struct, frozen=True):
    """The one number of a history's query, which a URL has as text."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_PAGE)] = PAGE


class HistoryQuery(PageSize, frozen=True):
    """Which entries: newest first, older than the cursor `before`."""

    before: Cursor | None = None
    input_type: InputType | None = None
    search: Text | None = None


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A correction by HTTP, where the path has the id."""

    text: Correction


class CorrectEntry(Amendment, frozen=True, kw_only=True):
    id: UUID


class DeleteEntry(msgspec.Struct, frozen=True):
    id: UUID


Payload = TypeVar("Payload")


def parse(payload: Any, form: type[Payload], strict: bool = True) -> Payload:
    """Check a payload. Raises InvalidPayload with what is wrong and where.

    `strict=False` also takes numbers written as text, as in a URL, and "null" for null.
    """
    try:
        return msgspec.convert(payload, form, strict=strict, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        reason = str(error).replace("`$.", "`").replace(" - at `$`", "")
        raise InvalidPayload(f"The message is not of the form asked for: {reason}.") from error


def parse_id(id: str) -> UUID:
    """The id of an entry in a path. Raises NotFound for what cannot be one."""
    try:
        return UUID(id)
    except ValueError:
        raise NotFound("There is no such entry.") from None
