"""Decoding of a picture file to an upright grayscale picture of bounded size, and previews."""

from __future__ import annotations

import ctypes
import logging
import struct
import warnings
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageOps, _imaging
from pillow_heif import register_heif_opener

from server.errors import ImageTooLarge, UnreadableImage
from server.recognition.arrays import Gray
from server.recognition.decoding.decode_limits import reject_expensive, reject_many_parts
from server.recognition.decoding.grayscale import to_gray
from server.recognition.decoding.reduction import reduce_to_side

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF")
MAX_SIDE_PX = 2048  # a larger picture is reduced; small writing is still legible at this size
PREVIEW_SIDE_PX = 1024
PREVIEW_QUALITY = 85
DECODING_ERRORS = (  # raised by Pillow and its plugins on damaged files
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, AttributeError,
    RuntimeError, OverflowError, MemoryError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """An upright picture as gray [H, W], 0 (black) to 255 (white).

    `scale` is the length of one of its pixels in pixels of the picture that was sent, at least 1.
    """

    gray: Gray
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, in pixels, of the picture that was sent, turned upright."""
        height, width = self.gray.shape
        return round(width * self.scale), round(height * self.scale)


@dataclass(frozen=True)
class ColorPicture(Picture):
    """A picture that still has its colors, from which a preview can be made."""

    upright: Image.Image


def decode(opened: Image.Image) -> ColorPicture:
    """Decode the first frame of a picture file. Raise UnreadableImage if it is damaged."""
    longest = max(opened.size)
    try:
        opened.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
        upright = ImageOps.exif_transpose(reduce_to_side(opened, MAX_SIDE_PX))
        return ColorPicture(to_gray(upright), longest / max(upright.size), upright)
    except DECODING_ERRORS as error:
        raise _unreadable() from error


def open_picture(image: bytes, max_pixels: int) -> Image.Image:
    """Open a picture file and decode only its header.

    Raise UnreadableImage if the bytes are not a picture, and ImageTooLarge if it has more than
    `max_pixels` pixels or costs far more to decode than its size suggests.
    """
    prepare_pillow()
    reject_many_parts(image)
    try:
        opened = Image.open(BytesIO(image), formats=FORMATS)
    except DECODING_ERRORS as error:
        raise _unreadable() from error
    width, height = opened.size
    if width * height > max_pixels:
        raise ImageTooLarge(
            f"The picture has {width} × {height} pixels. Send one of at most "
            f"{max_pixels / 1e6:g} million."
        )
    reject_expensive(opened, image)
    return opened


def encode_preview(picture: ColorPicture) -> bytes:
    """Return a WebP file of at most PREVIEW_SIDE_PX each way, without metadata."""
    preview = _to_color(picture)
    preview.thumbnail((PREVIEW_SIDE_PX, PREVIEW_SIDE_PX))
    file = BytesIO()
    preview.save(
        file, "WEBP", quality=PREVIEW_QUALITY, method=2, exif=b"", icc_profile=b"", xmp=b""
    )
    return file.getvalue()


def _to_color(picture: ColorPicture) -> Image.Image:
    """Return a copy of the picture in a mode that a WebP file can have."""
    upright = picture.upright
    if upright.mode in ("RGB", "RGBA"):
        return upright.copy()
    if upright.mode.startswith(("I", "F")):
        return Image.fromarray(picture.gray)  # WebP has 8 bits
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


@cache
def prepare_pillow() -> None:
    """Change Pillow, for the whole process, where its defaults do not suit a server.

    The faults it mends, each without effect after the first call:

    - Pillow cannot open HEIC files: pillow-heif registers an opener.
    - Pillow refuses, or warns of, pictures above a limit of its own, even if `max_pixels` allows
      them: its limit is lifted, and `open_picture` checks ours before anything is decoded.
    - Pillow imports its formats at the first picture. Native threads that do so at once wait for
      the lock of an import, which gevent has made green, and may not wake up: it imports all here.
    - Pillow warns and logs about damaged files, and libtiff writes to stderr, one line per row of
      a damaged fax. A stranger could fill the log: all three are silenced.

    Raise AssertionError if the limit or the opener is not where it is expected. libtiff can be
    silenced only where it is built into Pillow's own library; elsewhere its messages stay.
    """
    assert hasattr(Image, "MAX_IMAGE_PIXELS"), "Pillow has no Image.MAX_IMAGE_PIXELS to lift."
    Image.init()
    register_heif_opener()
    assert "HEIF" in Image.OPEN, "pillow-heif registers no opener named HEIF."
    Image.MAX_IMAGE_PIXELS = None
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    with suppress(AttributeError):
        ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler(None)


def _unreadable() -> UnreadableImage:
    return UnreadableImage(
        "This file cannot be read as a picture. Send a PNG, JPEG, WebP, GIF, BMP, TIFF or HEIC."
    )
