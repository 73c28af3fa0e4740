"""Run all tests: python3 scripts/test.py [pytest's arguments]

The tests that measure time or memory run last, with no other test beside them. Without arguments,
those of the history, the accounts and the API run on PostgreSQL too, in one mode; with
--database postgresql, all of them. Without --async-mode MODE, those of the server itself run in
each mode, and the others in that of the default.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

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

BROWSER, OTHERS, ALONE = "browser and not alone", "not browser and not alone", "alone"
ON_POSTGRESQL = [
    *("--database", "postgresql", "--async-mode", "eventlet"),
    *("tests/unit/test_account_store.py", "tests/unit/test_history_store.py"),
    *("tests/unit/test_filter_rule.py", "tests/unit/test_retention_store.py"),
    *(
        f"tests/wire/test_{name}.py"
        for name in (
            *("accounts", "api", "database_faults", "exports", "history", "history_size"),
            *("learning", "lists"),
            *("engine_faults", "postgresql", "processes", "recovery", "refusals", "sessions"),
            *("several_servers", "four_machines", "history_upkeep"),
        )
    ),
]
# Each library is compiled once, not by every process that the tests start.
ENVIRONMENT = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
NO_TESTS = 5  # pytest's exit status if the arguments select none

python = ensure_venv(VENV, TESTING)
ensure_venv(MODEL_VENV, MODELLING)
ensure_browser_libraries(checks=True)
ensure_programs(TEST_PROGRAMS)


def run_tests(markers: str, arguments: list[str]) -> int:
    """Run the tests with these markers; print the output at the end, and return the status."""
    command = [str(python), "-m", "pytest", "-m", markers, *arguments]
    done = subprocess.run(
        command, cwd=PROJECT, env=ENVIRONMENT, check=False, stdout=subprocess.PIPE, text=True
    )
    print(done.stdout, flush=True)
    return done.returncode


def run_in_turn(passes: Sequence[tuple[str, list[str]]]) -> list[int]:
    return [run_tests(*each) for each in passes]


given = sys.argv[1:]
tracks = [[(BROWSER, given)], [(OTHERS, given)]]  # at the same time, one for each of two cores
if not given:
    tracks[0].append(("not alone", ON_POSTGRESQL))
with ThreadPoolExecutor() as pool:
    statuses = [*chain.from_iterable(pool.map(run_in_turn, tracks)), run_tests(ALONE, given)]
failed = [status for status in statuses if status not in (0, NO_TESTS)]
sys.exit(failed[0] if failed else min(statuses))
