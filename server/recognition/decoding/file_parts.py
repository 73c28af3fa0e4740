"""The number of parts of a file: chunks of a PNG, segments of a JPEG, strips of a TIFF.

Nothing is decoded. The parts are counted where Pillow looks for them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from PIL.JpegImagePlugin import MARKER

PNG_HEAD, JPEG_HEAD = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
SCAN_CODE, PADDING_CODE = 0xDA, 0xFF
BYTE_ORDERS = {b"II": "<", b"MM": ">"}  # of a TIFF
STRIP_TAGS = (273, 279, 324, 325)  # offsets and lengths of the strips, or of the tiles


@dataclass(frozen=True)
class _TiffLayout:
    """Sizes of the fields of a TIFF file, in the letters of `struct`."""

    page_at: int  # where the offset of the first page is
    page: str
    tag_count: str
    tag: str  # number, type and count of values


CLASSIC_TIFF = _TiffLayout(page_at=4, page="I", tag_count="H", tag="HHI4x")
BIG_TIFF = _TiffLayout(page_at=8, page="Q", tag_count="Q", tag="HHQ8x")


def count_parts(image: bytes, stop: int) -> int:
    """Return the number of parts; chunks and segments are counted up to `stop` only."""
    if image[:2] in BYTE_ORDERS:
        return _count_strips(image)
    if image.startswith(PNG_HEAD):
        return sum(1 for _ in islice(_chunks(image), stop))
    if image.startswith(JPEG_HEAD):
        return sum(1 for _ in islice(_segments(image), stop))
    return 0


def _chunks(image: bytes) -> Iterator[int]:
    """Yield the offsets of the chunks of a PNG."""
    place = len(PNG_HEAD)
    while place + 8 <= len(image) and image[place + 4 : place + 8] != b"IEND":
        yield place
        place += 12 + int.from_bytes(image[place : place + 4])


def _segments(image: bytes) -> Iterator[int]:
    """Yield the offsets at which Pillow looks for segments of a JPEG before its first scan.

    Each byte of padding is one of them.
    """
    place = image.find(b"\xff", 2)
    while 0 <= place < len(image) - 1 and image[place + 1] != SCAN_CODE:
        yield place
        place = image.find(b"\xff", place + _segment_length(image, place))


def _segment_length(image: bytes, place: int) -> int:
    code = image[place + 1]
    if code == PADDING_CODE:
        return 1
    _, _, has_body = MARKER.get(0xFF00 | code, ("", "", None))
    return 2 + (max(2, int.from_bytes(image[place + 2 : place + 4])) if has_body else 0)


def _count_strips(image: bytes) -> int:
    """Return how many strips the first page of a TIFF declares; 0 if it is cut off before."""
    counts = (values for tag, values in _tiff_tags(image) if tag in STRIP_TAGS)
    return max(counts, default=0)


def _tiff_tags(image: bytes) -> Iterator[tuple[int, int]]:
    """Yield number and count of values of each whole tag of a TIFF's first page.

    https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf
    A BigTIFF is recognized by the third byte, as in Pillow.
    """
    order = BYTE_ORDERS[image[:2]]
    layout = BIG_TIFF if image[2:3] == b"+" else CLASSIC_TIFF
    tag_count, tag = struct.Struct(order + layout.tag_count), struct.Struct(order + layout.tag)
    try:
        (page,) = struct.unpack_from(order + layout.page, image, layout.page_at)
        (declared,) = tag_count.unpack_from(image, page)
    except (struct.error, OverflowError):
        return
    start = page + tag_count.size
    present = min(declared, max(len(image) - start, 0) // tag.size)
    for number, _, values in tag.iter_unpack(image[start : start + present * tag.size]):
        yield number, values
