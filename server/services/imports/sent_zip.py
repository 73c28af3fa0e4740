"""A ZIP that a client sent, which may be hostile, read in memory.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from server.errors import ImageTooLarge, InvalidPayload

MAX_FILES = 5_000
MAX_GROWTH = 10  # of all files together, unpacked, over the largest ZIP
DIRECTORY_ENTRY = b"PK\x01\x02"  # begins what a ZIP says of each of its files
ENCRYPTED = 0x1
DRIVE = re.compile("[A-Za-z]:")
HIDDEN = (".", "__MACOSX")  # begin what systems add to a folder by themselves
HIDDEN_FILES = ("thumbs.db", "desktop.ini")
FAULTS = (  # raised by zipfile on damaged files
    BadZipFile, LargeZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError,
    OverflowError, IndexError, KeyError, struct.error, zlib.error,
)  # fmt: skip


class SentZip:
    """The files of a ZIP by their names, without folders and what systems hide."""

    def __init__(self, content: bytes, max_bytes: int) -> None:
        """Open a ZIP of at most `max_bytes`. Raises InvalidPayload and ImageTooLarge."""
        _refuse_large(content, max_bytes)
        self._max_bytes = max_bytes
        try:
            self._zip = ZipFile(BytesIO(content))
            files = [each for each in self._zip.infolist() if not each.is_dir()]
        except FAULTS as error:
            raise InvalidPayload(
                "This file cannot be read as a ZIP. Choose the ZIP that was downloaded here, or "
                "one of pictures in folders named by what is written on them."
            ) from error
        for each in files:
            _refuse_strange(each)
        _refuse_bomb(files, len(content), max_bytes * MAX_GROWTH)
        self._files = {each.filename: each for each in files if not _is_hidden(each.filename)}

    @property
    def names(self) -> list[str]:
        return [*self._files]

    def find(self, name: str) -> str | None:
        """Return the path of the file with this name that lies least deep, or None."""
        found = [path for path in self._files if PurePosixPath(path).name.lower() == name]
        return min(found, key=lambda path: path.count("/"), default=None)

    def read(self, path: str) -> bytes:
        """Return what a file holds; no more is unpacked than the ZIP says that there is.

        Raises InvalidPayload if it is missing or damaged, and ImageTooLarge.
        """
        file = self._files.get(path)
        if file is None:
            raise InvalidPayload("The picture is missing in the ZIP.")
        if file.file_size > self._max_bytes:
            raise ImageTooLarge(
                f"The file has {file.file_size:,} bytes. At most {self._max_bytes:,} are allowed."
            )
        try:
            with self._zip.open(file) as opened:
                content = opened.read(file.file_size)
        except FAULTS as error:
            raise InvalidPayload("The file is damaged.") from error
        if len(content) < file.file_size:
            raise InvalidPayload("The file is damaged.")
        return content


def _refuse_large(content: bytes, max_bytes: int) -> None:
    if len(content) > max_bytes:
        raise ImageTooLarge(
            f"The ZIP has {len(content):,} bytes. Send one of at most {max_bytes:,} bytes, or "
            "import it on the history page, which sends a large one in parts."
        )
    if content.count(DIRECTORY_ENTRY) > MAX_FILES:
        raise ImageTooLarge(
            f"The ZIP has over {MAX_FILES:,} files. Send fewer at once, or import it on the "
            "history page, which sends it in parts."
        )


def _refuse_strange(file: ZipInfo) -> None:
    path = PurePosixPath(file.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or DRIVE.match(file.filename):
        raise InvalidPayload(
            f"The ZIP has a file that would lie outside of it: {file.filename[:100]!r}. Make a "
            "new ZIP of the folder itself."
        )
    if file.flag_bits & ENCRYPTED:
        raise InvalidPayload("The ZIP has a password. Make one without.")
    if file.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise InvalidPayload(
            "The ZIP is compressed in an unusual way. Make one with the usual compression, Deflate."
        )


def _refuse_bomb(files: list[ZipInfo], packed_bytes: int, max_bytes: int) -> None:
    if sum(file.compress_size for file in files) > packed_bytes:
        raise InvalidPayload("The ZIP is damaged: its files overlap. Make it again.")
    size_bytes = sum(file.file_size for file in files)
    if size_bytes > max_bytes:
        raise ImageTooLarge(
            f"The files in the ZIP have {size_bytes:,} bytes unpacked. At most {max_bytes:,} are "
            "allowed: send fewer at once."
        )


def _is_hidden(path: str) -> bool:
    *folders, name = path.split("/")
    return name.lower() in HIDDEN_FILES or any(part.startswith(HIDDEN) for part in (*folders, name))
