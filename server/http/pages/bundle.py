"""The bundle that the set-up makes of the scripts and styles with esbuild: fewer, smaller files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from server.http.pages.modules import Sources

METAFILE = "built/bundle.json"  # below the folder of static files


class Import(msgspec.Struct):
    """A file that another imports, by a statement or later by `import()`."""

    path: str
    kind: str


class Output(msgspec.Struct, rename="camel"):
    """A file of the bundle, and the source that it begins with, if it is not a shared part."""

    imports: list[Import]
    entry_point: str = ""


class Metafile(msgspec.Struct):
    """The report of esbuild; paths are relative to the folder above that of static files."""

    inputs: dict[str, msgspec.Raw]
    outputs: dict[str, Output]


class Bundle(Sources):
    """The files of a bundle, by the names of their sources. What is in no bundle is as it is."""

    def __init__(self, static: Path, made_ns: int) -> None:
        super().__init__(static)
        metafile = msgspec.json.decode((static / METAFILE).read_bytes(), type=Metafile)
        self._made_ns = made_ns
        inputs = (static.parent / path for path in metafile.inputs)
        self._inputs = [path for path in inputs if path.is_relative_to(static)]
        self._outputs = {f"/{path}": output for path, output in metafile.outputs.items()}
        self._addresses = {each.entry_point: path for path, each in self._outputs.items()}

    def is_current(self) -> bool:
        """Return whether no source has changed since."""
        try:
            return all(path.stat().st_mtime_ns <= self._made_ns for path in self._inputs)
        except FileNotFoundError:
            return False

    def script(self, name: str) -> str:
        return self._addresses.get(f"static/scripts/{name}") or super().script(name)

    def style(self, name: str) -> str:
        return self._addresses.get(f"static/styles/{name}") or super().style(name)

    def modules(self, *scripts: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for script in scripts:
            address = self.script(script)
            if address in self._outputs:
                self._visit(address, found)
            else:
                found |= dict.fromkeys(super().modules(script))
        return tuple(found)

    def _visit(self, address: str, found: dict[str, None]) -> None:
        if address in found:
            return
        found[address] = None
        for each in self._outputs[address].imports:
            if each.kind == "import-statement":
                self._visit(f"/{each.path}", found)


def current_assets(static: Path) -> Sources:
    """Return the bundle; the sources if one has changed since, or there is no bundle."""
    try:
        made_ns = (static / METAFILE).stat().st_mtime_ns
    except FileNotFoundError:
        return Sources(static)
    bundle = _read(static, made_ns)
    return bundle if bundle.is_current() else Sources(static)


@lru_cache(maxsize=1)
def _read(static: Path, made_ns: int) -> Bundle:
    return Bundle(static, made_ns)
