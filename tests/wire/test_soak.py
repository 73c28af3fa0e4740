"""Two minutes of the soak; the long form is scripts/soak.py."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from server.settings import PROJECT

COMMAND = [sys.executable, "-m", "scripts.soak_test", "--minutes", "2", "--seed", "2"]


@pytest.mark.alone
def test_nothing_acknowledged_is_lost_whatever_happens() -> None:
    done = subprocess.run(COMMAND, cwd=PROJECT, capture_output=True, text=True, check=False)
    report = done.stdout
    assert done.returncode == 0, report + done.stderr
    assert all(f"'{fault}': " in report for fault in ("kill", "restart", "lock", "pause")), report
    counts = re.search(r"saves: ([\d,]+).*events: ([\d,]+)", report, re.DOTALL)
    assert counts, report
    assert all(int(count.replace(",", "")) > 100 for count in counts.groups()), report
