"""Digits and strokes as the arrays of a NumPy archive, which needs no pickle to be read.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from zipstream import ZIP_DEFLATED, ZipStream

from server.contract import Strokes
from server.recognition.examples import Example
from server.recognition.reading.normalization import FIELD_PX

MAX_MEMORY_BYTES = 1_000_000  # a longer array lies on disk
CHUNK_BYTES = 65_536
ID = "U36"


class GrowingArray:
    """An array whose rows are appended, in a file that takes little memory."""

    def __init__(self, dtype: npt.DTypeLike, *row: int) -> None:
        self._dtype = np.dtype(dtype)
        self._row = row
        self._file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(MAX_MEMORY_BYTES)  # noqa: SIM115, closed by `close`
        self.length = 0

    def append(self, rows: Any) -> None:
        """Append rows, a sequence of numbers, texts or arrays."""
        added = np.asarray(rows, self._dtype).reshape(-1, *self._row)
        self._file.write(added.tobytes())
        self.length += len(added)

    def chunks(self) -> Iterator[bytes]:
        """Yield the file that holds the array (.npy)."""
        head = BytesIO()
        described = {
            "descr": np.lib.format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self.length, *self._row),
        }
        np.lib.format.write_array_header_1_0(head, described)
        yield head.getvalue()
        self._file.seek(0)
        yield from iter(partial(self._file.read, CHUNK_BYTES), b"")

    def close(self) -> None:
        self._file.close()


class DigitArrays:
    """Arrays with a row for each digit, and others with one for each stroke.

    `images` [28, 28] is what the network sees, `labels` what is written, `read_as` what the network
    takes it for, or 10; `entry` is its entry's id, and `writer` counts those who wrote, from 0.
    Stroke k is strokes[stroke_offsets[k] : stroke_offsets[k + 1]]: x, y, x, y, … in pixels.
    """

    def __init__(self) -> None:
        self._arrays = {
            "images": GrowingArray(np.uint8, FIELD_PX, FIELD_PX),
            "labels": GrowingArray(np.uint8),
            "read_as": GrowingArray(np.uint8),
            "entry": GrowingArray(ID),
            "writer": GrowingArray(np.uint32),
            "strokes": GrowingArray(np.float32),
            "stroke_offsets": GrowingArray(np.int64),
            "stroke_entry": GrowingArray(ID),
        }
        self._arrays["stroke_offsets"].append([0])
        self._writers: dict[str, int] = {}

    def append(
        self, id: UUID, maker: str, examples: Sequence[Example], strokes: Strokes | None
    ) -> None:
        """Append an entry's digits, and its strokes if they are known."""
        count = len(examples)
        if not count:
            return
        arrays, writer = self._arrays, self._writers.setdefault(maker, len(self._writers))
        arrays["images"].append([each.picture for each in examples])
        arrays["labels"].append([each.label for each in examples])
        arrays["read_as"].append([each.read_as for each in examples])
        arrays["entry"].append([str(id)] * count)
        arrays["writer"].append([writer] * count)
        for stroke in strokes or ():
            arrays["strokes"].append(stroke)
            arrays["stroke_offsets"].append([arrays["strokes"].length])
            arrays["stroke_entry"].append([str(id)])

    def chunks(self) -> Iterator[bytes]:
        """Yield the archive (.npz), and close the arrays."""
        try:
            archive = ZipStream(compress_type=ZIP_DEFLATED)
            for name, array in self._arrays.items():
                archive.add(array.chunks(), f"{name}.npy")
            yield from archive.finalize()
        finally:
            self.close()

    def close(self) -> None:
        """Remove the files of all arrays."""
        for array in self._arrays.values():
            array.close()
