"""Stored readings, also those of earlier versions of the contract."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.contract import Line
from server.history.entry import restore_reading
from tests.unit.fakes import make_reading


def stored(text: str) -> dict[str, Any]:
    return msgspec.to_builtins(make_reading(text))


def of_version_1(text: str) -> dict[str, Any]:
    """Return a stored reading without lines."""
    return {name: value for name, value in stored(text).items() if name != "lines"}


def test_restore_reading_returns_what_was_stored() -> None:
    reading = make_reading("40 7")
    assert restore_reading(msgspec.to_builtins(reading)) == reading


@pytest.mark.parametrize(
    ("text", "lines"),
    [("407", ["407"]), ("40\n7\n1?", ["40", "7", "1?"]), ("", [])],
    ids=repr,
)
def test_restore_reading_adds_missing_lines(text: str, lines: list[str]) -> None:
    reading = restore_reading(of_version_1(text))
    assert reading.text == text
    assert reading.lines == tuple(Line(line, reading.confidence) for line in lines)
