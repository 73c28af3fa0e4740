"""Readiness: what is wrong is named, and asking often costs little."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.errors import DigitsError, Unavailable
from server.services import readiness as module
from server.services.readiness import Readiness
from tests.unit.fakes import call_here, make_reading


class Part:
    """The history and the reader; it counts the questions, and fails with `fault`."""

    def __init__(self) -> None:
        self.asked = 0
        self.fault: Exception | None = None
        self.text = "1"

    @property
    def everybody(self) -> Part:
        return self

    def check(self) -> None:
        self.asked += 1
        if self.fault:
            raise self.fault

    def read_batch(self, _drawings: Any) -> list[Any]:
        self.check()
        return [make_reading(self.text)]


@pytest.fixture
def part() -> Part:
    return Part()


def make(folder: Path, history: Part, reader: Part, min_free_bytes: int = 0) -> Callable[[], None]:
    given: Any = (history, reader, call_here, folder, min_free_bytes)
    return Readiness(*given).check


def test_history_out_of_reach_is_named(tmp_path: Path, part: Part) -> None:
    part.fault = Unavailable("The history cannot be reached.")
    with pytest.raises(Unavailable, match="The history cannot be reached"):
        make(tmp_path, part, Part())()


def test_full_disk_is_named(tmp_path: Path, part: Part) -> None:
    with pytest.raises(Unavailable, match=r"The disk of the history has \d+ MB left, less than 10"):
        make(tmp_path, part, part, min_free_bytes=10**18)()


def test_model_that_fails_is_named(tmp_path: Path, part: Part) -> None:
    part.fault = RuntimeError("out of memory")
    with pytest.raises(Unavailable, match=r"The model does not read\. Something went wrong"):
        make(tmp_path, Part(), part)()


def test_model_that_sees_nothing_is_named(tmp_path: Path, part: Part) -> None:
    part.text = ""
    with pytest.raises(DigitsError, match="The model reads nothing"):
        make(tmp_path, Part(), part)()


def test_many_questions_are_one_check(tmp_path: Path, part: Part) -> None:
    check = make(tmp_path, part, Part())
    for _ in range(100):
        check()
    assert part.asked == 1


def test_fault_is_remembered_and_forgotten(
    tmp_path: Path, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    part.fault = Unavailable("The history cannot be reached.")
    check = make(tmp_path, part, Part())
    for _ in range(2):
        with pytest.raises(Unavailable):
            check()
    assert part.asked == 1
    monkeypatch.setattr(module.time, "monotonic", lambda: float("inf"))
    part.fault = None
    check()
