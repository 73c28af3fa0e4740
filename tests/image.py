"""The files that server/deploy/Containerfile puts into the image, copied from this checkout."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePath

from tests.conftest import PROJECT

CONTAINERFILE = PROJECT / "server" / "deploy" / "Containerfile"
IGNORED = PROJECT / ".containerignore"
ROOT = "/srv/live-digits/"
PACKAGES = ".venv/"  # here too, those of the lock file


@dataclass(frozen=True)
class Copy:
    """A COPY line of the last stage; paths are relative to the root of the program."""

    sources: tuple[str, ...]
    target: str
    is_built: bool  # comes from another stage, whose files are not ignored


def instructions() -> list[list[str]]:
    """Return the instructions of the last stage, each as its words."""
    text = CONTAINERFILE.read_text().replace("\\\n", " ")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    last = max(number for number, words in enumerate(lines) if words[0] == "FROM")
    return lines[last:]


def copies() -> list[Copy]:
    found = []
    for _, *words in (words for words in instructions() if words[0] == "COPY"):
        *sources, target = (word for word in words if not word.startswith("--"))
        is_built = words[0].startswith("--from=")
        found.append(Copy(tuple(each.removeprefix(ROOT) for each in sources), target, is_built))
    return found


def make_tree(folder: Path) -> None:
    """Copy what the image has into a folder, without the packages."""
    for copy in (copy for copy in copies() if copy.target != PACKAGES):
        for source in (found for pattern in copy.sources for found in PROJECT.glob(pattern)):
            _copy(source, folder / copy.target, copy.is_built)


def is_ignored(path: PurePath) -> bool:
    """Return whether the ignore file leaves out a path: its last line about it decides."""
    ignored = False
    for line in IGNORED.read_text().splitlines():
        pattern = line.removeprefix("!")
        if any(_matches(each, pattern) for each in (path, *path.parents)):
            ignored = not line.startswith("!")
    return ignored


def _copy(source: Path, target: Path, is_built: bool) -> None:
    for file in [source] if source.is_file() else filter(Path.is_file, source.rglob("*")):
        if is_built or not is_ignored(file.relative_to(PROJECT)):
            copied = target / (file.name if file == source else file.relative_to(source))
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, copied)


def _matches(path: PurePath, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch(path.name, pattern.removeprefix("**/"))
    return len(path.parts) == len(PurePath(pattern).parts) and fnmatch(str(path), pattern)
