"""The commands that check and vacuum a history in PostgreSQL, run as processes."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from tests.conftest import ServerProcess, run_server
from tests.databases import PostgresServer, connected
from tests.pictures import png

pytestmark = pytest.mark.postgresql

FILLED = "filled"
PAGE_BYTES = 8_192


@pytest.fixture(scope="module")
def filled(own_postgres: PostgresServer, serve: Callable[..., ServerProcess]) -> str:
    """The name of a database with entries, which nobody uses."""
    server = serve(database_url=own_postgres.create(FILLED))
    for digits in ("7", "407"):
        httpx.post(f"{server.url}/api/predictions", content=png(digits)).raise_for_status()
    server.stop()
    return FILLED


@pytest.fixture
def url(own_postgres: PostgresServer, filled: str) -> str:
    return own_postgres.create(f"digits_{uuid4().hex}", filled)


def change(url: str, *statements: str) -> None:
    """Change a database, whatever its foreign keys say."""
    with connected(url) as connection:
        for statement in ("SET session_replication_role = replica", *statements):
            connection.execute(text(statement))


def history(folder: Path, url: str, command: str) -> subprocess.CompletedProcess[str]:
    return run_server(folder, "history", command, database_url=url)


def damage(postgres: PostgresServer, url: str, relation: str) -> None:
    """Overwrite the first pages of a table or an index."""
    with connected(url) as connection:
        path = connection.execute(text(f"SELECT pg_relation_filepath('{relation}')")).scalar_one()
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
    postgres.stop()
    with Path(folder, path).open("r+b") as file:
        file.write(b"\xff" * 2 * PAGE_BYTES)
    postgres.start()


# Refusals


@pytest.mark.parametrize("command", ["check", "vacuum"])
def test_command_on_a_database_of_others_is_refused(
    own_postgres: PostgresServer, tmp_path: Path, command: str
) -> None:
    done = history(tmp_path, own_postgres.create(f"other_{uuid4().hex}"), command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("This is not a database of Live Digits.\n")


@pytest.mark.parametrize("command", ["check", "vacuum"])
def test_command_on_an_older_schema_is_refused(url: str, tmp_path: Path, command: str) -> None:
    change(url, "UPDATE alembic_version SET version_num = '0005'")
    done = history(tmp_path, url, command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Start the server once to upgrade it." in done.stderr


# The check


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM pictures", "has no picture"),
        ("UPDATE pictures SET content = ''", "has no picture"),
        ("DELETE FROM findings WHERE text = '407'", "is missing in the search index"),
        ("UPDATE findings SET entry_id = gen_random_uuid()", "rows of no entry"),
        ("UPDATE tallies SET times = 9 WHERE kind = 'unchecked'", "have 3 wrong counts"),
        ("UPDATE entries SET owner = 'nobody'", "2 rows of entries refer to nothing"),
        ("DELETE FROM entries", "2 rows of pictures refer to nothing"),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'entries_by_list'::regclass",
            "the index entries_by_list is not valid",
        ),
    ],
)
def test_check_finds_the_fault(url: str, tmp_path: Path, statement: str, fault: str) -> None:
    change(url, statement)
    done = history(tmp_path, url, "check")
    assert (done.returncode, done.stdout) == (1, "")
    assert fault in done.stderr


@pytest.mark.parametrize(
    ("relation", "fault"),
    [
        ("entries", "the table entries cannot be read: invalid page in block 0"),
        ("entries_by_list", "the index entries_by_list is damaged: invalid page in block"),
    ],
)
def test_check_finds_damaged_pages(
    own_postgres: PostgresServer, url: str, tmp_path: Path, relation: str, fault: str
) -> None:
    change(url, "CREATE EXTENSION amcheck")
    damage(own_postgres, url, relation)
    done = history(tmp_path, url, "check")
    assert done.returncode == 1
    assert fault in done.stderr


def test_check_of_a_sound_history_finds_no_faults(url: str, tmp_path: Path) -> None:
    change(url, "CREATE EXTENSION amcheck")
    done = history(tmp_path, url, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{url}: no faults.\n"


def test_check_says_what_it_could_not_check(url: str, tmp_path: Path) -> None:
    done = history(tmp_path, url, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The inside of the indexes was not checked: " in done.stdout


def test_commands_are_carried_out_beside_a_server(
    url: str, tmp_path: Path, serve: Callable[..., ServerProcess]
) -> None:
    server = serve(database_url=url)
    assert [history(tmp_path, url, each).returncode for each in ("check", "vacuum")] == [0, 0]
    assert server.answers()
    server.stop()


# The vacuum


def test_vacuum_frees_what_was_deleted(url: str, tmp_path: Path) -> None:
    change(url, "DELETE FROM pictures")
    done = history(tmp_path, url, "vacuum")
    assert (done.returncode, done.stderr) == (0, "")
    assert " before, " in done.stdout
    with connected(url) as connection:
        assert connection.execute(text("SELECT pg_relation_size('pictures')")).scalar_one() == 0
