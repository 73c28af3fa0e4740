"""Benchmark table, printed row by row and written into a Markdown file."""

from __future__ import annotations

import re
from pathlib import Path

HEAD = "| what | echo | ours | ratio |\n|---|---|---|---|"
BEGIN, END = "<!-- bench -->\n", "<!-- /bench -->"


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
        """Replace the text between the marks of a file with the table."""
        block = f"{BEGIN}{chr(10).join(self._rows)}\n{END}"
        marked = re.escape(BEGIN) + ".*?" + re.escape(END)
        file.write_text(re.sub(marked, lambda _: block, file.read_text(), flags=re.DOTALL))
