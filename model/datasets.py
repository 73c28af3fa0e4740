"""Handwriting datasets, split by writer into training, validation and held-out parts.

Files are read from `shared/data` beside the project, or from DIGITS_TRAINING_DATA. Without that
folder Keras downloads MNIST, and there are no pen strokes.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

PROJECT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DIGITS_TRAINING_DATA", PROJECT.parent / "shared" / "data"))

HELD_OUT_SITES = ("ibm", "app")  # never used for training or for choosing
HELD_OUT_SHARE = 0.1  # of the writers of the other sites
VALIDATION_SHARE = 0.1  # of the writers of the other sites
SHAPES_TRAIN_SHARE = 0.5  # of the drawn triangles; the rest are held out

# Signs that many people write like a digit, or that are only a dot or a dash.
LOOK_ALIKES = set("OoQDIil|jJ!/()SsZzBgqybGY?'\".,:;-")

# Black and white digits, stretched to a square, with the range of their real width / height.
BITMAPS = {"semeion": (0.45, 0.85), "optdigits32": (0.8, 1.15)}
BITMAP_TRAIN_SHARE = 0.9  # from the start of the file, since the writers are unknown

# Glyphs that are written like a digit: of each alphabet, the numbers of its characters.
GLYPH_LOOK_ALIKES = {
    "Balinese": {5}, "Early_Aramaic": {2, 3, 4, 6, 7, 10, 12, 14, 16, 17, 19, 20},
    "Greek": {4, 6, 8, 9, 15, 18}, "Japanese_(katakana)": {2, 24, 27, 46},
    "Korean": {9, 21, 22, 27, 33, 37}, "Latin": {2, 7, 9, 10, 12, 15, 17, 19, 26},
    "Sanskrit": {13, 21, 37}, "Tagalog": {3, 16},
}  # fmt: skip
HELD_OUT_ALPHABETS = ("Greek", "Tagalog")

MAX_DOT = 2  # extent in units of the tablet

Stroke = npt.NDArray[np.float32]  # [points, 2], x right and y down
Drawing = list[Stroke]
Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]
Text = tuple[int, ...]  # the labels of a string
Writer = tuple[str, str]  # site and name


@dataclass(frozen=True)
class Drawings:
    """Pen strokes with their labels, sites and writers."""

    drawings: list[Drawing]
    labels: list[str]
    sites: list[str]
    writers: list[str]

    def __len__(self) -> int:
        return len(self.drawings)

    def where(self, keep: list[bool]) -> Drawings:
        """Return the drawings whose flag is true."""
        return Drawings(
            [*compress(self.drawings, keep)],
            [*compress(self.labels, keep)],
            [*compress(self.sites, keep)],
            [*compress(self.writers, keep)],
        )


def has_strokes() -> bool:
    return (DATA_DIR / "strokes_digits.npz").exists()


def load_mnist(split: str) -> tuple[Images, Labels, npt.NDArray[np.bool_]]:
    """Return images [N, 28, 28], labels [N] and validation flags [N] of "train" or "test"."""
    file = DATA_DIR / f"mnist_{split}.npz"
    if not file.exists():
        return _download_mnist(split)
    with np.load(file) as archive:
        return archive["images"], archive["labels"], archive["writer"] % 20 == 0


def load_mnist_writers(split: str) -> list[int]:
    """Load the writers of the training images of "train" or "validation", in their order."""
    with np.load(DATA_DIR / "mnist_train.npz") as archive:
        writers = archive["writer"]
    is_validation = writers % 20 == 0
    return [*writers[is_validation if split == "validation" else ~is_validation].tolist()]


def _download_mnist(split: str) -> tuple[Images, Labels, npt.NDArray[np.bool_]]:
    import keras

    print(f"{DATA_DIR} does not exist. Downloading MNIST with Keras; there are no pen strokes.")
    train, test = keras.datasets.mnist.load_data()
    images, labels = train if split == "train" else test
    return images, labels, np.arange(len(images)) >= len(images) * 19 // 20


def load_drawings(name: str) -> Drawings:
    """Load one stroke file, for instance "strokes_digits"."""
    with np.load(DATA_DIR / f"{name}.npz") as archive:
        columns = {key: archive[key] for key in archive.files}
    strokes = np.split(columns["points"], columns["stroke_start"][1:-1])
    starts = columns["sample_start"]
    drawings = [strokes[start:end] for start, end in pairwise(starts)]
    sites, writers = columns["source"].tolist(), columns["writer"].tolist()
    return Drawings(drawings, columns["label"].tolist(), sites, writers)


def load_glyphs(split: str) -> Drawings:
    """Load characters of other alphabets that are not written like a digit.

    "held_out_alphabets" has alphabets of which nothing is in another split.
    """
    glyphs = load_drawings("strokes_glyphs")
    pairs = zip(glyphs.labels, glyphs.writers, strict=True)
    return glyphs.where([_split_of_glyph(*pair) == split for pair in pairs])


def _split_of_glyph(label: str, writer: str) -> str:
    alphabet, number = label.split("/character")
    if int(number) in GLYPH_LOOK_ALIKES[alphabet]:
        return "look_alikes"
    return "held_out_alphabets" if alphabet in HELD_OUT_ALPHABETS else split_of("glyphs", writer)


def load_triangles(split: str) -> list[Drawing]:
    """Load the drawn triangles of "train" or "test"."""
    shapes = load_drawings("strokes_shapes")
    triangles = shapes.where([label == "triangle" for label in shapes.labels]).drawings
    train_count = round(SHAPES_TRAIN_SHARE * len(triangles))
    return triangles[:train_count] if split == "train" else triangles[train_count:]


def load_bitmaps(name: str, split: str) -> tuple[Images, Labels]:
    """Load images [N, S, S] and labels [N] of one of BITMAPS, "train" or "validation"."""
    with np.load(DATA_DIR / f"{name}.npz") as archive:
        images, labels = archive["images"], archive["labels"]
    train_count = round(BITMAP_TRAIN_SHARE * len(images))
    if split == "train":
        return images[:train_count], labels[:train_count]
    return images[train_count:], labels[train_count:]


def load_exam_digits(split: str) -> tuple[Images, Labels]:
    """Load thin, often faint digits [N, 28, 28] and labels [N], "train" or "validation"."""
    with np.load(DATA_DIR / "exam_digits.npz") as archive:
        images, labels = archive["images"], archive["labels"]
    train_count = round(BITMAP_TRAIN_SHARE * len(images))
    chosen = slice(None, train_count) if split == "train" else slice(train_count, None)
    strongest = images[chosen].max(axis=(1, 2), keepdims=True).astype(np.float32)
    return (images[chosen] / strongest * 255).astype(np.uint8), labels[chosen].astype(np.uint8)


def split_of(site: str, writer: str) -> str:
    """Return the split that holds all drawings of a writer.

    It is "held_out_sites", "held_out_writers", "validation" or "train".
    """
    if site in HELD_OUT_SITES:
        return "held_out_sites"
    position = crc32(f"{site}/{writer}".encode()) / 2**32
    if position < VALIDATION_SHARE:
        return "validation"
    return "held_out_writers" if position < VALIDATION_SHARE + HELD_OUT_SHARE else "train"


def select(drawings: Drawings, split: str) -> Drawings:
    pairs = zip(drawings.sites, drawings.writers, strict=True)
    return drawings.where([split_of(*pair) == split for pair in pairs])


def group_by_writer(drawings: Drawings) -> dict[Writer, list[tuple[Drawing, str]]]:
    """Return the drawings of each writer with their labels."""
    writers: dict[Writer, list[tuple[Drawing, str]]] = defaultdict(list)
    for drawing, label, site, writer in zip(
        drawings.drawings, drawings.labels, drawings.sites, drawings.writers, strict=True
    ):
        writers[site, writer].append((drawing, label))
    return writers


def without_dots(drawings: Drawings) -> Drawings:
    """Drop drawings that are only a dot: slips of the pen, whatever their label."""
    extents = [np.ptp(np.concatenate(strokes), axis=0).max() for strokes in drawings.drawings]
    return drawings.where([bool(extent > MAX_DOT) for extent in extents])


def without_look_alikes(drawings: Drawings) -> Drawings:
    return drawings.where([label not in LOOK_ALIKES for label in drawings.labels])


def pad(images: Sequence[Images] | Images) -> Images:
    """Pad images [H, W, …] of one height on the right to [N, H, width of the widest, …]."""
    height, _, *channels = images[0].shape
    max_width = max(image.shape[1] for image in images)
    padded = np.zeros((len(images), height, max_width, *channels), np.uint8)
    for field, image in zip(padded, images, strict=True):
        field[:, : image.shape[1]] = image
    return padded
