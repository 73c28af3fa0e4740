"""Training examples of digits and of ink, and the processes that make them."""

from __future__ import annotations

from functools import partial

import numpy as np

from model.datasets import HELD_OUT_ALPHABETS, load_glyphs
from model.examples import NO_DIGIT_LABEL, load_sources, make_digits
from model.paper.scene import SIDES_PX, make_scenes
from model.paper.writing import load_hands
from model.reservoir import Example, ExampleMakers, Reservoir
from server.recognition.reading.normalization import FIELD_PX


def make_widths(count: int, seed: int) -> list[Example[int]]:
    """Make pictures of two widths, with the seed as the target."""
    return [(np.zeros((8, 20 + 60 * (k % 2)), np.uint8), seed) for k in range(count)]


def test_digits_have_all_labels() -> None:
    digits = make_digits(load_sources("validation"), 400, seed=1)
    assert len(digits) >= 400
    assert {image.shape for image, _ in digits} == {(FIELD_PX, FIELD_PX)}
    assert {label for _, label in digits} == {*range(NO_DIGIT_LABEL + 1)}


def test_scenes_have_their_ink() -> None:
    scenes = make_scenes(load_hands("validation"), 40, seed=1)
    assert {len(picture) for picture, _ in scenes} == {*SIDES_PX}
    assert all(picture.shape == (*ink.shape, 3) for picture, ink in scenes)
    inked = [bool((ink > 127).any()) for _, ink in scenes]
    assert any(inked)
    assert not all(inked)


def test_no_glyph_is_in_two_splits() -> None:
    splits = ("train", "validation", "held_out_writers", "held_out_alphabets")
    keys = [
        {*zip(glyphs.labels, glyphs.writers, strict=True)} for glyphs in map(load_glyphs, splits)
    ]
    assert all(keys)
    assert len(set[tuple[str, str]]().union(*keys)) == sum(map(len, keys))
    trained = {label.split("/")[0] for label, _ in keys[0]}
    assert not trained & {*HELD_OUT_ALPHABETS}


def test_reservoir_draws_pictures_of_one_width() -> None:
    reservoir = Reservoir[int](capacity=100, seed=0)
    reservoir.add(make_widths(60, seed=1))
    drawn = [{image.shape for image, _ in reservoir.draw(8)} for _ in range(30)]
    assert {len(shapes) for shapes in drawn} == {1}
    assert set[tuple[int, ...]]().union(*drawn) == {(8, 20), (8, 80)}


def test_full_reservoir_takes_new_examples_for_old_ones() -> None:
    reservoir = Reservoir[int](capacity=50, seed=0)
    for seed in range(20):
        reservoir.add(make_widths(50, seed))
    assert len(reservoir) == 50
    targets = [target for _ in range(20) for _, target in reservoir.draw(10)]
    assert min(targets) > 10


def test_other_processes_make_examples_of_ever_new_seeds() -> None:
    with ExampleMakers(partial(make_widths, 1), processes=1, seed=3) as makers:
        made: list[int] = []
        while len(made) < 5:
            makers.wait()
            made += [target for _, target in makers.take()]
    assert sorted(made)[:5] == [3000, 3001, 3002, 3003, 3004]
