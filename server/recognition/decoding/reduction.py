"""Reduction of a large picture by a whole factor, without a second copy of it in memory."""

from __future__ import annotations

from PIL import Image

STRIP_PX = 64  # rows of the reduced picture that are made at once


def reduce_to_side(image: Image.Image, max_side_px: int) -> Image.Image:
    """Return a picture whose sides are at most `max_side_px`: the same one if it is small enough.

    It is converted and reduced strip by strip, since a converted copy of the whole picture may take
    several times the memory of the picture itself.
    """
    factor = -(-max(image.size) // max_side_px)
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
