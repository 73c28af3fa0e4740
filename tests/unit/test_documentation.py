"""The documentation points at files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PAGES = [
    PROJECT / "README.md",
    *(
        page
        for folder in ("server", "model", "scripts", "tests")
        for page in sorted((PROJECT / folder).rglob("*.md"))
    ),
]
TOPS = (PROJECT, PROJECT / "server")  # paths may be short for those below server/
CODE_PATH = re.compile(r"`((?:[\w-]+/)+[\w-]+\.py)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    files = [link for link in links if not link.startswith("http")]
    assert [link for link in files if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_paths_of_modules_exist(page: Path) -> None:
    paths = CODE_PATH.findall(page.read_text())
    assert [path for path in paths if not any((top / path).exists() for top in TOPS)] == []
