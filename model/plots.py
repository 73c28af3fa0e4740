"""Plots of the model card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from model.accuracy import Outcome
from model.metrics import BINS, RejectionCurve, bin_by_confidence
from server.recognition.labels import DIGITS, NO_DIGIT

INK, PAPER, GRID, ACCENT = "#2b3a67", "#ffffff", "#d9dde8", "#d1495b"
DPI = 110
GALLERY_WIDTH_IN, GALLERY_ROW_IN = 11.4, 1.15

mpl.use("Agg")


def plot_confusion(counts: npt.NDArray[np.int64], file: Path) -> None:
    """Plot counts [10, 12]: rows are true digits; columns are digits, no digit, several signs."""
    figure, axes = _figure(6.2, 5.2)
    axes.imshow(np.log1p(counts), cmap="Blues", aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            shade = PAPER if np.log1p(count) > np.log1p(counts.max()) / 2 else INK
            axes.text(column, row, str(count), ha="center", va="center", color=shade, fontsize=8)
    axes.set_xticks(range(12), [*DIGITS, NO_DIGIT, "more"])
    axes.set_yticks(range(10), list(DIGITS))
    axes.set(xlabel="read as", ylabel="true digit")
    _save(figure, file)


def plot_reliability(outcomes: Sequence[Outcome], file: Path) -> None:
    bins = [b for b in bin_by_confidence(outcomes) if b.count]
    figure, axes = _figure(4.6, 4.2)
    axes.plot([0, 1], [0, 1], color=GRID)
    axes.bar(
        [b.center for b in bins], [b.accuracy for b in bins], 0.9 / BINS, color=INK, alpha=0.85
    )
    axes.plot([b.confidence for b in bins], [b.accuracy for b in bins], "o", color=ACCENT, ms=4)
    for b in bins:
        axes.annotate(str(b.count), (b.center, 0.02), ha="center", fontsize=7, color=PAPER)
    axes.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1.02))
    _save(figure, file)


def plot_unfinished(shares: Sequence[float], curves: dict[str, list[float]], file: Path) -> None:
    figure, axes = _figure(5.2, 3.6)
    for name, values in curves.items():
        axes.plot([share * 100 for share in shares], values, "o-", label=name)
    axes.set(xlabel="% of the ink drawn", ylabel="share of pictures", ylim=(0, 1.02))
    axes.legend(frameon=False)
    _save(figure, file)


def plot_rejection(curve: RejectionCurve, served: tuple[float, float], file: Path) -> None:
    figure, axes = _figure(5.2, 3.6)
    axes.plot(curve.digits_rejected, curve.others_rejected, color=INK)
    axes.plot(*served, "o", color=ACCENT, label="served model")
    axes.set(xlabel="digits rejected", ylabel="letters and shapes rejected", xlim=(0, 0.05))
    axes.set_ylim(0.5, 1.005)
    axes.legend(frameon=False, loc="lower right")
    _save(figure, file)


def plot_gallery(outcomes: Sequence[Outcome], columns: int, file: Path) -> None:
    """Show misread drawings, each titled "true text → reading"."""
    rows = -(-len(outcomes) // columns)
    size = (GALLERY_WIDTH_IN, rows * GALLERY_ROW_IN)
    figure = Figure(figsize=size, dpi=DPI, layout="constrained")
    for axes in figure.subplots(rows, columns, squeeze=False).flat:
        axes.axis("off")
    for axes, outcome in zip(figure.axes, outcomes, strict=False):
        assert isinstance(outcome.misread, np.ndarray)
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
    """Save a figure without the library's version, so that equal plots are equal files."""
    figure.savefig(file, metadata={"Software": None})
