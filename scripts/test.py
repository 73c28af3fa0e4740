"""Run all tests: python3 scripts/test.py [pytest's arguments]

The tests that measure time or memory run last, with no other test beside them.
"""

import subprocess
import sys

from _setup import (
    MODEL_VENV,
    MODELLING,
    PROJECT,
    TEST_PROGRAMS,
    TESTING,
    VENV,
    ensure_browser_libraries,
    ensure_programs,
    ensure_venv,
)

PASSES = (
    ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-m", "not alone"],
    ["-m", "alone"],
)
NO_TESTS = 5  # pytest's exit status if the arguments select none

python = ensure_venv(VENV, TESTING)
ensure_venv(MODEL_VENV, MODELLING)
ensure_browser_libraries(checks=True)
ensure_programs(TEST_PROGRAMS)
commands = [[str(python), "-m", "pytest", *options, *sys.argv[1:]] for options in PASSES]
statuses = [subprocess.run(command, cwd=PROJECT, check=False).returncode for command in commands]
failed = [status for status in statuses if status not in (0, NO_TESTS)]
sys.exit(failed[0] if failed else min(statuses))
