"""Evaluation sets on paper: photos and scans of handwriting, with the text written on them.

The made ones are of writers who are in no training set, except that some writers of whole numbers
also wrote single digits for training. Other people's own photos are never trained on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice

import cv2
import numpy as np
import numpy.typing as npt

from model.composed_numbers import scale_to_height
from model.datasets import DATA_DIR, Drawing, load_drawings
from model.evaluation_sets import (
    SPACED_GAPS,
    compose_number,
    group_by_writer,
    number_on_canvas,
)
from model.paper import surface
from model.paper.photos import BOX_STYLES, photograph_blank, photograph_boxes, photograph_number
from model.sudoku_photos import Photo
from server.recognition.ink.drawing import is_drawing

SEED = 11
PHOTOS = 300  # of each kind of page
BLANK_PHOTOS = 100
BOXED_LENGTHS = (2, 9)  # digits of a number in boxes
COMPOSED_LENGTHS = (2, 8)
RELIT_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1))
RELIT_SHARES = (0.2, 0.4)  # of the light that is lost on the dark side

DESKS = ((0.2, True), (0.12, True), (0.08, False), (0.04, False))  # share of the sides, corner
DESK_LEVEL = 120.0  # of 255: of a white desk in dim light

PhotoSamples = Iterator[tuple[Photo | bytes, str]]
Number = tuple[Drawing, str]


def numbers_on(kind: str) -> PhotoSamples:
    """Yield photos of whole numbers on one kind of page."""
    rng = np.random.default_rng(SEED)
    for number, text in islice(_numbers(), PHOTOS):
        yield photograph_number(kind, number, rng), text


def numbers_drawn() -> PhotoSamples:
    """Yield the numbers of `numbers_on`, drawn on the canvas."""
    for number, text in islice(_numbers(), PHOTOS):
        yield number_on_canvas(number), text


def numbers_in_boxes() -> PhotoSamples:
    """Yield photos of numbers in rows of boxes and combs of every style."""
    rng = np.random.default_rng(SEED)
    writers = group_by_writer("held_out_writers")
    for index in range(PHOTOS):
        digits = writers[int(rng.integers(len(writers)))]
        count = int(rng.integers(*BOXED_LENGTHS, endpoint=True))
        chosen = [digits[k] for k in rng.integers(len(digits), size=count)]
        drawings = [scale_to_height(drawing, 1) for drawing, _ in chosen]
        style = BOX_STYLES[index % len(BOX_STYLES)]
        yield photograph_boxes(drawings, style, rng), "".join(label for _, label in chosen)


def blank_photos() -> PhotoSamples:
    """Yield photos of paper, print, light and desks without any writing."""
    rng = np.random.default_rng(SEED)
    for _ in range(BLANK_PHOTOS):
        yield photograph_blank(rng), ""


def own_photos(kind: str) -> Iterator[tuple[bytes, str]]:
    """Yield other people's own photos of one kind, as files."""
    folder = DATA_DIR / "photos" / "own"
    with (folder / "labels.tsv").open() as labels:
        for row in csv.DictReader(labels, delimiter="\t"):
            if row["kind"] == kind:
                yield (folder / row["file"]).read_bytes(), row["text"].replace(" ", "\n")


def relit_photos() -> PhotoSamples:
    """Yield other people's photos of numbers, darkened toward each of the four sides."""
    for image, text in own_photos("several digits"):
        photo = _decode(image)
        for share in RELIT_SHARES:
            for side in RELIT_SIDES:
                yield _relight(photo, side, share), text


def _decode(image: bytes) -> Photo:
    return np.asarray(cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _to_gray(photo: Photo) -> Photo:
    return np.asarray(cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def photos_with_desk() -> PhotoSamples:
    """Yield other people's photos of numbers with a dark desk in a corner or along a side."""
    rng = np.random.default_rng(SEED)
    for image, text in own_photos("several digits"):
        photo = _decode(image)
        if is_drawing(_to_gray(photo)):
            continue
        for share, is_corner in DESKS:
            yield _lay_on_desk(photo, share, is_corner, rng), text


def _lay_on_desk(photo: Photo, share: float, is_corner: bool, rng: np.random.Generator) -> Photo:
    """Cover a corner or a strip with a desk, at that side of the photo where least is written."""
    height, width = photo.shape[:2]
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    corners, sides = (x + y, x + 1 - y, 1 - x + y, 2 - x - y), (x, 1 - x, y, 1 - y)
    masks = [distance < share for distance in (corners if is_corner else sides)]
    gray = _to_gray(photo)
    detail = cv2.absdiff(gray, cv2.medianBlur(gray, 21))
    mask = min(masks, key=lambda each: float(detail[each].mean()))
    desk = surface.make_desk((height, width), rng) * DESK_LEVEL
    return np.asarray(np.where(mask[..., None], desk, photo), dtype=np.uint8)


def _relight(photo: Photo, side: tuple[int, int], share: float) -> Photo:
    height, width = photo.shape[:2]
    x, y = np.linspace(-0.5, 0.5, width), np.linspace(-0.5, 0.5, height)
    along: npt.NDArray[np.float64] = side[0] * x + side[1] * y[:, None] + 0.5
    return np.asarray(photo * (1 - share * along)[..., None], dtype=np.uint8)


def _numbers() -> Iterator[Number]:
    """Yield all numbers that people wrote, and composed ones of held-out writers, mixed."""
    written = load_drawings("strokes_numbers")
    numbers = [*zip(written.drawings, written.labels, strict=True)]
    rng = np.random.default_rng(SEED)
    writers = group_by_writer("held_out_writers")
    while len(numbers) < PHOTOS:
        digits = writers[int(rng.integers(len(writers)))]
        length = int(rng.integers(*COMPOSED_LENGTHS, endpoint=True))
        numbers.append(compose_number(digits, length, SPACED_GAPS, rng))
    yield from (numbers[index] for index in rng.permutation(len(numbers)))
