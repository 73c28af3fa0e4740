"""Measure the pages with Lighthouse: python3 scripts/lighthouse.py [--runs 3]"""

import re
import shutil
import subprocess
import sys

from _setup import (
    TESTING,
    VENV,
    WEB,
    become,
    ensure_browser_libraries,
    ensure_programs,
    ensure_venv,
    install_from_npm,
    node_from_pypi,
    with_stamp,
)

FOLDER = WEB / "lighthouse"
LEAST_NODE = (22, 19)  # Lighthouse needs it


def node() -> str:
    """Return the machine's Node.js, or one from PyPI if it is too old or missing."""
    found = shutil.which("node")
    if found:
        version = subprocess.check_output([found, "--version"], text=True)
        if tuple(map(int, re.findall(r"\d+", version)[:2])) >= LEAST_NODE:
            return found
    return str(node_from_pypi())


python = ensure_venv(VENV, TESTING)
ensure_browser_libraries()
ensure_programs(["chromium"])
with_stamp(
    FOLDER / "node_modules" / "installed",
    [FOLDER / "package-lock.json"],
    lambda: install_from_npm(FOLDER),
)
become(python, "-m", "scripts.benchmark.lighthouse", node(), *sys.argv[1:])
