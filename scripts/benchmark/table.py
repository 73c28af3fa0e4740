"""The table that a run prints, row by row, and puts into the README."""

from __future__ import annotations

import re
from pathlib import Path

HEAD = "| what | echo | ours | ratio |\n|---|---|---|---|"
BEGIN, END = "<!-- bench -->\n", "<!-- /bench -->"


class Table:
    """Rows of what was measured, of the echo too where it does the same."""

    def __init__(self) -> None:
        self._rows = [HEAD]
        print(HEAD, flush=True)

    def add(self, what: str, ours: float, echo: float | None = None, form: str = ".1f") -> None:
        theirs, ratio = ("", "") if echo is None else (f"{echo:{form}}", f"{ours / echo:.2f}")
        self._rows.append(f"| {what} | {theirs} | {ours:{form}} | {ratio} |")
        print(self._rows[-1], flush=True)

    def write(self, readme: Path) -> None:
        """Put the rows between the marks in a file."""
        block = f"{BEGIN}{chr(10).join(self._rows)}\n{END}"
        marked = re.escape(BEGIN) + ".*?" + re.escape(END)
        readme.write_text(re.sub(marked, lambda _: block, readme.read_text(), flags=re.DOTALL))
