"""The bundle of scripts and styles, and the files themselves in its place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from server.http.pages.bundle import METAFILE, current_assets

METADATA = {
    "inputs": {"static/scripts/a-page.js": {}, "static/styles/a.css": {}, "node_modules/b.js": {}},
    "outputs": {
        "static/built/a-page-1.js": {
            "entryPoint": "static/scripts/a-page.js",
            "imports": [
                {"path": "static/built/part-2.js", "kind": "import-statement"},
                {"path": "static/built/late-3.js", "kind": "dynamic-import"},
            ],
        },
        "static/built/part-2.js": {"imports": []},
        "static/built/late-3.js": {"imports": []},
        "static/built/a-4.css": {"entryPoint": "static/styles/a.css", "imports": []},
    },
}


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A folder of static files with a bundle, made after its sources."""
    static = tmp_path / "static"
    for name in ("scripts/a-page.js", "styles/a.css", METAFILE):
        (static / name).parent.mkdir(parents=True)
        (static / name).write_text("")
    (static / METAFILE).write_text(json.dumps(METADATA))
    return static


def test_bundle_is_served_while_it_is_current(static: Path) -> None:
    assets = current_assets(static)
    assert assets.script("a-page.js") == "/static/built/a-page-1.js"
    assert assets.style("a.css") == "/static/built/a-4.css"
    assert assets.modules("a-page.js") == ("/static/built/a-page-1.js", "/static/built/part-2.js")


@pytest.mark.parametrize("name", ["scripts/a-page.js", "styles/a.css"])
def test_changed_source_is_served_itself(static: Path, name: str) -> None:
    newer = (static / METAFILE).stat().st_mtime + 1
    os.utime(static / name, (newer, newer))
    assert current_assets(static).script("a-page.js") == "/static/scripts/a-page.js"
    assert current_assets(static).style("a.css") == "/static/styles/a.css"
    assert current_assets(static).modules("a-page.js") == ("/static/scripts/a-page.js",)


def test_deleted_source_ends_the_bundle(static: Path) -> None:
    (static / "styles/a.css").unlink()
    assert current_assets(static).script("a-page.js") == "/static/scripts/a-page.js"


def test_sources_are_served_without_a_bundle(static: Path) -> None:
    (static / METAFILE).unlink()
    assert current_assets(static).script("a-page.js") == "/static/scripts/a-page.js"


def test_script_in_no_bundle_is_served_itself(static: Path) -> None:
    (static / "scripts/other.js").write_text("")
    assert current_assets(static).script("other.js") == "/static/scripts/other.js"
    assert current_assets(static).modules("other.js") == ("/static/scripts/other.js",)
