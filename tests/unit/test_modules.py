"""The modules of a page, found by the imports in their text."""

from __future__ import annotations

from pathlib import Path

from server.http.pages.modules import LIBRARIES, modules_of
from server.settings import PROJECT

STATIC = PROJECT / "web" / "static"


def test_modules_are_those_that_are_imported_each_once(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts" / "part"
    scripts.mkdir(parents=True)
    (tmp_path / "scripts" / "page.js").write_text(
        'import {\n  a,\n  b,\n} from "./part/a.js";\nimport "./part/b.js";\n'
        'import { io } from "socket.io-client";\nconst late = () => import("./part/late.js");\n'
    )
    (scripts / "a.js").write_text('/**\n * @import { C } from "./typed.js"\n */\n')
    (scripts / "b.js").write_text('import { a } from "./a.js";\n')
    assert modules_of(tmp_path, "page.js") == (
        "/static/scripts/page.js",
        "/static/scripts/part/a.js",
        "/static/scripts/part/b.js",
        f"/static/{LIBRARIES['socket.io-client']}",
    )


def test_connection_comes_first_and_photos_later() -> None:
    found = modules_of(STATIC, "open-page.js", "draw-page.js")
    assert found[0] == "/static/scripts/open-page.js"
    assert found.index("/static/scripts/common/connection.js") < found.index(
        "/static/scripts/draw-page.js"
    )
    assert not [path for path in found if "/photos/photo" in path]
