"""What clients send, checked once, here at the edge."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec

from server.errors import InvalidPayload, NotFound
from server.history.entry import Cursor, InputType

MAX_TEXT = 400  # characters of a correction or a search
PAGE = 20
MAX_PAGE = 100
MAX_SEQ = 2**53 - 1  # what every program reads exactly in JSON: it is sent back with the answer

Text = Annotated[  # PostgreSQL knows no NUL
    str, msgspec.Meta(max_length=MAX_TEXT, pattern=r"^[^\x00]*$")
]
Correction = Annotated[str, msgspec.Meta(max_length=MAX_TEXT, pattern=r"^[0-9?\n]*$")]


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
