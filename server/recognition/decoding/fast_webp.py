"""The quick way for what browsers make of a canvas: a small WebP file with nothing special."""

from __future__ import annotations

import struct

import cv2
import numpy as np

from server.recognition.decoding.grayscale import is_clear
from server.recognition.decoding.picture import Picture

WEBP_PROFILE = 0x20  # among the flags of an extended file: it has a color profile


def decode_fast_webp(image: bytes, max_pixels: int) -> Picture | None:
    """Decode a small WebP file without transparency or animation; None for any other.

    OpenCV takes a third of the time that Pillow does.
    """
    width, height = _fast_webp_size(image)
    if not 0 < width * height <= max_pixels:
        return None
    gray = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_GRAYSCALE)
    if gray is None or not is_clear(gray):
        return None
    return Picture(np.asarray(gray, dtype=np.uint8), 1.0)


def _fast_webp_size(image: bytes) -> tuple[int, int]:
    """Of a WebP file that has nothing but a picture, or a color profile besides; 0 of any other.

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
