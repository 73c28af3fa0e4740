"""Labelled pictures in a ZIP: each in a folder named by what is written, or named in labels.csv."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import PurePosixPath

from server.contract.fields import CORRECTION_PATTERN, MAX_CORRECTION_LENGTH
from server.errors import ImageTooLarge, InvalidPayload
from server.services.imports.sent_zip import SentZip

TABLE = "labels.csv"
MAX_TABLE_BYTES = 2_000_000
HEAD = ["file", "label"]
LABEL = re.compile(CORRECTION_PATTERN)
NO_LABEL = (
    "It has no label. Put it into a folder named by what is written, such as 407, or name it in "
    "labels.csv."
)


@dataclass(frozen=True)
class LabelledPicture:
    """The path of a picture in a ZIP, and what is written on it; None if nobody said so."""

    path: str
    label: str | None

    def require_label(self) -> str:
        """Return the label. Raises InvalidPayload if it is none that can be written here."""
        if self.label is None:
            raise InvalidPayload(NO_LABEL)
        if not is_label(self.label):
            raise InvalidPayload(
                f"Its label is {self.label[:40]!r}. Use digits and the signs - . , / : + % only."
            )
        return self.label


def find_pictures(sent: SentZip) -> list[LabelledPicture]:
    """Return the files of a ZIP with their labels; that of a table comes before a folder's.

    Raises InvalidPayload.
    """
    table = sent.find(TABLE)
    labels = _read_table(sent, table) if table else {}
    return [
        LabelledPicture(path, labels.get(path, _label_of_folder(path)))
        for path in sent.names
        if path != table
    ]


def is_label(text: str) -> bool:
    """Return whether a text is one that can be written, with a digit."""
    is_written = len(text) <= MAX_CORRECTION_LENGTH and LABEL.fullmatch(text)
    return bool(is_written) and any(map(str.isdigit, text))


def _label_of_folder(path: str) -> str | None:
    folder = PurePosixPath(path).parent.name.strip()
    return folder if is_label(folder) else None


def _read_table(sent: SentZip, path: str) -> dict[str, str]:
    """Return the labels by the paths of their files, which begin where the table is."""
    try:
        content = sent.read(path)
        if len(content) > MAX_TABLE_BYTES:
            raise ImageTooLarge(f"labels.csv has over {MAX_TABLE_BYTES:,} bytes. Make two ZIPs.")
        text = content.decode("utf-8-sig")
        rows = [
            row for row in csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)) if row
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidPayload("labels.csv cannot be read. Save it as CSV in UTF-8.") from error
    head = [name.strip().lower() for name in rows[0]] if rows else []
    file, label = [*map(head.index, HEAD)] if set(HEAD) <= {*head} else [0, 1]
    folder = path[: -len(TABLE)]
    return {
        folder + row[file].strip().replace("\\", "/").removeprefix("./"): row[label].strip()
        for row in rows
        if len(row) > max(file, label)
    }


def _delimiter(text: str) -> str:
    """Return what parts the fields: in many countries a semicolon, as commas are in numbers."""
    head = text.partition("\n")[0]
    return next((mark for mark in (";", "\t") if mark in head), ",")
