"""Disks under the database of a real server: one loses power or fails (disk.c), one is full."""

from __future__ import annotations

import random
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import DATABASE, ServerProcess, new_database
from tests.network import run

SOURCE = Path(__file__).with_name("disk.c")
HEAD = struct.Struct("=iiqq")
WRITE, TRUNCATE, SYNC = range(3)
NAMES = (DATABASE, f"{DATABASE}-wal")
SECTOR_BYTES = 512
SMALL_BYTES = 200_000_000


@dataclass(frozen=True)
class Call:
    """A call that changes a file; `end` is where its record ends in the trace."""

    kind: int
    name: str
    offset: int
    length: int
    content: bytes
    end: int


@dataclass
class File:
    """What of a file is safe, and the calls that are not yet."""

    content: bytearray = field(default_factory=bytearray)
    unsynced: list[Call] = field(default_factory=list)

    def take(self, call: Call) -> None:
        if call.kind != SYNC:
            self.unsynced.append(call)
            return
        for each in self.unsynced:
            self._apply(each, each.length)
        self.unsynced.clear()

    def lose_power(self, rng: random.Random) -> bytes:
        """Return what is left: of the calls that are not safe any may have come through, in part.

        Half of the times none has.
        """
        if rng.random() < 0.5:
            for each in self.unsynced:
                sectors = each.length // SECTOR_BYTES
                self._apply(each, SECTOR_BYTES * rng.choice((0, rng.randint(0, sectors), sectors)))
        return bytes(self.content)

    def _apply(self, call: Call, length: int) -> None:
        if call.kind == TRUNCATE:
            self.content = self.content[: call.length].ljust(call.length, b"\0")
        elif length:
            end = call.offset + length
            self.content = self.content.ljust(end, b"\0")
            self.content[call.offset : end] = call.content[:length]


class SmallDisk:
    """A file system in memory, which can be filled. Mounted by root: tmpfs(5)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def mounted(self) -> Iterator[SmallDisk]:
        self._folder.mkdir()
        options = f"mode=0700,size={SMALL_BYTES}"
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self._folder))
        try:
            yield self
        finally:
            run("umount", "--lazy", str(self._folder))

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no space to anyone else."""
        filler = self._folder / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(SMALL_BYTES))
        yield
        filler.unlink()


class Disk:
    """The disk of one server."""

    def __init__(self, folder: Path) -> None:
        self.trace, self._fault = folder / "trace", folder / "fault"
        self._library = folder / "disk.so"
        command = ["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-O1", "-o", self._library, SOURCE]
        subprocess.run([*command, "-ldl"], check=True)

    def attach(self, server: ServerProcess) -> None:
        """Put the disk under the first process of a server."""
        for left in (self.trace, self._fault):
            left.unlink(missing_ok=True)
        server.environment = {
            "LD_PRELOAD": str(self._library),
            "DISK_TRACE": str(self.trace),
            "DISK_FAULT": str(self._fault),
        }

    @property
    def time(self) -> int:
        """Return the length of the trace: calls that return later are beyond it."""
        return self.trace.stat().st_size if self.trace.exists() else 0

    def fail(self, call: str, number: int) -> None:
        """Let a call fail from now on: "write" or "sync"."""
        self._fault.write_text(f"{call} {number}")

    def recover(self) -> None:
        self._fault.unlink()

    def lose_power(self, time: int, folder: Path, rng: random.Random) -> None:
        """Write what would be left of the files if the power had failed at that time."""
        files = {name: File() for name in NAMES}
        files[DATABASE].content[:] = new_database()
        for call in self._calls():
            if call.end > time:
                break
            files[call.name].take(call)
        for name, file in files.items():
            (folder / name).write_bytes(file.lose_power(rng))

    def _calls(self) -> Iterator[Call]:
        trace, place = self.trace.read_bytes(), 0
        while place < len(trace):
            kind, file, offset, length = HEAD.unpack_from(trace, place)
            place += HEAD.size
            content = trace[place : place + length] if kind == WRITE else b""
            place += len(content)
            yield Call(kind, NAMES[file], offset, length, content, place)
