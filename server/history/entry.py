"""What goes into the history and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

InputType = Literal["canvas", "upload"]
Timestamp = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
Cursor = Annotated[  # a timestamp and an id; without `max_length` a pattern lets a last "\n" pass
    str,
    msgspec.Meta(
        max_length=61, pattern=r"^[0-9T:.-]{23}Z~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
    ),
]


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
    reading: dict[str, Any]
    image_version: str
    owner: str | None


@dataclass(frozen=True)
class Draft:
    """What is to be saved: a reading and its picture (WebP).

    `sha256` is that of the file that was sent; `replaces` says that a later picture of the same
    id takes the place of an earlier one, as a drawing's does.
    """

    id: UUID
    input_type: InputType
    reading: dict[str, Any]
    picture: bytes
    sha256: str
    replaces: bool


@dataclass(frozen=True)
class Picture:
    """The picture of an entry, a WebP file, and its version."""

    content: bytes
    version: str


@dataclass(frozen=True)
class Saved:
    """The entry as it is now, and what became of it: "added", "changed", or None."""

    entry: Entry
    change: str | None


@dataclass(frozen=True)
class Page:
    """Some entries, newest first; `next` is the cursor of the page after them."""

    entries: list[Entry]
    next: str | None
