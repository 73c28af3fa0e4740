"""Pictures for the tests: digits and other symbols, drawn as a person might draw them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

Points = list[tuple[float, float]]

# Points of strokes on a page of 100 × 100, y down.
STROKES: dict[str, list[Points]] = {
    "0": [[(50, 12), (34, 20), (26, 40), (26, 62), (35, 82), (50, 88), (65, 82), (74, 62),
           (74, 40), (66, 20), (50, 12)]],
    "1": [[(50, 12), (50, 30), (50, 50), (50, 70), (50, 88)]],
    "2": [[(28, 28), (36, 15), (52, 11), (66, 18), (70, 32), (62, 48), (46, 66), (28, 86),
           (48, 86), (74, 86)]],
    "3": [[(30, 20), (46, 11), (62, 16), (66, 30), (58, 42), (44, 47), (60, 50), (70, 62),
           (66, 80), (48, 89), (29, 80)]],
    "4": [[(56, 12), (42, 36), (26, 62), (46, 62), (76, 62)], [(60, 38), (60, 64), (60, 90)]],
    "7": [[(26, 14), (50, 14), (74, 14), (62, 38), (52, 62), (44, 88)]],
    "8": [[(50, 48), (34, 38), (32, 24), (42, 13), (58, 13), (68, 24), (66, 38), (50, 48),
           (34, 58), (28, 74), (38, 88), (60, 88), (72, 74), (66, 58), (50, 48)]],
    # Not digits.
    "A": [[(22, 90), (50, 10), (78, 90)], [(34, 60), (66, 60)]],
    "K": [[(28, 10), (28, 90)], [(74, 12), (30, 52), (76, 90)]],
    "W": [[(10, 12), (30, 88), (50, 30), (70, 88), (90, 12)]],
    "□": [[(16, 16), (84, 16), (84, 84), (16, 84), (16, 16)]],
    "△": [[(50, 14), (86, 84), (14, 84), (50, 14)]],
}  # fmt: skip


def draw(
    text: str,
    *,
    digit_px: int = 120,
    pen_px: int = 9,
    ink: Any = "black",
    paper: Any = "white",
    pitch: float = 1.0,
) -> Image.Image:
    """Draw the symbols of `text` on a canvas, one row for each of its lines.

    `pitch` is the distance of neighbors in digit_px; at 0.5 most of them touch.
    """
    lines = text.split("\n")
    across = 1 + pitch * (max(map(len, lines)) - 1)
    size = (round(digit_px * across), digit_px * len(lines))
    canvas = Image.new("RGBA" if paper is None else "RGB", size, paper or (0, 0, 0, 0))
    pen = ImageDraw.Draw(canvas)
    for row, line in enumerate(lines):
        for column, digit in enumerate(line):
            for stroke in STROKES[digit]:
                corner = (column * digit_px * pitch, row * digit_px)
                path = [tuple(c + p * digit_px / 100 for c, p in zip(corner, point, strict=True))
                        for point in stroke]  # fmt: skip
                pen.line(path, fill=ink, width=pen_px, joint="curve")
                for x, y in (path[0], path[-1]):
                    pen.ellipse((x - pen_px / 2, y - pen_px / 2, x + pen_px / 2, y + pen_px / 2),
                                fill=ink)  # fmt: skip
    return canvas


def encode(picture: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def png(text: str, **options: Any) -> bytes:
    """Return a PNG file of a drawn text."""
    return encode(draw(text, **options))


BLANK = encode(Image.new("L", (64, 64), 255))
