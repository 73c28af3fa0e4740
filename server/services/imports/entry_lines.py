"""Entries in the archive of a history, as `server/services/exports/archive.py` writes them.

What they hold comes from outside: each field has a bound, and a text only what can be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

import msgspec
import numpy as np
from msgspec import Meta, Struct
from msgspec.json import Decoder

from server.contract import InputType, Reading, Strokes
from server.contract.fields import (
    CORRECTION_PATTERN,
    MAX_COORDINATE,
    Correction,
    ListName,
    Moment,
    Rank,
    Size,
)
from server.contract.requests import Written
from server.errors import ImageTooLarge, InvalidPayload
from server.recognition.examples import INK_MAX, Example
from server.recognition.labels import LABEL_COUNT
from server.recognition.reading.normalization import FIELD_PX
from server.services.imports.sent_zip import SentZip

MAX_READ_LENGTH = 5_000  # characters
MAX_MODEL_LENGTH = 64
MAX_LINES = 5_000  # of one file
ENTRIES, STROKES, EXAMPLES = "entries.jsonl", "strokes.jsonl", "examples.jsonl"

Unit = Annotated[float, Meta(ge=0, le=1)]
Coordinate = Annotated[int, Meta(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
ReadText = Annotated[str, Meta(max_length=MAX_READ_LENGTH, pattern=CORRECTION_PATTERN)]
Row = Annotated[
    tuple[Annotated[int, Meta(ge=0, le=INK_MAX)], ...],
    Meta(min_length=FIELD_PX, max_length=FIELD_PX),
]
Line = TypeVar("Line", bound=Struct)
FAULTS = (msgspec.DecodeError, ValueError, RecursionError)  # of a line


class SentDigit(Struct, frozen=True):
    """A digit of a reading."""

    digit: Annotated[int, Meta(ge=0, le=9)] | None
    confidence: Unit
    probabilities: Annotated[tuple[Unit, ...], Meta(min_length=10, max_length=10)]
    box: tuple[Coordinate, Coordinate, Coordinate, Coordinate]
    sign: Literal["-", ".", ",", "/", ":", "+", "%"] | None = None
    learned: bool = False


class SentText(Struct, frozen=True):
    """A line of a reading, or another text that it may be."""

    text: ReadText
    confidence: Unit


class SentReading(Struct, frozen=True):
    """A reading. Its text is that of its lines, and has a character for each digit."""

    text: Annotated[ReadText, Meta(min_length=1)]
    confidence: Unit
    uncertain: bool
    digits: Annotated[tuple[SentDigit, ...], Meta(max_length=MAX_READ_LENGTH)]
    lines: Annotated[tuple[SentText, ...], Meta(max_length=MAX_READ_LENGTH)]
    size: Size
    milliseconds: Annotated[float, Meta(ge=0, le=1e9)]
    model: Annotated[str, Meta(max_length=MAX_MODEL_LENGTH, pattern="^[0-9a-f]*$")]
    alternatives: Annotated[tuple[SentText, ...], Meta(max_length=3)] = ()

    def __post_init__(self) -> None:
        if "\n".join(line.text for line in self.lines) != self.text:
            raise ValueError("The lines of the reading are not its text")
        if len("".join(self.text.split())) != len(self.digits):
            raise ValueError("The reading has not a digit for each character")


class SentEntry(Struct, frozen=True):
    """An entry, but for what the server gives it."""

    id: UUID
    input_type: InputType
    timestamp: Moment
    reading: SentReading
    corrected: Correction | None = None
    list: ListName | None = None
    rank: Rank | None = None

    def __post_init__(self) -> None:
        datetime.fromisoformat(self.timestamp)  # its pattern fits no-days such as 2026-02-31

    def restore_reading(self) -> Reading:
        return msgspec.convert(self.reading, Reading, from_attributes=True)


class SentStrokes(Written, frozen=True, kw_only=True):
    """The strokes of an entry."""

    entry: UUID


class SentExample(Struct, frozen=True):
    """An example that an entry gave."""

    entry: UUID
    position: int
    label: Annotated[int, Meta(ge=0, le=9)]
    read_as: Annotated[int, Meta(ge=0, lt=LABEL_COUNT)]
    picture: Annotated[tuple[Row, ...], Meta(min_length=FIELD_PX, max_length=FIELD_PX)]


# Made here, in one thread: see `prepare_forms` in server/contract.
ENTRY_DECODER = Decoder(SentEntry)
STROKES_DECODER = Decoder(SentStrokes)
EXAMPLE_DECODER = Decoder(SentExample)


@dataclass(frozen=True)
class SentArchive:
    """An archive: a line for each entry, not parsed, and what belongs to entries by their ids."""

    zip: SentZip
    folder: str
    lines: Sequence[bytes]
    strokes: dict[UUID, Strokes] = field(default_factory=dict)
    examples: dict[UUID, list[Example]] = field(default_factory=dict)

    def picture(self, id: UUID) -> bytes:
        """Return the picture of an entry. Raises InvalidPayload."""
        return self.zip.read(f"{self.folder}images/{id}.webp")


def find_archive(sent: SentZip) -> SentArchive | None:
    """Return the archive in a ZIP, or None. Raises InvalidPayload and ImageTooLarge."""
    path = sent.find(ENTRIES)
    if path is None:
        return None
    folder = path[: -len(ENTRIES)]
    strokes = _read_all(sent, folder + STROKES, STROKES_DECODER)
    examples = defaultdict(list)
    in_order = sorted(_read_all(sent, folder + EXAMPLES, EXAMPLE_DECODER), key=lambda x: x.position)
    for each in in_order:
        picture = np.array(each.picture, np.uint8)
        examples[each.entry].append(Example(picture, each.label, each.read_as))
    return SentArchive(
        sent,
        folder,
        _lines(sent, path),
        {each.entry: each.strokes for each in strokes if each.strokes},
        dict(examples),
    )


def parse_entry(line: bytes) -> SentEntry:
    """Parse the line of an entry. Raises InvalidPayload."""
    try:
        return ENTRY_DECODER.decode(line)
    except FAULTS as error:
        raise InvalidPayload("It is not as an export has it.") from error


def _read_all(sent: SentZip, path: str, decoder: Decoder[Line]) -> Iterator[Line]:
    """Yield what the lines of a file hold, without those that are not as an export has them."""
    for line in _lines(sent, path):
        with suppress(*FAULTS):
            yield decoder.decode(line)


def _lines(sent: SentZip, path: str) -> list[bytes]:
    """Return the lines of a file, none if it is missing. Raises ImageTooLarge."""
    content = sent.read(path) if path in sent.names else b""
    if content.count(b"\n") > MAX_LINES:
        raise ImageTooLarge(
            f"The ZIP has over {MAX_LINES:,} entries. Import it on the history page, which sends "
            "it in parts."
        )
    return [line for line in content.split(b"\n") if line]
