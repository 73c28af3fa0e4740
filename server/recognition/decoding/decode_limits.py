"""Refuses the few kinds of picture files that take far more work than their size lets expect."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from itertools import islice

from PIL import ImageFile
from PIL.JpegImagePlugin import MARKER

from server.errors import ImageTooLarge

MAX_SCANS = 32  # of a progressive JPEG: each goes over all its pixels, and ten are usual
MAX_RUN_LENGTH_PIXELS = 1_000_000  # of a BMP of run lengths, which Pillow decodes in Python
MAX_FAX_ROWS = 20_000  # of a fax in a TIFF: each takes as long as many pixels
MAX_PARTS = 50_000  # chunks of a PNG, segments of a JPEG, strips of a TIFF: Pillow goes from
# one to the next in Python

SCAN = re.compile(rb"\xff\xda\0(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")  # of 1 to 4 channels
SCAN_CODE, PADDING_CODE = 0xDA, 0xFF
FAXES = ("tiff_ccitt", "group3", "group4", "tiff_raw_16")
PNG_HEAD, JPEG_HEAD = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
TIFF_ORDERS = {b"II": "<", b"MM": ">"}
STRIP_TAGS = (273, 279, 324, 325)  # where the strips, or the tiles, begin, and how long they are


def reject_many_parts(image: bytes) -> None:
    """To be asked before Pillow opens the file, for it looks at them then. Raises ImageTooLarge."""
    if _count_parts(image) > MAX_PARTS:
        raise ImageTooLarge(f"This file has over {MAX_PARTS} parts. Send the picture saved anew.")


def reject_expensive(opened: ImageFile.ImageFile, image: bytes) -> None:
    """To be asked before a file that was opened is decoded. Raises ImageTooLarge."""
    if opened.format in ("JPEG", "MPO") and len(SCAN.findall(image)) > MAX_SCANS:
        raise ImageTooLarge(f"This JPEG has over {MAX_SCANS} scans. Send the picture as a PNG.")
    fax = opened.format == "TIFF" and opened.info.get("compression") in FAXES
    if fax and opened.height > MAX_FAX_ROWS:
        raise ImageTooLarge(f"This fax has over {MAX_FAX_ROWS} rows. Send it in parts.")
    run_lengths = any(tile.codec_name == "bmp_rle" for tile in opened.tile)
    if run_lengths and opened.width * opened.height > MAX_RUN_LENGTH_PIXELS:
        raise ImageTooLarge(
            f"This BMP is packed, and has over {MAX_RUN_LENGTH_PIXELS / 1e6:g} million pixels. "
            "Send the picture as a PNG."
        )


def _count_parts(image: bytes) -> int:
    """The number of a file's parts, though no more than one over the limit of most."""
    if image[:2] in TIFF_ORDERS:
        return _count_strips(image)
    if image.startswith(PNG_HEAD):
        return sum(1 for _ in islice(_chunks(image), MAX_PARTS + 1))
    if image.startswith(JPEG_HEAD):
        return sum(1 for _ in islice(_segments(image), MAX_PARTS + 1))
    return 0


def _chunks(image: bytes) -> Iterator[int]:
    """Where the chunks of a PNG begin."""
    place = len(PNG_HEAD)
    while place + 8 <= len(image) and image[place + 4 : place + 8] != b"IEND":
        yield place
        place += 12 + int.from_bytes(image[place : place + 4])


def _segments(image: bytes) -> Iterator[int]:
    """Where Pillow looks for the segments of a JPEG before its first scan: after padding too."""
    place = image.find(b"\xff", 2)
    while 0 <= place < len(image) - 1 and image[place + 1] != SCAN_CODE:
        yield place
        place = image.find(b"\xff", place + _length_of_segment(image, place))


def _length_of_segment(image: bytes, place: int) -> int:
    code = image[place + 1]
    if code == PADDING_CODE:
        return 1
    _, _, has_body = MARKER.get(0xFF00 | code, ("", "", None))
    return 2 + (max(2, int.from_bytes(image[place + 2 : place + 4])) if has_body else 0)


def _count_strips(image: bytes) -> int:
    """How many a TIFF says that its first page has; 0 if it is cut off before it does.

    A BigTIFF is told as Pillow does it. https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf
    """
    order, big = TIFF_ORDERS[image[:2]], image[2:3] == b"+"
    entry = struct.Struct(order + ("HHQ8x" if big else "HHI4x"))
    try:
        (start,) = struct.unpack_from(order + ("Q" if big else "I"), image, 8 if big else 4)
        (count,) = struct.unpack_from(order + ("Q" if big else "H"), image, start)
    except (struct.error, OverflowError):
        return 0
    first = start + (8 if big else 2)
    entries = image[first : first + count * entry.size]
    whole = entries[: len(entries) // entry.size * entry.size]
    return max((number for tag, _, number in entry.iter_unpack(whole) if tag in STRIP_TAGS),
               default=0)  # fmt: skip
