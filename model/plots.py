"""The pictures of the model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.accuracy import Outcome
from model.metrics import BINS, Curve, bin_by_confidence
from server.recognition.reading.classifier import DIGITS, NO_DIGIT

INK, PAPER, GRID = "#2b3a67", "#ffffff", "#d9dde8"
DPI = 110
GALLERY_WIDTH = 11.4  # inches

mpl.use("Agg")


def plot_confusion(counts: npt.NDArray[np.int64], file: Path) -> None:
    """Counts [10, 12]: rows what was written; columns the digits, no digit, several signs."""
    figure, axes = _figure(6.2, 5.2)
    axes.imshow(np.log1p(counts), cmap="Blues", aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            shade = PAPER if np.log1p(count) > np.log1p(counts.max()) / 2 else INK
            axes.text(column, row, str(count), ha="center", va="center", color=shade, fontsize=8)
    axes.set_xticks(range(12), [*DIGITS, NO_DIGIT, "more"])
    axes.set_yticks(range(10), list(DIGITS))
    axes.set(xlabel="read as", ylabel="written")
    _save(figure, file)


def plot_reliability(outcomes: Sequence[Outcome], file: Path) -> None:
    bins = [b for b in bin_by_confidence(outcomes) if b.count]
    figure, axes = _figure(4.6, 4.2)
    axes.plot([0, 1], [0, 1], color=GRID)
    axes.bar(
        [b.middle for b in bins], [b.accuracy for b in bins], 0.9 / BINS, color=INK, alpha=0.85
    )
    axes.plot([b.confidence for b in bins], [b.accuracy for b in bins], "o", color="#d1495b", ms=4)
    for b in bins:
        axes.annotate(str(b.count), (b.middle, 0.02), ha="center", fontsize=7, color=PAPER)
    axes.set(xlabel="confidence", ylabel="share read right", xlim=(0, 1), ylim=(0, 1.02))
    _save(figure, file)


def plot_ink_so_far(shares: Sequence[float], curves: dict[str, list[float]], file: Path) -> None:
    figure, axes = _figure(5.2, 3.6)
    for name, values in curves.items():
        axes.plot([share * 100 for share in shares], values, "o-", label=name)
    axes.set(xlabel="% of the ink drawn", ylabel="share of pictures", ylim=(0, 1.02))
    axes.legend(frameon=False)
    _save(figure, file)


def plot_refusal(curve: Curve, chosen: tuple[float, float], file: Path) -> None:
    figure, axes = _figure(5.2, 3.6)
    axes.plot(curve.digits_refused, curve.others_refused, color=INK)
    axes.plot(*chosen, "o", color="#d1495b", label="as served")
    axes.set(xlabel="digits refused", ylabel="letters and shapes refused", xlim=(0, 0.05))
    axes.set_ylim(0.5, 1.005)
    axes.legend(frameon=False, loc="lower right")
    _save(figure, file)


def plot_gallery(outcomes: Sequence[Outcome], columns: int, file: Path) -> None:
    """Misread pictures, each as it was written → as it was read."""
    rows = -(-len(outcomes) // columns)
    size = (GALLERY_WIDTH, rows * 1.15)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    for axes in figure.subplots(rows, columns, squeeze=False).flat:
        axes.axis("off")
    for axes, outcome in zip(figure.axes, outcomes, strict=False):
        axes.imshow(outcome.misread, cmap="gray", vmin=0, vmax=255)
        read = outcome.reading.text.replace("\n", "/")
        axes.set_title(f"{outcome.text} → {read}", fontsize=8)
    _save(figure, file)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _save(figure: Figure, file: Path) -> None:
    """Without the version of the library in the file, so that the same plot is the same file."""
    figure.savefig(file, metadata={"Software": None})
