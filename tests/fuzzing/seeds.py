"""Seeds of the fuzzer: small valid pictures of every format and kind."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin
from pillow_heif import register_heif_opener

from tests.pictures import draw, encode

SIDE_PX = 48
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1)]  # fmt: skip  # first row and column, and steps down and across
PNG_COLORS = {
    "1": (1, 0),
    "L": (8, 0),
    "I;16": (16, 0),
    "RGB": (8, 2),
    "P": (8, 3),
    "RGBA": (8, 6),
}
ICC_DATE = slice(24, 36)  # of creation
MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "JPEG": ("L", "RGB", "CMYK"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("L", "P"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "TIFF": ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"),
    "HEIF": ("L", "RGB", "RGBA"),
}


@cache
def make_profile() -> bytes:
    """Return an sRGB profile without its date, so that every run has the same seeds."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[ICC_DATE] = bytes(12)
    return bytes(profile)


@cache
def make_seeds() -> dict[str, bytes]:
    """Return picture files by a name that begins with the format."""
    register_heif_opener()
    plain = {
        f"{format} {mode}": encode(seven(mode), format)
        for format, modes in MODES.items()
        for mode in modes
    }
    return plain | _unusual() | _annotated() | _animated() | _packed_tiffs()


def seven(mode: str = "RGB") -> Image.Image:
    return draw("7", digit_px=SIDE_PX, pen_px=5).convert(mode)


def deep(scale: float, kind: Any) -> Image.Image:
    return Image.fromarray((np.asarray(seven("L"), np.float64) * scale).astype(kind))


def _unusual() -> dict[str, bytes]:
    """Return files of rare depths, subsampling, palettes and row orders."""
    rgb, palette = seven(), seven("P")
    gray = np.asarray(seven("L"))
    return {
        "PNG 16 bit": encode(deep(256, np.uint16)),
        "PNG palette with transparency": encode(palette, transparency=0),
        "PNG color with transparency": encode(rgb, transparency=(255, 255, 255)),
        "PNG interlaced": png_file("L", gray.shape, interlace(gray), interlaced=True),
        "JPEG progressive": encode(rgb, "JPEG", progressive=True),
        "JPEG without subsampling": encode(rgb, "JPEG", subsampling=0, restart_marker_blocks=2),
        "WEBP lossless": encode(rgb, "WEBP", lossless=True),
        "GIF with transparency": encode(palette, "GIF", transparency=0, interlace=0),
        "BMP run lengths": bmp_file(SIDE_PX, SIDE_PX, _run_lengths(gray), bits=8, compression=1),
        "TIFF 16 bit": encode(deep(256, np.uint16), "TIFF"),
        "TIFF 16 bit, high byte first": encode(
            Image.frombytes("I;16B", gray.shape, gray.astype(">u2").tobytes()), "TIFF"
        ),
        "TIFF 32 bit": encode(deep(1 << 20, np.int32), "TIFF"),
        "TIFF float": encode(deep(0.01, np.float32), "TIFF"),
        "TIFF big": encode(rgb, "TIFF", big_tiff=True),
        "HEIF 16 bit": encode(deep(256, np.uint16), "HEIF"),
        "HEIF with thumbnails": encode(rgb.resize((96, 96)), "HEIF", thumbnails=[48]),
        "HEIF of tiles": encode(rgb.resize((128, 128)), "HEIF", tile_size=64),
    }


def _annotated() -> dict[str, bytes]:
    """Return files with an orientation, a color profile and texts."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a seven"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0s"
    xmp = b'<x:xmpmeta><rdf:RDF tiff:Orientation="6"/></x:xmpmeta>'
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", "seven")
    texts.add_text("Comment", "seven " * 50, zip=True)
    texts.add_itxt("Author", "sept", "fr", "auteur", zip=True)
    options: dict[str, dict[str, Any]] = {
        "PNG": {"pnginfo": texts}, "JPEG": {"comment": b"seven"}, "WEBP": {}, "TIFF": {}, "HEIF": {}
    }  # fmt: skip
    return {
        f"{format} with metadata": encode(
            seven(), format, exif=exif, icc_profile=make_profile(), xmp=xmp, **more
        )
        for format, more in options.items()
    }


def _animated() -> dict[str, bytes]:
    """Return files of several frames or pages."""
    others = [seven().rotate(turn) for turn in (90, 180)]
    return {
        f"{format} of several frames": encode(seven(), format, save_all=True, append_images=others)
        for format in ("PNG", "WEBP", "GIF", "TIFF", "HEIF", "MPO")
    }


def _packed_tiffs() -> dict[str, bytes]:
    packed = {name: encode(seven(), "TIFF", compression=name) for name in
              ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "zstd", "lzma")}  # fmt: skip
    fax = {name: encode(seven("1"), "TIFF", compression=name) for name in
           ("group3", "group4", "tiff_ccitt")}  # fmt: skip
    return {f"TIFF packed by {name}": file for name, file in (packed | fax).items()}


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_file(
    mode: str,
    shape: tuple[int, ...],
    rows: bytes,
    *,
    interlaced: bool = False,
    annotations: bytes = b"",
) -> bytes:
    """Return a PNG of a shape [H, W], of rows with their filters, and more chunks before them."""
    header = struct.pack(">IIBBBBB", shape[1], shape[0], *PNG_COLORS[mode], 0, 0, interlaced)
    palette = chunk(b"PLTE", bytes(range(256)) * 3) if mode == "P" else b""
    return (
        PNG_SIGNATURE
        + chunk(b"IHDR", header) + palette + annotations
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def interlace(gray: np.ndarray[Any, Any]) -> bytes:
    """Return the rows of a gray picture in the seven passes of PNG, unfiltered."""
    passes = [gray[row::down, column::across] for row, column, down, across in ADAM7]
    return b"".join(b"\0" + row.tobytes() for part in passes for row in part)


def bmp_file(width: int, height: int, pixels: bytes, *, bits: int, compression: int = 0) -> bytes:
    """Return a BMP with a gray palette, of rows from the bottom up."""
    palette = b"".join(bytes([level] * 3 + [0]) for level in range(256)) if bits <= 8 else b""
    start = 54 + len(palette)
    sizes = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels),
                        0, 0, 0, 0)  # fmt: skip
    return (
        struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + sizes + palette + pixels
    )


def _run_lengths(gray: np.ndarray[Any, Any]) -> bytes:
    """Return one run per pixel, the end of the line after each row, and the end of the file."""
    rows = [b"".join(bytes([1, level]) for level in row) for row in gray[::-1].tolist()]
    return b"\0\0".join(rows) + b"\0\1"
