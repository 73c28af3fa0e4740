"""Benchmark table, printed row by row and written into a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

HEAD = "| what | echo | ours | ratio |\n|---|---|---|---|"
MARK = "bench"


class Table:
    """Rows of measurements, with those of the echo server where it does the same."""

    def __init__(self) -> None:
        self._rows = [HEAD]
        print(HEAD, flush=True)

    def add(
        self, name: str, ours: float, echo: float | None = None, format_spec: str = ".1f"
    ) -> None:
        theirs, ratio = "", ""
        if echo is not None:
            theirs, ratio = f"{echo:{format_spec}}", f"{ours / echo:.2f}"
        self._rows.append(f"| {name} | {theirs} | {ours:{format_spec}} | {ratio} |")
        print(self._rows[-1], flush=True)

    def write(self, file: Path) -> None:
        """Write the table between the marks of a file."""
        write_between(file, MARK, self._rows)


def write_between(file: Path, mark: str, rows: Sequence[str]) -> None:
    """Replace the text between two marks of a file with rows."""
    begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    block = f"{begin}{chr(10).join(rows)}\n{end}"
    marked = re.escape(begin) + ".*?" + re.escape(end)
    file.write_text(re.sub(marked, lambda _: block, file.read_text(), flags=re.DOTALL))
