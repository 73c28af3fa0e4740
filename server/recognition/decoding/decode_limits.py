"""Limits on picture files whose decoding costs far more than their number of pixels suggests."""

from __future__ import annotations

import re

from PIL import ImageFile

from server.errors import ImageTooLarge
from server.recognition.decoding.file_parts import count_parts

MAX_PARTS = 50_000  # Pillow loops over chunks, segments and strips in Python
MAX_SCANS = 32  # a progressive JPEG usually has ten; each scan decodes every pixel again
MAX_FAX_ROWS = 20_000  # in a TIFF a row of a fax costs as much as many pixels
MAX_RUN_LENGTH_PIXELS = 1_000_000  # Pillow decodes a run-length encoded BMP in Python

SCAN = re.compile(rb"\xff\xda\0(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")  # of 1 to 4 channels
FAX_COMPRESSIONS = ("tiff_ccitt", "group3", "group4", "tiff_raw_16")


def reject_many_parts(image: bytes) -> None:
    """Raise ImageTooLarge for a file of more than MAX_PARTS parts.

    Call it before Pillow opens the file, since opening already visits every part.
    """
    if count_parts(image, stop=MAX_PARTS + 1) > MAX_PARTS:
        raise ImageTooLarge(
            f"This file has over {MAX_PARTS} parts. Re-save the picture and try again."
        )


def reject_expensive(opened: ImageFile.ImageFile, image: bytes) -> None:
    """Raise ImageTooLarge for a picture that was opened but costs too much to decode."""
    _reject_many_scans(opened, image)
    _reject_long_fax(opened)
    _reject_large_run_lengths(opened)


def _reject_many_scans(opened: ImageFile.ImageFile, image: bytes) -> None:
    if opened.format in ("JPEG", "MPO") and len(SCAN.findall(image)) > MAX_SCANS:
        raise ImageTooLarge(
            f"This JPEG has over {MAX_SCANS} scans. Save it as a PNG and try again."
        )


def _reject_long_fax(opened: ImageFile.ImageFile) -> None:
    is_fax = opened.format == "TIFF" and opened.info.get("compression") in FAX_COMPRESSIONS
    if is_fax and opened.height > MAX_FAX_ROWS:
        raise ImageTooLarge(f"This fax has over {MAX_FAX_ROWS} rows. Split it and try again.")


def _reject_large_run_lengths(opened: ImageFile.ImageFile) -> None:
    has_run_lengths = any(tile.codec_name == "bmp_rle" for tile in opened.tile)
    if has_run_lengths and opened.width * opened.height > MAX_RUN_LENGTH_PIXELS:
        raise ImageTooLarge(
            f"This BMP is run-length encoded and has over {MAX_RUN_LENGTH_PIXELS / 1e6:g} million "
            "pixels. Save it as a PNG and try again."
        )
