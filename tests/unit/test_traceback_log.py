"""The log of an error, in each form."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import PROJECT

PROGRAM = """
import logging, sys
from server.monitoring import logs

def sign_up(password):
    raise ValueError("a fault")

logs.set_up(sys.argv[1])
try:
    sign_up("a " + "secret")
except ValueError as error:
    logging.error("Internal error", exc_info=error)
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_traceback_has_no_values_of_variables(form: str) -> None:
    command = [sys.executable, "-c", PROGRAM, form]
    log = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stderr
    assert "a fault" in log
    assert "sign_up" in log
    assert "a secret" not in log
