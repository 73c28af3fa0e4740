"""Bytes of a picture file → an upright gray picture of bounded size."""

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

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF")
MAX_SIDE_PX = 2048  # a larger picture is reduced to this: enough for a number written small
STRIP_PX = 64  # rows that are reduced at once
PREVIEW_SIDE_PX = 1024
PREVIEW_QUALITY = 85
DECODING_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, AttributeError,
    RuntimeError, OverflowError, MemoryError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip  # what Pillow and its plugins raise on damaged files


@dataclass(frozen=True)
class Picture:
    """The gray [H, W] of a picture turned upright, 0 (black) to 255 (white).

    `scale` is the number of pixels of the picture that was sent to one of these.
    """

    gray: Gray
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture that was sent, turned upright."""
        height, width = self.gray.shape
        return round(width * self.scale), round(height * self.scale)


@dataclass(frozen=True)
class ColorPicture(Picture):
    """A picture with its colors, of which a preview can be made."""

    upright: Image.Image


def decode(opened: Image.Image) -> ColorPicture:
    """Decode the first frame of a picture file. Raises UnreadableImage if it is damaged."""
    longest = max(opened.size)
    try:
        opened.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
        upright = ImageOps.exif_transpose(_reduce(opened))
        return ColorPicture(to_gray(upright), longest / max(upright.size), upright)
    except DECODING_ERRORS as error:
        raise _unreadable() from error


def open_picture(image: bytes, max_pixels: int) -> Image.Image:
    """Open a picture file, decoding nothing but its header.

    Raises UnreadableImage for bytes that are no picture, and ImageTooLarge for one of more than
    `max_pixels` pixels, or that takes far more work than a picture of its size does.
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
    """The picture as a WebP file of at most PREVIEW_SIDE_PX, without any metadata."""
    preview = picture.upright.copy()
    if preview.mode not in ("RGB", "RGBA"):
        transparent = preview.has_transparency_data
        deep = preview.mode.startswith(("I", "F"))
        preview = (
            Image.fromarray(picture.gray)
            if deep
            else preview.convert("RGBA" if transparent else "RGB")
        )
    preview.thumbnail((PREVIEW_SIDE_PX, PREVIEW_SIDE_PX))
    file = BytesIO()
    preview.save(
        file, "WEBP", quality=PREVIEW_QUALITY, method=2, exif=b"", icc_profile=b"", xmp=b""
    )
    return file.getvalue()


@cache
def prepare_pillow() -> None:
    """Teach Pillow HEIC, and leave the limit of size to `open_picture`, which has its own.

    What Pillow and its libtiff complain of are faults in a stranger's file: nothing for our log,
    which a fax would fill with a line for each of its rows.
    """
    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    with suppress(AttributeError):  # where libtiff is built into Pillow
        ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler(None)


def _unreadable() -> UnreadableImage:
    return UnreadableImage(
        "This file cannot be read as a picture. Send a PNG, JPEG, WebP, GIF, BMP, TIFF or HEIC."
    )


def _reduce(image: Image.Image) -> Image.Image:
    """To MAX_SIDE_PX, strip by strip: what has to be converted for it is never copied whole."""
    factor = -(-max(image.size) // MAX_SIDE_PX)
    if factor == 1:
        return image
    image.load()
    mode = _reducible_mode(image)
    reduced = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, reduced.height, STRIP_PX):
        rows = slice(top * factor, min((top + STRIP_PX) * factor, image.height))
        strip = image.crop((0, rows.start, image.width, rows.stop)).convert(mode)
        reduced.paste(strip.reduce(factor), (0, top))
        reduced.info = strip.info
    return reduced


def _reducible_mode(image: Image.Image) -> str:
    if image.mode in ("P", "PA"):
        return "RGBA" if image.has_transparency_data else "RGB"
    if image.mode.startswith("I;16"):
        return "I"
    return "L" if image.mode == "1" else image.mode
