"""ZIPs for the tests, good and hostile."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

Files = Mapping[str, bytes | str]


def make_zip(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def unzip(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def json_lines(content: bytes) -> list[Any]:
    return [json.loads(line) for line in content.splitlines()]


def with_entry(archive: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return an archive of which one entry was changed, the first."""
    files = unzip(archive)
    first, *others = files["entries.jsonl"].splitlines()
    entry = json.loads(first)
    change(entry)
    files["entries.jsonl"] = b"\n".join([json.dumps(entry).encode(), *others])
    return make_zip(files)


def locked() -> bytes:
    """Return a ZIP that says that its file is encrypted."""
    archive = bytearray(make_zip({"7/a.png": b"secret"}))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(archive)


def overlapping() -> bytes:
    """Return a ZIP whose directory names one file many times."""
    archive = make_zip({"7/a.png": bytes(range(256)) * 100})
    start, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    entries = archive[start:end] * 20
    tail = bytearray(archive[end:])
    struct.pack_into("<HHI", tail, 8, 20, 20, len(entries))
    return archive[:start] + entries + bytes(tail)


def bomb(size_bytes: int) -> bytes:
    """Return a small ZIP of files that are large together."""
    return make_zip({f"7/{k}.png": bytes(size_bytes // 20) for k in range(20)})


def lying_bomb(size_bytes: int) -> bytes:
    """Return a ZIP of a file that is larger than it says."""
    archive = bytearray(make_zip({"7/a.png": bytes(size_bytes)}))
    struct.pack_into("<I", archive, archive.index(b"PK\x01\x02") + 24, 1_000)
    return bytes(archive)
