"""Measure the server against a bare echo server: python3 scripts/bench.py [--help]"""

import sys

from _setup import (
    TESTING,
    VENV,
    become,
    ensure_browser_libraries,
    ensure_programs,
    ensure_venv,
)

python = ensure_venv(VENV, TESTING)
ensure_browser_libraries()
ensure_programs(["chromium"])
become(python, "-m", "scripts.benchmark", *sys.argv[1:])
