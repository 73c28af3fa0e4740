"""The operator's commands: python -m server models list|add|promote|back|compare|remove|reread

They change the database, also while servers use it: those follow within a second.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
from sqlalchemy import Engine

from server.error_boundary import attempt
from server.history.journal import MemoryJournal
from server.history.rereading import Progress, RereadingStore
from server.history.truth import known_entries
from server.models.files import open_files, read_files
from server.models.store import ModelStore
from server.recognition.ink.ink_finder import InkFinder
from server.recognition.reader import Reader
from server.recognition.reading.classifier import Classifier
from server.settings import INK_MODEL, Settings

LOOK_S = 0.5
HISTORY = "corrected entries"  # as a set of pictures


class Score(NamedTuple):
    """The count of pictures of a set that a model reads right."""

    correct: int
    total: int

    @property
    def percent(self) -> float:
        return 100 * self.correct / self.total

    def __str__(self) -> str:
        return f"{self.correct} of {self.total}, {self.percent:.2f} %"


Scores = Mapping[str, Score]


def manage(engine: Engine, settings: Settings, arguments: Sequence[str]) -> str:
    """Carry out one command and return its output. Raises DigitsError and ConfigurationError."""
    options = _parser().parse_args(arguments)
    output: str = options.act(Models(engine, settings), options)
    return output


class Models:
    """The commands, by their names. Each takes its options and returns its output."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._settings = settings
        self._engine = engine
        self._store = ModelStore(engine)
        self._rereadings = RereadingStore(engine, MemoryJournal())  # this process tells nobody
        self._own = Classifier(settings.model).name

    def show(self, _options: argparse.Namespace) -> str:
        serving = self._store.serving() or self._own
        origins = {self._own: "the program's own"}
        origins |= {each.name: f"added {each.added[:10]}" for each in self._store.versions()}
        lines = [
            f"{name}  {origins[name]:17}  {_total(self._scores(name))}"
            + ("  serves" if name == serving else "")
            for name in origins
        ]
        return "\n".join(lines)

    def add(self, options: argparse.Namespace) -> str:
        name = Classifier(options.file).name
        if name == self._own:
            return f"{name} is the program's own model."
        is_new = self._store.add(name, options.file.name, read_files(options.file))
        return f"Model {name} is added." if is_new else f"Model {name} was there already."

    def promote(self, options: argparse.Namespace) -> str:
        if options.name != self._own:
            open_files(*self._store.files(options.name))  # or no server could open it
        self._store.promote(None if options.name == self._own else options.name)
        return f"Model {options.name} serves."

    def back(self, _options: argparse.Namespace) -> str:
        return f"Model {self._store.back() or self._own} serves."

    def remove(self, options: argparse.Namespace) -> str:
        self._store.remove(options.name)
        return f"Model {options.name} is removed."

    def compare(self, options: argparse.Namespace) -> str:
        """Compare two models by their cards, and by the corrected entries that may be used."""
        names = [options.first, options.second]
        first, second = map(self._scores, names)
        on_history = self._measure([self._open(name) for name in names], options.guests)
        if on_history[0].total:
            first, second = first | {HISTORY: on_history[0]}, second | {HISTORY: on_history[1]}
        return "\n".join([f"{'set':24}  {names[0]:26}  {names[1]}", *_differences(first, second)])

    def reread(self, options: argparse.Namespace) -> str:
        """Have the servers read all entries again, and perhaps wait until they have."""
        is_new = self._rereadings.begin()
        if options.wait:
            return _outcome(self._follow())
        begun = "The servers read all entries again" if is_new else "That is under way already"
        return f"{begun}, as they find time. --wait shows how far they are."

    def _follow(self) -> Progress:
        is_hidden = not sys.stderr.isatty()
        with click.progressbar(length=1, label="Reading", file=sys.stderr, hidden=is_hidden) as bar:
            while True:
                progress = self._rereadings.progress()
                assert progress
                bar.length = max(progress.total, progress.seen, 1)
                bar.update(progress.seen - bar.pos)
                if progress.is_finished:
                    return progress
                time.sleep(LOOK_S)

    def _measure(self, classifiers: Sequence[Classifier], with_guests: bool) -> list[Score]:
        """Return how many corrected entries each classifier reads right."""
        settings, ink_finder = self._settings, InkFinder(INK_MODEL)
        readers = [Reader(each, ink_finder, settings.max_pixels) for each in classifiers]
        right, count = [0] * len(readers), 0
        for entry in known_entries(self._engine, with_guests):
            count += 1
            for place, reader in enumerate(readers):
                reading = attempt(reader.read_shown, entry.shown)
                right[place] += getattr(reading, "text", None) == entry.text
        return [Score(each, count) for each in right]

    def _open(self, name: str) -> Classifier:
        if name == self._own:
            return Classifier(self._settings.model)
        return open_files(*self._store.files(name))

    def _scores(self, name: str) -> dict[str, Score]:
        """Return what a model's card says."""
        card = self._settings.model.with_suffix(".json")
        if name == self._own:
            content = card.read_bytes()
        else:
            file, contents = self._store.files(name)
            content = contents[Path(file).with_suffix(".json").name]
        sets = json.loads(content).get("accuracy", [])
        return {each["set"]: Score(each["correct"], each["count"]) for each in sets}


Command = Callable[[Models, argparse.Namespace], str]


def _total(scores: Scores) -> str:
    if not scores:
        return "not measured"
    correct, count = map(sum, zip(*scores.values(), strict=True))
    return f"{len(scores)} sets: {Score(correct, count)}"


def _differences(first: Scores, second: Scores) -> list[str]:
    return [
        f"{name:24}  {first[name]!s:26}  {second[name]!s:26}  "
        f"{second[name].percent - first[name].percent:+.2f}"
        for name in first
        if name in second
    ]


def _outcome(progress: Progress) -> str:
    return f"{progress.seen} entries were seen, and {progress.changed} read differently."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m server models", description="Manage the models.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, act: Command, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help)
        added.set_defaults(act=act)
        return added

    command("list", Models.show, "list all models, and which of them serves")
    add = command("add", Models.add, "add a model that scripts/convert.py made")
    add.add_argument("file", type=Path, help="the ONNX file of its digit network")
    command("promote", Models.promote, "let a model serve, without a restart").add_argument("name")
    command("back", Models.back, "undo the newest promotion")
    compare = command("compare", Models.compare, "compare two models")
    compare.add_argument("first")
    compare.add_argument("second")
    compare.add_argument("--guests", action="store_true", help="also on the guests' entries")
    command("remove", Models.remove, "delete a model that does not serve").add_argument("name")
    reread = command("reread", Models.reread, "read the history again by the model that serves")
    reread.add_argument("--wait", action="store_true", help="until the servers have done it")
    return parser
