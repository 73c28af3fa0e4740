"""Pictures for the tests: digits and other symbols, drawn as a person might draw them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

Points = list[tuple[float, float]]

# Points of strokes on a page of 100 × 100, y down.
STROKES: dict[str, list[Points]] = {
    " ": [],
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
    "-": [[(26, 52), (50, 50), (74, 51)]],
    ".": [[(48, 86), (51, 88), (49, 89)]],
    ",": [[(54, 82), (52, 92), (46, 100)]],
    "/": [[(76, 8), (52, 50), (26, 94)]],
    ":": [[(49, 36), (51, 38)], [(50, 78), (51, 80)]],
    "+": [[(28, 52), (72, 50)], [(51, 30), (49, 74)]],
    "%": [[(34, 20), (26, 28), (32, 38), (40, 30), (34, 20)], [(74, 14), (28, 88)],
          [(68, 64), (60, 74), (66, 84), (74, 76), (68, 64)]],
    # A 1 or a 7.
    "i": [[(36, 20), (55, 14), (44, 88)]],
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

    `pitch` is the distance of neighbors in digit_px; at 0.5 most of them touch. A space leaves the
    place of a symbol free.
    """
    lines = text.split("\n")
    across = 1 + pitch * (max(map(len, lines)) - 1)
    size = (round(digit_px * across), digit_px * len(lines))
    canvas = Image.new("RGBA" if paper is None else "RGB", size, paper or (0, 0, 0, 0))
    pen = ImageDraw.Draw(canvas)
    for row, line in enumerate(lines):
        for column, symbol in enumerate(line):
            corner = (column * digit_px * pitch, row * digit_px)
            _draw_strokes(pen, _place(symbol, corner, digit_px), pen_px, ink)
    return canvas


def draw_along(path: list[tuple[float, float]], text: str, digit_px: int = 60) -> Image.Image:
    """Draw the symbols of `text` with their top left corners along a path, in digit_px."""
    size = [round((max(side) + 1) * digit_px) for side in zip(*path, strict=True)]
    canvas = Image.new("RGB", (size[0], size[1]), "white")
    pen = ImageDraw.Draw(canvas)
    for symbol, (x, y) in zip(text, path, strict=True):
        strokes = _place(symbol, (x * digit_px, y * digit_px), digit_px)
        _draw_strokes(pen, strokes, digit_px // 12, "black")
    return canvas


def drawn(
    text: str, *, digit_px: float = 60, pitch: float = 1.0, pen_px: int = 5
) -> dict[str, Any]:
    """Return the picture and the strokes of a drawing, as the draw page sends them.

    `text` and `pitch` are those of `draw`.
    """
    strokes = [
        stroke
        for row, line in enumerate(text.split("\n"))
        for column, symbol in enumerate(line)
        for stroke in _place(symbol, (column * digit_px * pitch, row * digit_px), digit_px)
    ]
    picture = draw(text, digit_px=round(digit_px), pen_px=pen_px, pitch=pitch)
    flat = tuple(tuple(length for point in stroke for length in point) for stroke in strokes)
    return {"image": encode(picture), "strokes": flat}


def _place(symbol: str, corner: tuple[float, float], size_px: float) -> list[Points]:
    """Return the strokes of a symbol with its top left corner at a place."""
    left, top = corner
    return [
        [(left + x * size_px / 100, top + y * size_px / 100) for x, y in stroke]
        for stroke in STROKES[symbol]
    ]


def _draw_strokes(pen: ImageDraw.ImageDraw, strokes: list[Points], pen_px: int, ink: Any) -> None:
    for stroke in strokes:
        pen.line(stroke, fill=ink, width=pen_px, joint="curve")
        for x, y in (stroke[0], stroke[-1]):
            pen.ellipse((x - pen_px / 2, y - pen_px / 2, x + pen_px / 2, y + pen_px / 2), fill=ink)


def encode(picture: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def png(text: str, **options: Any) -> bytes:
    """Return a PNG file of a drawn text."""
    return encode(draw(text, **options))


BLANK = encode(Image.new("L", (64, 64), 255))
