"""Values that go into the store and come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec

from server.contract import Entry, InputType, Reading, Strokes


@dataclass(frozen=True)
class Past:
    """What an entry was elsewhere: when it was made, what it was corrected to, and its rank."""

    timestamp: str
    corrected: str | None = None
    rank: float | None = None


@dataclass(frozen=True)
class Draft:
    """A reading and its picture (WebP), to be saved.

    `sha256` is that of the file that was sent, `strokes` those of the drawing, if they are known;
    with `digits_only` signs were not read.
    `replaces`: a later picture of the same id takes the place of an earlier one, as a drawing's
    does, and `list` is then where the entry stands. One that is imported has a `past`.
    """

    id: UUID
    input_type: InputType
    reading: Reading
    picture: bytes
    sha256: str
    replaces: bool
    list: str | None = None
    strokes: Strokes | None = None
    digits_only: bool = False
    past: Past | None = None


@dataclass(frozen=True)
class StoredPicture:
    """The picture of an entry, a WebP file, and its version."""

    content: bytes
    version: str


@dataclass(frozen=True)
class Taught:
    """A digit that teaches the reader: 28×28 bytes, what it is, and as what it was read (or 10)."""

    picture: bytes
    label: int
    read_as: int


@dataclass(frozen=True)
class Saved:
    """The entry as it is now, and its change; None if it was saved before."""

    entry: Entry
    change: Literal["added", "changed"] | None


@dataclass(frozen=True)
class EntryPage:
    """Some entries, newest first; `next` is the cursor of the page after them."""

    entries: list[Entry]
    next: str | None


def restore_reading(stored: dict[str, Any]) -> Reading:
    """Return a stored reading. One from before version 2 of the contract gets its lines here.

    Each of them is at least as sure as the whole.
    """
    return msgspec.convert({"lines": _split_lines(stored)} | stored, Reading)


def _split_lines(stored: dict[str, Any]) -> list[dict[str, Any]]:
    texts = stored["text"].split("\n") if stored["text"] else []
    return [{"text": text, "confidence": stored["confidence"]} for text in texts]
