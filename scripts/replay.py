"""Write other people's numbers on the real page, and count those read: scripts/replay.py"""

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
become(python, "-m", "scripts.benchmark.replay", *sys.argv[1:])
