"""Bytes of a picture file → an upright grey picture of bounded size."""

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

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, _imaging
from pillow_heif import register_heif_opener

from server.errors import ImageTooLarge, UnreadableImage
from server.recognition.labour import refuse_laborious, refuse_many_parts

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "HEIF")
MAX_SIDE_PX = 2048  # a larger picture is reduced to this: enough for a number written small
STRIP_PX = 64  # rows that are reduced at once
CLEARER = 2  # times the contrast of luminance: so much clearer is a channel that is used instead
PREVIEW_SIDE_PX = 1024
PREVIEW_QUALITY = 85
DECODING_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, AttributeError,
    RuntimeError, OverflowError, MemoryError, struct.error, zlib.error,
    Image.DecompressionBombError,
)  # fmt: skip  # what Pillow and its plugins raise on damaged files

WEBP_PROFILE = 0x20  # among the flags of an extended file: it has a colour profile

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Picture:
    """The grey [H, W] of a picture turned upright, 0 (black) to 255 (white).

    `scale` is the number of pixels of the picture that was sent to one of these.
    """

    grey: Grey
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture that was sent, turned upright."""
        height, width = self.grey.shape
        return round(width * self.scale), round(height * self.scale)


@dataclass(frozen=True)
class ColourPicture(Picture):
    """A picture with its colours, of which a preview can be made."""

    upright: Image.Image


def decode_plain(image: bytes, max_pixels: int) -> Picture | None:
    """Decode a small WebP file without transparency or animation; None for any other.

    It is what browsers make of a canvas. OpenCV takes a third of the time that Pillow does.
    """
    width, height = _plain_size(image)
    if not 0 < width * height <= max_pixels:
        return None
    grey = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None or CLEARER * _contrast(grey) < 255:
        return None
    return Picture(np.asarray(grey, dtype=np.uint8), 1.0)


def _plain_size(image: bytes) -> tuple[int, int]:
    """Of a WebP file that has nothing but a picture, or a colour profile besides; 0 of any other.

    https://developers.google.com/speed/webp/docs/riff_container
    """
    header = image[:32]
    if len(header) < 32 or header[:4] != b"RIFF" or header[8:12] != b"WEBP":
        return 0, 0
    if header[12:16] == b"VP8 ":
        width, height = struct.unpack_from("<2H", header, 26)
        return width & 0x3FFF, height & 0x3FFF
    if header[12:16] == b"VP8X" and header[20] | WEBP_PROFILE == WEBP_PROFILE:
        across, down = header[24:27], header[27:30]
        return 1 + int.from_bytes(across, "little"), 1 + int.from_bytes(down, "little")
    return 0, 0


def decode(opened: Image.Image) -> ColourPicture:
    """Decode the first frame of a picture file. Raises UnreadableImage if it is damaged."""
    longest = max(opened.size)
    try:
        opened.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
        upright = ImageOps.exif_transpose(_reduce(opened))
        return ColourPicture(to_grey(upright), longest / max(upright.size), upright)
    except DECODING_ERRORS as error:
        raise _unreadable() from error


def open_picture(image: bytes, max_pixels: int) -> Image.Image:
    """Open a picture file, decoding nothing but its header.

    Raises UnreadableImage for bytes that are no picture, and ImageTooLarge for one of more than
    `max_pixels` pixels, or that takes far more work than a picture of its size does.
    """
    _prepare_pillow()
    refuse_many_parts(image)
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
    refuse_laborious(opened, image)
    return opened


def to_grey(image: Image.Image) -> Grey:
    """Any mode of Pillow → grey [H, W], with the ink set off from the paper as far as can be."""
    if image.mode.startswith(("I", "F")):
        return _stretch(np.asarray(image.convert(image.mode[0])))  # I;16 and its like become I
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.has_transparency_data:
        return _lay_on_paper(np.asarray(image.convert("RGBA")))
    return _clearest_grey(image)


def encode_preview(picture: ColourPicture) -> bytes:
    """The picture as a WebP file of at most PREVIEW_SIDE_PX, without any metadata."""
    preview = picture.upright.copy()
    if preview.mode not in ("RGB", "RGBA"):
        transparent = preview.has_transparency_data
        deep = preview.mode.startswith(("I", "F"))
        preview = (
            Image.fromarray(picture.grey)
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
def _prepare_pillow() -> None:
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


def _stretch(levels: npt.NDArray[np.generic]) -> Grey:
    """Levels of any depth (16 bit, 32 bit, float) → 0 to 255."""
    if levels.dtype == np.float32:
        levels = np.nan_to_num(levels, posinf=0, neginf=0)
    stretched = cv2.normalize(levels, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)  # type: ignore[call-overload]
    return np.asarray(stretched, dtype=np.uint8)


def _lay_on_paper(rgba: npt.NDArray[np.uint8]) -> Grey:
    """Lay a transparent picture on the paper, white or black, that its ink stands out from."""
    grey = cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY)
    alpha = rgba[..., 3].astype(np.float32) / 255
    if alpha.min() > 0.99:
        return _clearest_grey(Image.fromarray(rgba))
    mean = float((grey * alpha).sum() / max(alpha.sum(), 1e-6))
    paper = 255.0 if mean < 128 else 0.0
    return (grey * alpha + paper * (1 - alpha)).astype(np.uint8)


def _clearest_grey(image: Image.Image) -> Grey:
    """Luminance, or the one colour channel in which the picture has far more contrast.

    Yellow on white, or red on a green as bright, is seen in one channel only.
    """
    grey = np.asarray(image.convert("L"))
    contrast = _contrast(grey)
    if CLEARER * contrast >= 255:
        return grey  # most pictures: no channel can have more
    channels = image.convert("RGB").split()
    clearest = max(channels, key=lambda channel: _contrast(np.asarray(channel)))
    grey_of_clearest = np.asarray(clearest)
    return grey_of_clearest if _contrast(grey_of_clearest) > CLEARER * contrast else grey


def _contrast(channel: cv2.typing.MatLike) -> float:
    low, high, _, _ = cv2.minMaxLoc(channel)
    return high - low
