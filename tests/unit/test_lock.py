"""The requirements files beside the tables in pyproject.toml from which they are compiled."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest

from tests.conftest import PROJECT

TABLES = tomllib.loads((PROJECT / "pyproject.toml").read_text())
DIRECT = {
    "requirements.txt": TABLES["project"]["dependencies"],
    "tests/requirements.txt": TABLES["dependency-groups"]["test"],
    "model/requirements.txt": TABLES["dependency-groups"]["model"],
    "model/training-requirements.txt": TABLES["dependency-groups"]["training"],
}
PIN = re.compile(r"([\w.-]+==[\w.]+)(?: ; .+?)?(?: +--hash=sha256:[0-9a-f]{64})+")
INSTALLED_TOGETHER = [
    ("requirements.txt", "tests/requirements.txt"),
    ("requirements.txt", "model/requirements.txt"),
    ("requirements.txt", "model/training-requirements.txt"),
    ("model/requirements.txt", "model/training-requirements.txt"),
]


def lines(file: str) -> list[str]:
    """The requirements in a file, each with its hashes, without its comments."""
    text = (PROJECT / file).read_text().replace("\\\n", "")
    return [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def pins(file: str) -> set[str]:
    return {normalize(found[1]) for line in lines(file) if (found := PIN.fullmatch(line))}


def normalize(requirement: str) -> str:
    """A requirement with its name as PEP 503 spells it, and without extras."""
    name, _, number = re.sub(r"\[.*?\]", "", requirement).partition("==")
    return re.sub(r"[-_.]+", "-", name).lower() + "==" + number


@pytest.mark.parametrize("file", DIRECT)
def test_lock_pins_every_line_by_hashes(file: str) -> None:
    assert [line for line in lines(file) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("file", DIRECT)
def test_lock_has_every_direct_requirement(file: str) -> None:
    assert {normalize(requirement) for requirement in DIRECT[file]} <= pins(file)


@pytest.mark.parametrize(("first", "second"), INSTALLED_TOGETHER)
def test_locks_installed_together_agree(first: str, second: str) -> None:
    names = {pin.partition("==")[0] for pin in pins(first)}
    shared = {pin for pin in pins(second) if pin.partition("==")[0] in names}
    assert shared <= pins(first)


@pytest.mark.parametrize("library", ["eventlet", "python-engineio", "python-socketio", "Werkzeug"])
def test_patched_libraries_are_installed_as_pinned(library: str) -> None:
    assert normalize(f"{library}=={version(library)}") in pins("requirements.txt")


def test_locks_name_no_machine() -> None:
    text = "".join((PROJECT / file).read_text() for file in DIRECT)
    assert not re.search(r"https?://|file:|(?<![\w.])/\w+/|--\w+-url", text)
