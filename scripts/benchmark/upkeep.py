"""Saves during upkeep: .venv/bin/python -m scripts.benchmark.upkeep [--seconds 20]

Somebody saves a number every fifth of a second into a history of 100,000 entries: while nothing
else goes on, while backups are made, and while the server deletes the older half of the entries.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from scripts.benchmark.history import fill
from scripts.benchmark.overload import Saver
from scripts.benchmark.servers import Server, run_live_digits
from tests.conftest import PROJECT
from tests.databases import database_url

ENTRIES = 100_000


def main() -> None:
    parser = argparse.ArgumentParser("scripts.benchmark.upkeep", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    seconds = parser.parse_args().seconds
    with TemporaryDirectory() as name:
        folder = Path(name)
        fill(database_url(folder), ENTRIES)
        with run_live_digits(folder) as server:
            measure("nothing else", server, lambda: time.sleep(seconds))
            measure("backups", server, lambda: back_up(folder, seconds))
        with run_live_digits(folder, keep_entries=str(ENTRIES // 2)) as server:
            measure("retention", server, lambda: time.sleep(seconds))


def measure(name: str, server: Server, meanwhile: Callable[[], None]) -> None:
    with Saver(server.url) as saver:
        meanwhile()
    p50_ms, p99_ms = (quantiles(saver.times_ms, n=100)[at - 1] for at in (50, 99))
    print(
        f"{name}: {len(saver.times_ms)} saves, {saver.failures} failed; p50 {p50_ms:.0f} ms, "
        f"p99 {p99_ms:.0f} ms, at most {max(saver.times_ms):.0f} ms",
        flush=True,
    )


def back_up(folder: Path, seconds: float) -> None:
    """Make backups one after the other."""
    end_s = time.monotonic() + seconds
    command = [sys.executable, "-m", "server", "history", "backup", str(folder / "backup.sqlite")]
    environment = os.environ | {"DIGITS_DATA_DIR": str(folder)}
    while time.monotonic() < end_s:
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main()
