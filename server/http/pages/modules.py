"""The scripts and styles of a page, and all modules that they import, to be loaded at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

STATIC = "/static/"
# Libraries by the name under which a module imports them.
LIBRARIES = {
    "idb": "vendor/idb.js",
    "signature_pad": "vendor/signature_pad.min.js",
    "socket.io-client": "vendor/socket.io.esm.min.js",
    "uplot": "vendor/uPlot.esm.js",
}
IMPORT = re.compile(r'^import\b[^"\n;]*?(?:\{[^}]*\}\s*from\s*)?"([^"]+)";', re.MULTILINE)


def import_map() -> dict[str, dict[str, str]]:
    """Return the addresses of the libraries, as a browser wants them."""
    return {"imports": {name: STATIC + path for name, path in LIBRARIES.items()}}


class Sources:
    """Every script and style sheet as it is."""

    def __init__(self, static: Path) -> None:
        self._static = static

    def script(self, name: str) -> str:
        """Return the address of a script."""
        return f"{STATIC}scripts/{name}"

    def style(self, name: str) -> str:
        """Return the address of a style sheet."""
        return f"{STATIC}styles/{name}"

    def modules(self, *scripts: str) -> tuple[str, ...]:
        """Return the addresses of scripts and of all that they import at once, each once."""
        return modules_of(self._static, *scripts)


@cache
def modules_of(static: Path, *scripts: str) -> tuple[str, ...]:
    """Return the addresses of scripts and of all that they import, each once, those first that are
    imported first. What a script imports later, by `import()`, is left out."""
    found: dict[Path, None] = {}
    for script in scripts:
        _visit(static, static / "scripts" / script, found)
    return tuple(STATIC + path.relative_to(static).as_posix() for path in found)


def _visit(static: Path, module: Path, found: dict[Path, None]) -> None:
    if module in found:
        return
    found[module] = None
    if module.is_relative_to(static / "vendor"):
        return
    for imported in _imports(static, module):
        _visit(static, imported, found)


def _imports(static: Path, module: Path) -> Iterator[Path]:
    for name in IMPORT.findall(module.read_text()):
        library = LIBRARIES.get(name)
        yield static / library if library else (module.parent / name).resolve()
