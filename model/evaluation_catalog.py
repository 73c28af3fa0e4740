"""All evaluation sets, with the accuracy to reach on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from model import evaluation_sets as sets
from model import paper_sets as paper
from model.datasets import has_strokes
from model.signed_numbers import signed_numbers
from model.sudoku_photos import Photo

OWN_KINDS = {  # of other people's photos, as their list names them
    "own_single": "single",
    "own_numbers": "several digits",
    "own_cells": "single in a printed cell",
    "own_rows": "row of printed cells",
}
PAGES = {  # kinds of pages with a number
    "plain": ("on plain paper", 0.92),
    "ruled": ("on ruled paper", 0.9),
    "squared": ("on squared paper", 0.9),
    "margin": ("beside a margin line", 0.92),
    "desk": ("with a dark desk around the page", 0.92),
    "shadow": ("in the soft shadow of a hand", 0.92),
    "security": ("over security patterns, with a line below", 0.85),
}
HELD_OUT = ("held_out_sites", "held_out_writers")
WITHOUT_SIGNS = (
    "written_numbers", "numbers_spaced", "numbers_touching", "strokes_written", "strokes_spaced",
    "strokes_touching", "strokes_overlapping",
)  # fmt: skip

Samples = Iterator[tuple[Photo | bytes | sets.StrokedPicture, str]]


@dataclass(frozen=True)
class EvaluationSet:
    """Labeled pictures, and the accuracy to reach on them."""

    name: str
    description: str
    target: float
    samples: Callable[[], Samples]
    is_slow: bool = False  # the tests measure only the first pictures of it again


# Drawings with their strokes: name, description, target and drawings.
STROKE_SETS = (
    (
        "digits", "single digits of both, with their strokes", 0.985,
        lambda: sets.with_strokes(sets.single(*HELD_OUT)),
    ),
    (
        "written", "numbers of 2 to 10 digits as written, with their strokes", 0.98,
        lambda: sets.with_strokes(sets.written()),
    ),
    (
        "spaced", "numbers as in `numbers_spaced`, with their strokes", 0.96,
        lambda: sets.with_strokes(sets.composed("held_out_writers", sets.SPACED_GAPS)),
    ),
    (
        "touching", "numbers as in `numbers_touching`, with their strokes", 0.9,
        lambda: sets.with_strokes(sets.composed("held_out_writers", sets.TOUCHING_GAPS)),
    ),
    (
        "overlapping", "the same, overlapping by up to 40 % of the width, with their strokes", 0.95,
        lambda: sets.with_strokes(sets.composed("held_out_writers", sets.OVERLAPPING_GAPS)),
    ),
    (
        "signs", "numbers of 2 to 6 digits with signs, with their strokes", 0.93,
        lambda: sets.with_strokes(signed_numbers("held_out_writers", sets.NUMBERS)),
    ),
    (
        "letters", "letters and signs unlike digits, with their strokes, rejected", 0.92,
        lambda: sets.with_strokes(sets.written_letters(*HELD_OUT)),
    ),
    (
        "glyphs", "characters as in `glyphs`, with their strokes, rejected", 0.92,
        lambda: sets.with_strokes(sets.written_glyphs()),
    ),
)  # fmt: skip

EVALUATION_SETS = (
    EvaluationSet("mnist_test", "MNIST test images", 0.996, sets.mnist_test),
    EvaluationSet(
        "held_out_sites", "single digits of two sites, a pen of 12 px on 280 px", 0.985,
        partial(sets.digits, "held_out_sites"),
    ),
    EvaluationSet(
        "held_out_sites_pens", "the same, pens of 4 to 24 px", 0.983,
        partial(sets.digits, "held_out_sites", sets.PENS_PX),
    ),
    EvaluationSet(
        "held_out_writers", "single digits of other writers of the other sites", 0.985,
        partial(sets.digits, "held_out_writers"),
    ),
    EvaluationSet(
        "written_numbers", "numbers of 2 to 10 digits as written", 0.95,
        lambda: sets.on_canvas(sets.written()),
    ),
    EvaluationSet(
        "numbers_spaced",
        "numbers of 2 to 8 digits composed of held-out writers' digits, spaced",
        0.96, lambda: sets.on_canvas(sets.composed("held_out_writers", sets.SPACED_GAPS)),
    ),
    EvaluationSet(
        "numbers_touching", "the same, overlapping by up to 15 % of the width", 0.85,
        lambda: sets.on_canvas(sets.composed("held_out_writers", sets.TOUCHING_GAPS)),
    ),
    EvaluationSet(
        "numbers_signs", "numbers of 2 to 6 digits with signs, each sign as often", 0.93,
        lambda: sets.on_canvas(signed_numbers("held_out_writers", sets.NUMBERS)),
    ),
    *(
        EvaluationSet(f"strokes_{name}", description, target, make, is_slow=True)
        for name, description, target, make in STROKE_SETS
    ),
    EvaluationSet(
        "lists", "two or three numbers of 1 to 4 digits below each other, of held-out writers", 0.9,
        partial(sets.lists, "held_out_writers"),
    ),
    EvaluationSet(
        "photos", "cells of photographed sudokus, cut inside their borders", 0.96,
        partial(sets.sudoku_cells, sets.CELL_MARGIN),
    ),
    EvaluationSet(
        "photos_framed", "the same with the borders and their surroundings", 0.96,
        partial(sets.sudoku_cells, sets.FRAMED_CELL_MARGIN),
    ),
    EvaluationSet(
        "photos_large", "synthetic 12-megapixel photos with a small number", 0.9,
        sets.photos_of_numbers,
    ),
    EvaluationSet(
        "letters", "letters and signs unlike digits, rejected", 0.92,
        partial(sets.letters, *HELD_OUT),
    ),
    EvaluationSet(
        "glyphs", "characters of two other alphabets unlike digits, rejected", 0.92, sets.glyphs
    ),
    EvaluationSet("shapes", "shapes and zigzags, rejected", 0.92, sets.shapes),
    EvaluationSet(
        "own_single", "other people's own photos and scans: single digits", 0.99,
        partial(paper.own_photos, OWN_KINDS["own_single"]), is_slow=True,
    ),
    EvaluationSet(
        "own_numbers", "the same: numbers, some in several rows", 0.93,
        partial(paper.own_photos, OWN_KINDS["own_numbers"]), is_slow=True,
    ),
    EvaluationSet(
        "own_cells", "the same: single digits in a printed box", 0.99,
        partial(paper.own_photos, OWN_KINDS["own_cells"]), is_slow=True,
    ),
    EvaluationSet(
        "own_rows", "the same: numbers in a row of printed boxes", 0.95,
        partial(paper.own_photos, OWN_KINDS["own_rows"]), is_slow=True,
    ),
    EvaluationSet(
        "own_relit", "the photos of numbers, 20 % and 40 % darker toward one side", 0.9,
        paper.relit_photos, is_slow=True,
    ),
    EvaluationSet(
        "own_desk", "the photos of numbers, a corner or a strip of a dark desk in them", 0.9,
        paper.photos_with_desk, is_slow=True,
    ),
    EvaluationSet(
        "paper_drawn", "the numbers of the following seven sets, drawn on the canvas", 0.95,
        paper.numbers_drawn, is_slow=True,
    ),
    *(
        EvaluationSet(
            f"paper_{kind}", f"photos of these numbers {where}", target,
            partial(paper.numbers_on, kind), is_slow=True,
        )
        for kind, (where, target) in PAGES.items()
    ),
    EvaluationSet(
        "paper_boxes", "photos of numbers in rows of boxes and combs", 0.93,
        paper.numbers_in_boxes, is_slow=True,
    ),
    EvaluationSet(
        "paper_blank", "photos of paper, print and desks without writing, not read", 0.95,
        paper.blank_photos, is_slow=True,
    ),
)  # fmt: skip


def available_sets() -> tuple[EvaluationSet, ...]:
    """Return all sets, or only MNIST where there are no pen strokes."""
    return EVALUATION_SETS if has_strokes() else EVALUATION_SETS[:1]
