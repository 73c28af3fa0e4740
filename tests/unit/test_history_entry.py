"""Stored readings, also those of earlier versions of the contract."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Engine, update

from server.contract import Line
from server.database.schema import entries
from server.history.access import Viewer
from server.history.entry import Draft, restore_reading
from server.history.journal import MemoryJournal
from server.history.store import HistoryStore
from tests.unit.fakes import make_reading


def stored(text: str) -> dict[str, Any]:
    return msgspec.to_builtins(make_reading(text))


def of_version_1(text: str) -> dict[str, Any]:
    """Return a stored reading without lines."""
    return {name: value for name, value in stored(text).items() if name != "lines"}


def test_restore_reading_returns_what_was_stored() -> None:
    reading = make_reading("40 7")
    assert restore_reading(msgspec.to_builtins(reading)) == reading


def test_entry_of_version_1_is_served_with_lines(engine: Engine) -> None:
    history, viewer = HistoryStore(engine, 1, MemoryJournal()), Viewer("me")
    draft = Draft(uuid4(), "canvas", make_reading("40\n7"), b"picture", "0" * 64, replaces=True)
    history.save(draft, viewer)
    with engine.begin() as connection:
        connection.execute(update(entries).values(reading=of_version_1("40\n7")))
    assert [line.text for line in history.get(viewer, draft.id).reading.lines] == ["40", "7"]


def test_digit_of_version_3_has_no_sign() -> None:
    old = {"digit": 4, "confidence": 0.9, "probabilities": [0.1] * 10, "box": [0, 0, 8, 9]}
    [digit] = restore_reading(stored("4") | {"digits": [old]}).digits
    assert (digit.digit, digit.sign) == (4, None)


@pytest.mark.parametrize(
    ("text", "lines"),
    [("407", ["407"]), ("40\n7\n1?", ["40", "7", "1?"]), ("", [])],
    ids=repr,
)
def test_restore_reading_adds_missing_lines(text: str, lines: list[str]) -> None:
    reading = restore_reading(of_version_1(text))
    assert reading.text == text
    assert reading.lines == tuple(Line(line, reading.confidence) for line in lines)
