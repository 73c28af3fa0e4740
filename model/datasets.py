"""The handwriting to train and measure on, split by writer.

Read from the folder `shared/data` beside the project (DIGITS_TRAINING_DATA names another); where
there is none, MNIST is downloaded by Keras and the pen strokes are done without.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

PROJECT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DIGITS_TRAINING_DATA", PROJECT.parent / "shared" / "data"))

TEST_SITES = ("ibm", "app")  # left out of training and of every choice: measured at the end
TEST_SHARE = 0.1  # of the remaining writers: measured at the end too
VALIDATION_SHARE = 0.1  # of the remaining writers: for choosing and calibrating

# Signs that many people write like a digit, or that are only a dot or a dash.
LOOK_ALIKES = set("OoQDIil|jJ!/()SsZzBgqybGY?'\".,:;-")

# Digits of other countries, as black and white pictures, each stretched into a square or nearly:
# by which shares of its height a digit's width is restored.
BITMAPS = {"semeion": (0.45, 0.85), "optdigits32": (0.8, 1.15)}
BITMAP_TRAIN_SHARE = 0.9  # from the beginning of the file; the writers are not known

DOT = 2  # units of the device

Stroke = npt.NDArray[np.float32]  # [points, 2], x right and y down
Drawing = list[Stroke]
Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]
Text = tuple[int, ...]  # the labels of a string


@dataclass(frozen=True)
class Drawings:
    """Pen strokes with what they mean and the site they come from."""

    drawings: list[Drawing]
    labels: list[str]
    sites: list[str]
    writers: list[str]

    def __len__(self) -> int:
        return len(self.drawings)

    def where(self, kept: list[bool]) -> Drawings:
        return Drawings(*(
            [value for value, keep in zip(column, kept, strict=True) if keep]
            for column in (self.drawings, self.labels, self.sites, self.writers)
        ))  # fmt: skip


def has_strokes() -> bool:
    return (DATA_DIR / "strokes_digits.npz").exists()


def load_mnist(part: str) -> tuple[Images, Labels, npt.NDArray[np.bool_]]:
    """`part` "train" or "test" → images [N, 28, 28], labels [N], and whether each validates."""
    file = DATA_DIR / f"mnist_{part}.npz"
    if not file.exists():
        return _download_mnist(part)
    with np.load(file) as archive:
        return archive["images"], archive["labels"], archive["writer"] % 20 == 0


def _download_mnist(part: str) -> tuple[Images, Labels, npt.NDArray[np.bool_]]:
    import keras

    print(f"{DATA_DIR} is absent: MNIST is downloaded by Keras, and there are no pen strokes.")
    train, test = keras.datasets.mnist.load_data()
    images, labels = train if part == "train" else test
    return images, labels, np.arange(len(images)) >= len(images) * 19 // 20


def load_drawings(name: str) -> Drawings:
    """The drawings of one stroke file, for instance "strokes_digits"."""
    with np.load(DATA_DIR / f"{name}.npz") as archive:
        columns = {key: archive[key] for key in archive.files}
    strokes = np.split(columns["points"], columns["stroke_start"][1:-1])
    starts = columns["sample_start"]
    drawings = [strokes[a:b] for a, b in pairwise(starts)]
    sites, writers = columns["source"].tolist(), columns["writer"].tolist()
    return Drawings(drawings, columns["label"].tolist(), sites, writers)


def load_bitmaps(name: str, part: str) -> tuple[Images, Labels]:
    """One of BITMAPS, its part "train" or "validation" → images [N, S, S], labels [N]."""
    with np.load(DATA_DIR / f"{name}.npz") as archive:
        images, labels = archive["images"], archive["labels"]
    border = round(BITMAP_TRAIN_SHARE * len(images))
    return (
        (images[:border], labels[:border])
        if part == "train"
        else (images[border:], labels[border:])
    )


def part_of(site: str, writer: str) -> str:
    """The part in which all drawings of a writer are.

    One of "held_out_sites", "held_out_writers", "validation" and "train".
    """
    if site in TEST_SITES:
        return "held_out_sites"
    chance = crc32(f"{site}/{writer}".encode()) / 2**32
    if chance < VALIDATION_SHARE:
        return "validation"
    return "held_out_writers" if chance < VALIDATION_SHARE + TEST_SHARE else "train"


def select(drawings: Drawings, part: str) -> Drawings:
    pairs = zip(drawings.sites, drawings.writers, strict=True)
    return drawings.where([part_of(*pair) == part for pair in pairs])


def without_dots(drawings: Drawings) -> Drawings:
    """Without what is only a dot: a slip of the pen, whatever its label says."""
    extents = [np.ptp(np.concatenate(strokes), axis=0).max() for strokes in drawings.drawings]
    return drawings.where([bool(extent > DOT) for extent in extents])


def without_look_alikes(drawings: Drawings) -> Drawings:
    return drawings.where([label not in LOOK_ALIKES for label in drawings.labels])


def pad(images: Sequence[Images]) -> Images:
    """Pictures [H, W] of one height → [N, H, the widest's W], each on the left."""
    widest = max(image.shape[1] for image in images)
    padded = np.zeros((len(images), len(images[0]), widest), np.uint8)
    for field, image in zip(padded, images, strict=True):
        field[:, : image.shape[1]] = image
    return padded
