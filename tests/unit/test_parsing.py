"""Payloads that several threads check at once, for the first time in a process."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import PROJECT

# While msgspec builds the table of a form, and asks for the hash of a field's type, it is used.
FIRST_USES = """
import sys
from contextlib import suppress

from server.contract import parse, requests
from server.errors import InvalidPayload

def check(form):  # its last field first, whose type is missing the longest
    with suppress(InvalidPayload):
        parse(dict.fromkeys(reversed(form.__struct_fields__), 0), form)

for form in [each for each in vars(requests).values() if hasattr(each, "__struct_fields__")]:
    def use(frame, event, _):
        if event == "call" and frame.f_code.co_name == "__hash__":
            check(form)
    sys.setprofile(use)
    check(form)
    sys.setprofile(None)
"""


def test_first_uses_at_once_do_not_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_USES], cwd=PROJECT, check=False)
    assert done.returncode == 0
