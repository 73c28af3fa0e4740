"""The start after a library has renamed what a patch replaces."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.runtime.library_patches import PATCHES
from tests.conftest import PROJECT


@pytest.mark.parametrize("function", [patch.function for patch in PATCHES])
def test_start_fails_with_a_sentence(function: str, tmp_path: Path) -> None:
    environment = os.environ | {"DIGITS_DATA_DIR": str(tmp_path), "DIGITS_PORT": "0"}
    command = [sys.executable, "-m", "tests.changed_library", function]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("Live Digits cannot start: ")
    assert f".{function}. Install the version that is pinned in requirements.txt" in sentence
