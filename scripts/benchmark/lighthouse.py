"""Lighthouse's scores of the pages on a phone, its mobile profile; see scripts/lighthouse.py.

Exits with status 1 if the median of a score is below its floor.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from scripts.benchmark.history import fill
from scripts.benchmark.servers import run_live_digits
from tests.browser.conftest import SWITCHES
from tests.conftest import PROJECT
from tests.databases import database_url
from tests.pictures import png

PROGRAM = PROJECT / "web/lighthouse/node_modules/lighthouse/cli/index.js"
PAGES = ("/", "/history", "/sign-in")
FLOORS = {"performance": 95, "accessibility": 100, "best-practices": 100}
METRICS = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "speed-index": "SI",
    "total-blocking-time": "TBT",
    "cumulative-layout-shift": "CLS",
}
ENTRIES = 1_000
MAX_TRIES = 3
PICTURES = 100  # newer entries, with pictures: those that are shown
FLAGS = [
    "--quiet",
    "--output=json",
    "--no-enable-error-reporting",
    f"--only-categories={','.join(FLOORS)}",
    f"--chrome-flags={' '.join(['--headless=new', *SWITCHES])}",
]

Report = dict[str, Any]


def main() -> None:
    arguments = parse_arguments()
    with TemporaryDirectory() as folder:
        fill(database_url(Path(folder)), ENTRIES)
        with run_live_digits(Path(folder)) as server:
            add_pictures(server.url)
            scores = [measure(arguments.node, server.url, path, arguments.runs) for path in PAGES]
    if any(page[name] < floor for page in scores for name, floor in FLOORS.items()):
        sys.exit(f"A score is below its floor: {FLOORS}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("scripts/lighthouse.py", description=__doc__)
    parser.add_argument("node", help="Node.js, given by the command")
    parser.add_argument(
        "--runs", type=int, default=3, help="repetitions, of which the median counts"
    )
    return parser.parse_args()


def add_pictures(url: str) -> None:
    for number in range(PICTURES):
        picture = png(str(number).translate(str.maketrans("569", "478")))
        httpx.post(f"{url}/api/predictions", content=picture).raise_for_status()


def measure(node: str, url: str, path: str, runs: int) -> dict[str, float]:
    """Print and return the median scores of a page."""
    reports = [run(node, url + path) for _ in range(runs)]
    scores = {
        name: median(report["categories"][name]["score"] * 100 for report in reports)
        for name in FLOORS
    }
    shown = [f"{name} {score:.0f}" for name, score in scores.items()]
    print(path, *shown, *(timing(reports, id, name) for id, name in METRICS.items()), sep="  ")
    return scores


def timing(reports: list[Report], id: str, name: str) -> str:
    value = median(report["audits"][id]["numericValue"] for report in reports)
    return f"{name} {value:.3f}" if name == "CLS" else f"{name} {value:.0f} ms"


def run(node: str, address: str) -> Report:
    """Run Lighthouse; again if it could not record the page, as it happens (NO_NAVSTART)."""
    chromium = {"CHROME_PATH": shutil.which("chromium") or ""}
    command = [node, str(PROGRAM), address, *FLAGS]
    for _ in range(MAX_TRIES):
        done = subprocess.run(
            command, env=os.environ | chromium, cwd=PROJECT, check=False, stdout=subprocess.PIPE
        )
        if done.returncode == 0:
            return dict(json.loads(done.stdout))
    sys.exit(f"Lighthouse has failed {MAX_TRIES} times on {address}.")


if __name__ == "__main__":
    main()
