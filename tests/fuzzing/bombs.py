"""Bombs: small files that claim or unpack to much more, or cost much more to decode."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image
from pillow_heif import register_heif_opener

from tests.fuzzing.seeds import (
    ADAM7,
    PNG_COLORS,
    bmp_file,
    chunk,
    png_file,
    seven,
)
from tests.pictures import encode

SIDE_PX = 6_000  # of the largest picture allowed
CLAIMED_PX = 60_000  # of a larger one
MANY = 3_000  # frames, texts


def png_of(mode: str) -> bytes:
    """Return the largest picture allowed, in a few thousand bytes."""
    bits, color = PNG_COLORS[mode]
    bytes_of_row = 1 + SIDE_PX * bits * {2: 3, 6: 4}.get(color, 1) // 8
    return png_file(mode, (SIDE_PX, SIDE_PX), bytes(bytes_of_row * SIDE_PX))


def png_interlaced() -> bytes:
    sizes = [
        (-(-(SIDE_PX - row) // down), -(-(SIDE_PX - column) // across))
        for row, column, down, across in ADAM7
    ]
    rows = bytes(sum(height * (1 + width) for height, width in sizes))
    return png_file("L", (SIDE_PX, SIDE_PX), rows, interlaced=True)


def png_claimed() -> bytes:
    return png_file("L", (CLAIMED_PX, CLAIMED_PX), b"")


def png_of_texts(kind: bytes, body: bytes, count: int) -> bytes:
    """Return a picture of one pixel with a text chunk, or another, repeated."""
    return png_file("L", (1, 1), bytes(2), annotations=chunk(kind, body) * count)


def packed(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def jpeg(**options: object) -> bytes:
    return encode(Image.new("RGB", (SIDE_PX, SIDE_PX), "white"), "JPEG", quality=20, **options)


def jpeg_of_scans() -> bytes:
    """Return a progressive picture whose last scan is repeated; each decodes all its pixels."""
    file = encode(Image.new("L", (SIDE_PX, SIDE_PX)), "JPEG", progressive=True)
    scan = file[file.rindex(b"\xff\xda") : -2]
    return file[:-2] + scan * 300 + file[-2:]


def jpeg_behind(head: bytes) -> bytes:
    """Return a small picture with bytes before its first segment."""
    file = encode(seven(), "JPEG")
    return file[:2] + head + file[2:]


def jpeg_of_profiles() -> bytes:
    parts = b"".join(
        b"\xff\xe2" + struct.pack(">H", 65_000) + b"ICC_PROFILE\0" + bytes([1 + part, 150]) +
        bytes(64_984) for part in range(150)
    )  # fmt: skip
    return jpeg_behind(parts)


def jpeg_of_tags(kind: int, count: int) -> bytes:
    """Return a picture with an EXIF of many tags that all point to the same bytes."""
    tags = b"".join(struct.pack("<HHII", tag, kind, count, 8) for tag in range(5_000))
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 5_000) + tags + bytes(4)
    return jpeg_behind(b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)


def animation(format: str) -> bytes:
    shades = [Image.new("L", (8, 8), level % 251) for level in range(MANY)]
    return encode(shades[0], format, save_all=True, append_images=shades[1:])


def solid(format: str, mode: str, **options: object) -> bytes:
    return encode(Image.new(mode, (SIDE_PX, SIDE_PX)), format, **options)


def webp_claimed() -> bytes:
    """Return frames of 8 pixels each way on a canvas of 16,383."""
    file = animation("WEBP")
    return file[:24] + struct.pack("<I", 16_382)[:3] * 2 + file[30:]


def gif_beyond_its_screen() -> bytes:
    """Return a frame of 65,535 pixels each way on a screen of 8."""
    file = encode(Image.new("L", (8, 8)), "GIF")
    frame = file.rindex(b"\x2c\0\0\0\0")
    return file[: frame + 5] + b"\xff" * 4 + file[frame + 9 :]


def tiff_of(tags: dict[int, tuple[int, int, int]], pixels: bytes, *, next_page: int = 0) -> bytes:
    """Return a TIFF of one page: tags with type, count and value, and pixels from byte 8."""
    entries = b"".join(
        struct.pack("<HHII", tag, *value) for tag, value in sorted(tags.items())
    )  # fmt: skip
    start = 8 + len(pixels)
    return (
        b"II*\0" + struct.pack("<I", start) + pixels
        + struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_page or start)
    )  # fmt: skip


def tiff(pixels: bytes, side: int, *, packing: int = 1, **more: int) -> bytes:
    """Return a square TIFF whose next page is itself; `more` are tags by number, as `t322=16`."""
    tags = {
        256: (4, 1, side), 257: (4, 1, side), 258: (3, 1, 8), 259: (3, 1, packing), 262: (3, 1, 1),
        273: (4, 1, 8), 277: (3, 1, 1), 278: (4, 1, side), 279: (4, 1, len(pixels)),
    }  # fmt: skip
    return tiff_of(tags | {int(tag[1:]): (4, 1, value) for tag, value in more.items()}, pixels)


def tiff_of_strips(strip: bytes, packing: int, width: int, height: int) -> bytes:
    """Return a TIFF of one strip for each row, all of which share the same bytes."""
    where, lengths = (struct.pack("<I", number) * height for number in (8, len(strip)))
    tags = {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, packing),
        262: (3, 1, 1), 273: (4, height, 8 + len(strip)), 277: (3, 1, 1), 278: (4, 1, 1),
        279: (4, height, 8 + len(strip) + len(where)),
    }  # fmt: skip
    return tiff_of(tags, strip + where + lengths)


def tiff_fax(packing: int, rows: int = 39_000_000) -> bytes:
    """Return a fax of damaged rows of one pixel; libtiff complains about each."""
    noise = np.random.default_rng(1).bytes(100_000)
    tall = {256: (4, 1, 1), 257: (4, 1, rows), 258: (3, 1, 1), 259: (3, 1, packing)}
    placed = {262: (3, 1, 0), 273: (4, 1, 8), 277: (3, 1, 1), 279: (4, 1, len(noise))}
    return tiff_of(tall | placed, noise)


def heic() -> bytes:
    return encode(Image.new("L", (2_048, 2_048), 255), "HEIF", quality=10)


def heic_claimed() -> bytes:
    file = encode(seven(), "HEIF")
    size = file.index(b"ispe") + 8
    return file[:size] + struct.pack(">II", SIDE_PX, SIDE_PX) + file[size + 8 :]


def bmp_of_rows() -> bytes:
    """Return rows of which only the first pixels are given."""
    return bmp_file(SIDE_PX, SIDE_PX, b"\x01\xff\0\0" * SIDE_PX, bits=8, compression=1)


def bmp_of_jumps() -> bytes:
    """Return jumps over 255 rows of 39 million pixels."""
    return bmp_file(39_000_000, 1, b"\0\2\xff\xff" * 99, bits=8, compression=1)


def bmp_of_nibbles() -> bytes:
    """Return the longest runs of pixels of four bits."""
    runs = b"\xff\x12" * (SIDE_PX // 255 + 1) + b"\0\0"
    return bmp_file(SIDE_PX, SIDE_PX, runs * SIDE_PX, bits=4, compression=2)


def svg() -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">'
        b'<!ENTITY l0 "ha">' + b"".join(
            f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">'.encode() for n in range(9)
        ) + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&a;&l9;</text></svg>'
    )  # fmt: skip


BOMBS: dict[str, Callable[[], bytes]] = {
    "PNG large": lambda: png_of("L"),
    "PNG large, deep": lambda: png_of("I;16"),
    "PNG large, bilevel": lambda: png_of("1"),
    "PNG large, with a palette": lambda: png_of("P"),
    "PNG large, colored": lambda: png_of("RGB"),
    "PNG large, transparent": lambda: png_of("RGBA"),
    "PNG large, interlaced": png_interlaced,
    "PNG claimed": png_claimed,
    "PNG of much text": lambda: png_of_texts(b"zTXt", b"a\0\0" + packed(60_000_000), 1),
    "PNG of much other text": lambda: png_of_texts(b"iTXt", b"a\0\1\0\0\0" + packed(60_000_000), 1),
    "PNG of texts": lambda: png_of_texts(b"zTXt", b"a\0\0" + packed(1_000_000), MANY),
    "PNG of short texts": lambda: png_of_texts(b"tEXt", b"a\0b", 49_000),
    "PNG of chunks": lambda: png_of_texts(b"aaAa", b"", 800_000),
    "JPEG of padding": lambda: jpeg_behind(b"\xff" * 9_000_000),
    "JPEG of segments": lambda: jpeg_behind(b"\xff\xe0\0\2" * 2_000_000),
    "JPEG of skipped bytes": lambda: jpeg_behind(b"\xff\xf0\xff\xff" * 2_000_000),
    "PNG of a large profile": lambda: png_of_texts(b"iCCP", b"a\0\0" + packed(60_000_000), 1),
    "JPEG large": jpeg,
    "JPEG large, progressive": lambda: jpeg(progressive=True),
    "JPEG of scans": jpeg_of_scans,
    "JPEG of profiles": jpeg_of_profiles,
    "JPEG of long tags": lambda: jpeg_of_tags(7, 60_000),
    "JPEG of fractions": lambda: jpeg_of_tags(5, 7_000),
    "JPEG of endless tags": lambda: jpeg_of_tags(4, 0xFFFFFFFF),
    "GIF large": lambda: solid("GIF", "L"),
    "GIF of frames": lambda: animation("GIF"),
    "GIF beyond its screen": gif_beyond_its_screen,
    "WEBP large": lambda: solid("WEBP", "RGB", method=0, quality=1),
    "WEBP large, lossless": lambda: solid("WEBP", "RGBA", lossless=True, method=0),
    "WEBP of frames": lambda: animation("WEBP"),
    "WEBP claimed": webp_claimed,
    "BMP claimed": lambda: bmp_file(CLAIMED_PX, CLAIMED_PX, b"", bits=24),
    "BMP upside down": lambda: bmp_file(2**31 - 1, -(2**31), b"", bits=32),
    "BMP of rows": bmp_of_rows,
    "BMP of jumps": bmp_of_jumps,
    "BMP of nibbles": bmp_of_nibbles,
    "TIFF large": lambda: tiff(packed(SIDE_PX**2), SIDE_PX, packing=8),
    "TIFF large, deep": lambda: solid("TIFF", "I", compression="tiff_adobe_deflate"),
    "TIFF large, of fractions": lambda: solid("TIFF", "F", compression="tiff_adobe_deflate"),
    "TIFF large, fax": lambda: solid("TIFF", "1", compression="group4"),
    "TIFF of itself": lambda: tiff(bytes(64), 8),
    "TIFF claimed": lambda: tiff(bytes(64), CLAIMED_PX),
    "TIFF of a large tile": lambda: tiff(
        packed(999), 8, packing=8, t322=CLAIMED_PX, t323=CLAIMED_PX, t324=8, t325=999
    ),
    "TIFF of small tiles": lambda: tiff(bytes(256), SIDE_PX, t322=16, t323=16, t324=8, t325=256),
    "TIFF of strips": lambda: tiff_of_strips(packed(SIDE_PX), 8, SIDE_PX, SIDE_PX),
    "TIFF of unpacked strips": lambda: tiff_of_strips(bytes(32), 1, 32, 1_200_000),
    "TIFF of allowed strips": lambda: tiff_of_strips(bytes(32), 1, 32, 50_000),
    "TIFF of fax rows": lambda: tiff_fax(2),
    "TIFF of other fax rows": lambda: tiff_fax(3),
    "TIFF of more fax rows": lambda: tiff_fax(4),
    "PNG narrow": lambda: png_file("L", (19_000_000, 1), bytes(38_000_000)),
    "PNG wide": lambda: png_file("RGB", (1, 39_000_000), bytes(117_000_001)),
    "HEIF large": heic,
    "HEIF claimed": heic_claimed,
    "SVG": svg,
}


@cache
def make_bomb(name: str) -> bytes:
    register_heif_opener()
    return BOMBS[name]()
