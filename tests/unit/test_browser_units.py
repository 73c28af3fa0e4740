"""Pure browser code, tested in Node.js: all of tests/browser_units."""

from __future__ import annotations

import subprocess

from scripts.benchmark.load import node
from tests.conftest import PROJECT


def test_browser_units_pass() -> None:
    tests = sorted((PROJECT / "tests" / "browser_units").glob("*.test.mjs"))
    assert tests
    done = subprocess.run([node(), "--test", *tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
