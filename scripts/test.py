"""Run all tests: python3 scripts/test.py [pytest's arguments]"""

import sys

from _setup import (
    MODEL_VENV,
    MODELLING,
    TEST_PROGRAMS,
    TESTING,
    VENV,
    become,
    ensure_browser_libraries,
    ensure_programs,
    ensure_venv,
)

python = ensure_venv(VENV, TESTING)
ensure_venv(MODEL_VENV, MODELLING)
ensure_browser_libraries(checks=True)
ensure_programs(TEST_PROGRAMS)
become(python, "-m", "pytest", *sys.argv[1:])
