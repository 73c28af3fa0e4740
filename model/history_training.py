"""A model for everybody from what people corrected, which serves if it is better.

    python3 scripts/train.py --history [--guests] [--pictures N] [--replayed N]

It goes on from the network for digits of the model that serves, with the corrected entries of
accounts that agreed and, with --guests, those of guests. It learns from most people and is measured
on the others: it must read more of their entries right, and nowhere lose more than MAX_LOSS points.
For a trial, --pictures bounds the pictures of each set, and --replayed those of the base data.

The settings are the server's. The exit status is 1 if the model before goes on.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from uuid import UUID

import keras
import numpy as np

from model.accuracy import Result, open_reader, read, summarize
from model.augmentation import augment_image
from model.card import read_card, update_card
from model.convert import convert, load
from model.evaluation_catalog import EvaluationSet, available_sets
from model.examples import load_sources, make_digits, make_plain
from model.quantization import quantize
from server.database.engine import open_database
from server.error_boundary import attempt
from server.errors import DigitsError
from server.history.truth import Known, known_entries
from server.models.files import read_files, write_files
from server.models.store import ModelStore
from server.recognition.arrays import Ink
from server.recognition.examples import INK_MAX, Example, to_normalized
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.settings import Settings, database_url, load_settings

SEED = 1
HISTORY_SHARE = 0.2  # of the pictures to learn from; the others are those of the base data
REPLAYED = 30_000  # pictures of the base data
EPOCHS, BATCH, LEARNING_RATE = 4, 128, 5e-4
# Of the way from the weights of before to the new ones: the longest that loses nothing. After M.
# Wortsman et al. 2022, Robust fine-tuning of zero-shot models (arXiv:2109.01903).
STEPS = (1.0, 0.75, 0.5, 0.25)
MAX_LOSS = 0.05  # percentage points, on any set
FOLDS = 5  # in which each digit is judged by the others
SURE = 0.9  # that a digit is another than its label says
HISTORY = "corrections held back"


@dataclass(frozen=True)
class Digit:
    """A digit of a corrected entry."""

    entry: UUID
    example: Example


@dataclass(frozen=True)
class Score:
    """The count of pictures of a set that are read right."""

    name: str
    correct: int
    count: int

    @property
    def percent(self) -> float:
        return 100 * self.correct / self.count

    def __str__(self) -> str:
        return f"{self.name}: {self.correct} of {self.count}"


class NotPromoted(Exception):
    """The model before goes on, with the reason as the message."""


def main() -> None:
    parser = argparse.ArgumentParser("train.py --history", description=__doc__)
    parser.add_argument("--history", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--guests", action="store_true", help="learn from the guests' entries too")
    parser.add_argument("--pictures", type=int, help="of each set of the card; else all")
    parser.add_argument("--replayed", type=int, default=REPLAYED, help="of the base data")
    options = parser.parse_args()
    settings = load_settings(os.environ)
    engine = open_database(database_url(settings))
    try:
        entries = [*known_entries(engine, options.guests)]
        with TemporaryDirectory(prefix="live-digits-") as folder:
            serving = fetch_serving(ModelStore(engine), settings, Path(folder) / "base")
            better = train(serving, entries, options.pictures, options.replayed)
            name = promote(ModelStore(engine), better)
    except (NotPromoted, DigitsError) as error:
        sys.exit(f"Not promoted. {error}")
    print(f"Model {name} serves. `python -m server models back` undoes it.")


def train(base: Path, entries: Sequence[Known], most: int | None, replayed: int) -> Path:
    """Write a better model beside the folder of `base`; return its file. Raises NotPromoted."""
    learned_from, held_back = split(entries)
    digits = drop_label_errors(Classifier(base), cut(open_reader(base), learned_from))
    tuned = fine_tune(load(base.with_suffix(".keras")), digits, replayed)
    gate, fault = Gate(base, held_back, most), ""
    for step in STEPS:
        candidate = make_candidate(base, tuned, step, base.parent.with_name(f"{step:g}"))
        print(f"{step:.0%} of the way: model {Classifier(candidate).name}", flush=True)
        fault = gate.find_fault(candidate)
        if not fault:
            return candidate
        print(f"  {fault}", flush=True)
    raise NotPromoted(fault)


def split(entries: Sequence[Known]) -> tuple[list[Known], list[Known]]:
    """Return the entries to learn from and those to measure on, of other people.

    Raises NotPromoted if there are none of either kind.
    """
    held_back = [each for each in entries if each.is_held_back]
    learned_from = [each for each in entries if not each.is_held_back]
    people = [len({each.maker for each in group}) for group in (learned_from, held_back)]
    print(
        f"{len(learned_from)} corrected entries of {people[0]} people to learn from, "
        f"{len(held_back)} of {people[1]} others to measure on.",
        flush=True,
    )
    if not learned_from or not held_back:
        raise NotPromoted(
            "There are too few people who corrected entries and agreed to this on the page "
            "/learned. --guests adds those without an account."
        )
    return learned_from, held_back


def fetch_serving(store: ModelStore, settings: Settings, folder: Path) -> Path:
    """Write the files of the model that serves; return its ONNX file. Raises NotPromoted."""
    serving = store.serving()
    file, contents = (
        store.files(serving) if serving else (settings.model.name, read_files(settings.model))
    )
    onnx = write_files(folder, file, contents)
    if not onnx.with_suffix(".keras").exists():
        raise NotPromoted(f"Its Keras file {onnx.stem}.keras was not beside {file} when it came.")
    return onnx


def cut(reader: Reader, entries: Iterable[Known]) -> list[Digit]:
    """Return the digits of entries, as far as they can be told apart."""
    digits = []
    for entry in entries:
        aligned = attempt(reader.align, entry.shown, entry.text)
        if not isinstance(aligned, DigitsError):
            digits += [Digit(entry.id, each) for each in aligned]
    return digits


def drop_label_errors(classifier: Classifier, digits: Sequence[Digit]) -> list[Digit]:
    """List the digits that are probably labeled wrongly; return the others. Raises NotPromoted."""
    likely = likely_labels(classifier, [digit.example for digit in digits])
    kept = []
    for digit, label in zip(digits, likely, strict=True):
        if digit.example.label == label:
            kept.append(digit)
        else:
            print(f"Left out: a {digit.example.label} of entry {digit.entry}, maybe {label}.")
    print(f"{len(kept)} digits to learn from, {len(digits) - len(kept)} left out.", flush=True)
    if not kept:
        raise NotPromoted("No digit of the corrected entries can be told and is surely right.")
    return kept


def likely_labels(classifier: Classifier, examples: Sequence[Example]) -> list[int]:
    """Return for each example the label that it probably should have, mostly its own.

    It is another one where the network, with what all other examples teach it, is sure of that. So
    what somebody often writes is no error.
    """
    labels = np.array([example.label for example in examples], dtype=int)
    likely = labels.copy()
    for fold in np.array_split(np.random.default_rng(SEED).permutation(len(labels)), FOLDS):
        others = [examples[k] for k in np.setdiff1d(np.arange(len(labels)), fold)]
        if len(fold) and others:
            pictures = to_normalized([examples[k] for k in fold])
            probabilities = classifier.knowing(others).classify(pictures)
            is_sure = probabilities.max(axis=1) > SURE
            likely[fold] = np.where(is_sure, probabilities.argmax(axis=1), labels[fold])
    return [int(label) for label in likely]


def fine_tune(model: keras.Model, digits: Sequence[Digit], replayed: int) -> keras.Model:
    """Train a network for digits further, on these and on those that it was trained on."""
    rng = np.random.default_rng(SEED)
    keras.utils.set_random_seed(SEED)
    made = make_digits(load_sources("train"), replayed, SEED)
    count = round(len(made) * HISTORY_SHARE / (1 - HISTORY_SHARE))
    chosen = [digits[k].example for k in rng.integers(len(digits), size=count)]
    mixed = [*made, *((_vary(each.picture, rng), each.label) for each in chosen)]
    pictures = np.stack([picture for picture, _ in mixed])[..., None] / np.float32(INK_MAX)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # its statistics are those of far more pictures
    model.compile(
        keras.optimizers.Adam(LEARNING_RATE),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    labels = np.array([label for _, label in mixed])
    model.fit(pictures, labels, BATCH, EPOCHS, verbose=0)
    return model


def _vary(picture: Ink, rng: np.random.Generator) -> Ink:
    """Return half of the pictures as they are, and the others as others might write them."""
    if rng.uniform() < 0.5:
        return picture
    return np.rint(augment_image(picture, rng) * INK_MAX).astype(np.uint8)


def make_candidate(base: Path, tuned: keras.Model, step: float, folder: Path) -> Path:
    """Write a model whose network for digits is so far on the way to the tuned one."""
    copytree(base.parent, folder)
    onnx = folder / base.name
    network, card = load(base.with_suffix(".keras")), read_card(base)
    pairs = zip(network.get_weights(), tuned.get_weights(), strict=True)
    network.set_weights([old + step * (new - old) for old, new in pairs])
    network.save(onnx.with_suffix(".keras"))
    convert(onnx.with_suffix(".keras"), onnx, card["temperature"], card["no_digit_bias"])
    quantize(onnx, make_plain(load_sources("validation"))[0])
    update_card(onnx, **{name: card[name] for name in ("threshold", "line", "trace_line")})
    return onnx


class Gate:
    """The test that a model must pass to serve, beside the one before it."""

    def __init__(self, base: Path, held_back: Sequence[Known], most: int | None) -> None:
        """Take the entries held back, and the most pictures of each other set."""
        self._base = base
        self._held_back = held_back
        self._most = most
        self._before: dict[str, Score] = {}
        if most is None:
            known = read_card(base)["accuracy"]
            self._before = {x["set"]: Score(x["set"], x["correct"], x["count"]) for x in known}

    def find_fault(self, candidate: Path) -> str:
        """Return the first reason against a model; "" if there is none, and its card says so."""
        before, after = self._read_history(self._base), self._read_history(candidate)
        print(f"  {before}, then {after.correct}", flush=True)
        if after.correct <= before.correct:
            return f"It reads no more of the {HISTORY}: {before.correct}, then {after.correct}."
        results = []
        for evaluated in available_sets():
            before, result = self._read_before(evaluated), self._read(candidate, evaluated)
            after = Score(evaluated.name, result["correct"], result["count"])
            print(f"  {before}, then {after.correct}", flush=True)
            if before.percent - after.percent > MAX_LOSS:
                return f"It loses on {before}, then {after.correct}."
            results.append(result)
        if self._most is None:
            update_card(candidate, accuracy=results)
        return ""

    def _read_history(self, onnx: Path) -> Score:
        reader = open_reader(onnx)
        readings = ((attempt(reader.read_shown, x.shown), x.text) for x in self._held_back)
        right = sum(getattr(reading, "text", None) == text for reading, text in readings)
        return Score(HISTORY, right, len(self._held_back))

    def _read_before(self, evaluated: EvaluationSet) -> Score:
        if evaluated.name not in self._before:
            result = self._read(self._base, evaluated)
            score = Score(evaluated.name, result["correct"], result["count"])
            self._before[evaluated.name] = score
        return self._before[evaluated.name]

    def _read(self, onnx: Path, evaluated: EvaluationSet) -> Result:
        samples = islice(evaluated.samples(), self._most)
        return summarize(evaluated.name, [*read(open_reader(onnx), samples)])


def promote(store: ModelStore, onnx: Path) -> str:
    """Add a model and let it serve; return its name."""
    name = Classifier(onnx).name
    store.add(name, onnx.name, read_files(onnx))
    store.promote(name)
    return name


if __name__ == "__main__":
    main()
