"""What goes into the history and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from server.contract import Entry, InputType, Reading


@dataclass(frozen=True)
class Draft:
    """What is to be saved: a reading and its picture (WebP).

    `sha256` is that of the file that was sent; `replaces` says that a later picture of the same
    id takes the place of an earlier one, as a drawing's does.
    """

    id: UUID
    input_type: InputType
    reading: Reading
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
