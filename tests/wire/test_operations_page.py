"""Every command in OPERATIONS.md, run as it is written."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from server.database.schema import REVISION
from tests.conftest import DATABASE, PROJECT, START_S, new_database
from tests.databases import postgres
from tests.wire import old_databases as old

pytestmark = pytest.mark.sqlite

PAGE = (PROJECT / "server" / "OPERATIONS.md").read_text()
COMMANDS = re.findall(r"^```\n(.+)\n```$", PAGE, re.MULTILINE)
SCHEDULE = "0 3 * * * "
POSTGRESQL = "postgresql+psycopg://digits@127.0.0.1/digits"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose history has entries, and a folder for backups."""
    folder = tmp_path_factory.mktemp("operations")
    (folder / "backups").mkdir()
    (folder / DATABASE).write_bytes(new_database())
    old.fill(folder / DATABASE, REVISION)
    return folder


def test_page_has_the_commands() -> None:
    named = [re.search(r"history (\w+)", command) for command in COMMANDS]
    assert [found and found[1] for found in named] == [
        "backup", "backup", "check", "restore", "vacuum", "copy",
    ]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_command_does_what_the_page_says(folder: Path, command: str) -> None:
    line = command.removeprefix(SCHEDULE)
    if command.startswith(SCHEDULE):
        line = line.replace("\\%", "%")  # cron ends a command at a bare %
    line = line.replace("/srv/live-digits/instance", str(folder))
    line = line.replace("/srv/live-digits", str(PROJECT))
    if POSTGRESQL in line:
        line = line.replace(POSTGRESQL, postgres().create(f"digits_{uuid4().hex}"))
    line = line.replace("/var/backups/digits", str(folder / "backups"))
    done = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=PROJECT, env=os.environ | {"DIGITS_DATA_DIR": str(folder)}, timeout=START_S,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.startswith(str(folder))
