"""Models as versions: promoted while the server runs, taken back, and used on old entries."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from server.database.engine import connect as connect_engine
from server.models.files import read_files
from server.models.store import ModelStore
from server.recognition.reading.classifier import Classifier
from server.settings import PROJECT
from tests.conftest import ServerProcess, wait_until
from tests.databases import database_settings, database_url
from tests.other_models import MODEL, make_model
from tests.pictures import png
from tests.wire.accounts import Browser
from tests.wire.conftest import Client
from tests.wire.test_learning import RIGHT, teach
from tests.wire.test_learning import read as read_four

SURE_OF_NOTHING = 2.0  # a threshold: what this model reads is uncertain, whatever it is
FRAMES = 40  # before and after a promotion
UNSURE_READER = {"threshold": SURE_OF_NOTHING}


class Commands:
    """The `models` command on the database of a server."""

    def __init__(self, server: ServerProcess, engine: Engine) -> None:
        self._server = server
        self.store = ModelStore(engine)

    def __call__(self, *arguments: str | Path) -> str:
        """Carry out a command, which succeeds; return its output."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuse(self, *arguments: str | Path) -> str:
        """Carry out a command, which fails; return its last words."""
        done = self.run(*arguments)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        settings = {"data_dir": str(self._server.data_dir)}
        settings |= database_settings(self._server.data_dir)
        named = {f"DIGITS_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(
            [sys.executable, "-m", "server", "models", *map(str, arguments)],
            cwd=PROJECT, env=os.environ | named, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def add(self, folder: Path, **card: Any) -> str:
        """Add another model, sooner than by a command; return its name."""
        file = make_model(folder, uuid4().hex, **card)
        name = Classifier(file).name
        assert self.store.add(name, file.name, read_files(file))
        return name

    def serve(self, name: str, client: Client) -> None:
        """Promote a model, and wait until it serves."""
        self.store.promote(name)
        wait_until(lambda: read(client)["model"] == name)


@pytest.fixture
def own(client: Client) -> str:
    name = Classifier(MODEL).name
    wait_until(lambda: read(client)["model"] == name)
    return name


@pytest.fixture
def models(server: ServerProcess, own: str) -> Iterator[Commands]:  # noqa: ARG001
    engine = connect_engine(database_url(server.data_dir))
    commands = Commands(server, engine)
    yield commands
    commands.store.promote(None)
    for version in commands.store.versions():
        commands.store.remove(version.name)
    wait_until(server.answers)
    engine.dispose()


def read(client: Client, text: str = "7") -> dict[str, Any]:
    client.tell("frame", {"drawing": str(uuid4()), "seq": 0, "image": png(text)})
    reading: dict[str, Any] = client.wait_for("prediction")["reading"]
    return reading


def save(client: Client, text: str) -> str:
    id = str(uuid4())
    assert client.ask("save", {"drawing": id, "image": png(text)})["ok"]
    return id


def get(client: Client, id: str) -> dict[str, Any]:
    entries: list[dict[str, Any]] = client.ask("list_history", {"limit": 100})["entries"]
    return next(entry for entry in entries if entry["id"] == id)


@pytest.mark.every_mode
def test_promoted_model_serves_without_a_restart(
    models: Commands, client: Client, own: str, tmp_path: Path
) -> None:
    other = models.add(tmp_path / "other", **UNSURE_READER)
    assert read(client)["model"] == own
    models.serve(other, client)
    assert read(client)["uncertain"]
    assert get(client, save(client, "4"))["reading"]["model"] == other
    assert models("back") == f"Model {own} serves.\n"
    assert models("add", tmp_path / "other" / MODEL.name).endswith("there already.\n")
    wait_until(lambda: read(client)["model"] == own)


@pytest.mark.every_mode
def test_no_frame_is_lost_at_a_promotion_or_read_by_half_a_model(
    models: Commands, connect: Callable[..., Client], own: str, tmp_path: Path
) -> None:
    other = models.add(tmp_path / "other", **UNSURE_READER)
    drawing, answers = connect(), []
    while len(answers) < FRAMES or answers[-1]["model"] == own:
        answers.append(read(drawing))
        if len(answers) == FRAMES // 2:
            models.store.promote(other)
    answers += [read(drawing) for _ in range(FRAMES)]
    names = [answer["model"] for answer in answers]
    assert names == sorted(names, key=[own, other].index)
    assert all(answer["uncertain"] == (answer["model"] == other) for answer in answers)


def test_learned_examples_hold_under_another_model(
    models: Commands, connect: Callable[..., Client], tmp_path: Path
) -> None:
    person = connect()
    teach(person)
    other = models.add(tmp_path / "other")
    models.store.promote(other)
    wait_until(lambda: read_four(person)["model"] == other)
    assert read_four(person)["text"] == RIGHT


@pytest.mark.every_mode
def test_promoted_model_serves_after_a_restart(
    models: Commands, server: ServerProcess, connect: Callable[..., Client], tmp_path: Path
) -> None:
    other = models.add(tmp_path / "other")
    models.store.promote(other)
    server.stop()
    server.start()
    assert read(connect())["model"] == other


def test_history_is_read_again_but_for_what_was_corrected(
    models: Commands, client: Client, own: str, tmp_path: Path
) -> None:
    plain, corrected = save(client, "7"), save(client, "4")
    assert client.ask("correct_entry", {"id": corrected, "text": "9"})["ok"]
    models.serve(models.add(tmp_path / "other", **UNSURE_READER), client)
    watching = client.ask("watch_history", {})
    assert watching["ok"]
    assert "read differently" in models("reread", "--wait")
    assert get(client, plain)["uncertain"]
    wait_until(lambda: client.wait_for("history_changed")["id"] == plain)
    kept = get(client, corrected)
    assert (kept["corrected"], kept["reading"]["model"]) == ("9", own)


def test_rereading_waits_for_a_server(
    models: Commands, server: ServerProcess, connect: Callable[..., Client], tmp_path: Path
) -> None:
    client = connect()
    ids = [save(client, "7") for _ in range(30)]
    models.serve(models.add(tmp_path / "other", **UNSURE_READER), client)
    server.kill()
    assert models("reread").startswith("The servers read all entries again")
    assert models("reread").startswith("That is under way already")
    server.start()
    again = connect()
    wait_until(lambda: all(get(again, id)["uncertain"] for id in ids), 100)


def test_models_are_listed_with_their_figures(models: Commands, own: str, tmp_path: Path) -> None:
    accuracy = [{"set": "seven", "correct": 6, "count": 7}]
    other = models.add(tmp_path / "other", accuracy=accuracy)
    first, second = models("list").splitlines()
    assert first.startswith(f"{own}  the program's own  ")
    assert first.endswith("serves")
    assert second.startswith(f"{other}  added ")
    assert second.endswith("1 sets: 6 of 7, 85.71 %")


def test_models_are_compared_by_cards_and_corrections(
    models: Commands, client: Client, own: str, tmp_path: Path
) -> None:
    assert client.ask("correct_entry", {"id": save(client, "4"), "text": "4"})["ok"]
    accuracy = [{"set": "mnist_test", "correct": 5_000, "count": 10_000}]
    other = models.add(tmp_path / "other", accuracy=accuracy)
    head, mnist = models("compare", own, other).splitlines()
    assert head.split() == ["set", own, other]
    assert mnist.split()[0] == "mnist_test"
    assert float(mnist.split()[-1]) < -49
    assert "corrected entries" in models("compare", own, other, "--guests")


def test_unknown_and_damaged_models_are_refused(models: Commands, tmp_path: Path) -> None:
    assert "There is no model 12345678" in models.refuse("promote", "12345678")
    damaged = make_model(tmp_path / "damaged", "damaged")
    damaged.write_bytes(b"nothing")
    assert "is not the model that handwritten.json describes" in models.refuse("add", damaged)
    assert "cannot be read" in models.refuse("add", tmp_path / "none.onnx")
    assert "There is no model" in models.refuse("remove", "12345678")


def test_serving_model_is_not_removed(models: Commands, tmp_path: Path) -> None:
    other = models.add(tmp_path / "other")
    models.store.promote(other)
    assert f"Model {other} serves" in models.refuse("remove", other)


def test_account_agrees_that_its_corrections_serve_everybody(
    server: ServerProcess, models: Commands, own: str, tmp_path: Path
) -> None:
    ann = Browser(server).sign_up()
    entry = ann.upload("4")
    answer = ann.http.patch(f"/api/predictions/{entry['id']}", json={"text": "4"})
    assert answer.status_code == 200
    other = models.add(tmp_path / "other")
    assert "corrected entries" not in models("compare", own, other)
    assert ann.submit("/learned/contribute", page="/learned", contribute="yes").status_code == 303
    assert "You help everybody" in ann.http.get("/learned").text
    assert "corrected entries" in models("compare", own, other)
    assert ann.submit("/learned/contribute", page="/learned", contribute="").status_code == 303
    assert "corrected entries" not in models("compare", own, other)
    ann.http.close()
