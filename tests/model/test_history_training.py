"""Models trained on what people corrected: better ones serve, and worse ones are refused."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

from server.history.truth import ONE_HELD_BACK_OF
from tests.conftest import PROJECT, ServerProcess, wait_until
from tests.model.test_convert import MODEL_PYTHON, QUIET
from tests.odd_digits import FOUR_SIZE, write_four
from tests.pictures import draw, encode
from tests.wire.conftest import Client

PEOPLE_HELD_BACK, PEOPLE = 3, 10
TRIAL = ("--guests", "--pictures", "1", "--replayed", "4000")


def run(data_dir: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [MODEL_PYTHON, *command], cwd=PROJECT, capture_output=True, text=True, check=False,
        env=os.environ | QUIET | {"DIGITS_DATA_DIR": str(data_dir)},
    )  # fmt: skip


def correct_one(client: Client, seed: int, text: str) -> str:
    """Save an odd 4 and correct its reading; return its maker."""
    id, picture = str(uuid4()), encode(draw("1").resize(FOUR_SIZE).convert("L"))
    drawing = {"drawing": id, "image": picture, "strokes": write_four(seed)}
    assert client.ask("save", drawing)["ok"]
    answer: dict[str, Any] = client.ask("correct_entry", {"id": id, "text": text})
    return str(answer["entry"]["maker"])


def read(client: Client) -> dict[str, Any]:
    drawing = {"drawing": str(uuid4()), "seq": 0, "strokes": write_four(0), "size": FOUR_SIZE}
    client.tell("frame", drawing)
    reading: dict[str, Any] = client.wait_for("prediction")["reading"]
    return reading


def fill(server: ServerProcess) -> None:
    """Let people correct their odd 4s, some of those held back among them, and one say 3."""
    held_back = people = 0
    while held_back < PEOPLE_HELD_BACK or people - held_back < PEOPLE:
        with closing(Client(server.url)) as person:
            makers = {correct_one(person, 10 * people + k, "4") for k in range(3)}
        held_back += any(crc32(maker.encode()) % ONE_HELD_BACK_OF == 0 for maker in makers)
        people += 1
    maker = ""
    while not maker or crc32(maker.encode()) % ONE_HELD_BACK_OF == 0:
        with closing(Client(server.url)) as careless:
            maker = correct_one(careless, 1, "3")


def test_corrections_of_people_train_a_model_that_serves(
    serve: Callable[..., ServerProcess],
) -> None:
    server = serve()
    fill(server)
    with closing(Client(server.url)) as stranger:
        before = read(stranger)
        assert before["text"] == "9"
        done = run(server.data_dir, "-m", "model.history_training", *TRIAL)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Left out: a 3 of entry" in done.stdout
        wait_until(lambda: read(stranger)["model"] != before["model"])
        assert read(stranger)["text"] == "4"


def test_history_of_nobody_trains_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "model.history_training")
    assert done.returncode == 1
    assert "There are too few people who corrected entries" in done.stderr


def test_model_of_wrong_labels_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, Path(__file__).with_name("shuffled_training.py"), tmp_path)
    assert "It reads no more" in done.stdout or "It loses on" in done.stdout, done.stderr
