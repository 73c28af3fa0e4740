"""Starts that are refused: by one sentence that says why, and never by a traceback."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from server.database.lock import hold_as_server
from tests.conftest import DATABASE, ServerProcess, free_port, new_database, run_server
from tests.wire.old_databases import make_database

pytestmark = pytest.mark.sqlite


def assert_refused(data_dir: Path, sentence: str, *arguments: str, **settings: str) -> None:
    settings = {"port": str(free_port())} | settings
    done = run_server(data_dir, *arguments, **settings)
    assert done.returncode == 1, done.stdout
    assert sentence in done.stderr
    assert done.stderr.startswith("Live Digits cannot start: ")
    assert done.stderr.count("\n") == 1, done.stderr


def write_newer(folder: Path) -> None:
    (folder / DATABASE).write_bytes(new_database())
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def write_text(folder: Path) -> None:
    (folder / DATABASE).write_text("This is a letter, and no database. " * 100)


def write_foreign(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as database, database:
        database.execute("CREATE TABLE entries (recipe TEXT)")


def write_half(folder: Path) -> None:
    whole = new_database()
    (folder / DATABASE).write_bytes(whole[: len(whole) // 2])


def make_folder(folder: Path) -> None:
    (folder / DATABASE).mkdir()


FAULTS = [
    (write_newer, "The database is from a newer version of Live Digits: its schema is 9999"),
    (write_text, "The database cannot be opened: file is not a database"),
    (write_foreign, "The database cannot be opened: table entries already exists"),
    (write_half, "The database cannot be opened: database disk image is malformed"),
    (make_folder, "The database cannot be opened: unable to open database file"),
]


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS)
def test_bad_database_stops_the_start(
    tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(tmp_path)
    assert_refused(tmp_path, sentence)


@pytest.mark.parametrize(("spoil", "sentence"), FAULTS)
def test_bad_database_stops_the_users_command(
    tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(tmp_path)
    assert_refused(tmp_path, sentence, "users", "list")


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe"])
def test_file_without_a_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)
    assert_refused(tmp_path, "does not contain a secret key. Delete the file and start again")


def test_unreadable_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secret_key").mkdir()
    assert_refused(tmp_path, "cannot be read (Is a directory). Change the permissions")


@pytest.mark.parametrize("folder", ["/proc/digits", "/dev/null", "/dev/null/digits"])
def test_data_folder_that_cannot_be_written_stops_the_start(folder: str) -> None:
    assert_refused(Path(folder), f"The folder DIGITS_DATA_DIR={folder} is not writable")


def test_url_of_no_database_stops_the_start(tmp_path: Path) -> None:
    assert_refused(tmp_path, "Check DIGITS_DATABASE_URL.", database_url="nothing")


def test_taken_port_stops_the_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert_refused(tmp_path, f"127.0.0.1:{port} is not available", port=str(port))


def test_second_server_on_a_folder_is_refused(server: ServerProcess) -> None:
    assert server.process is not None
    assert_refused(server.data_dir, "A server or a command already uses ")
    assert_refused(server.data_dir, f"(process {server.process.pid})")


def test_second_server_on_a_database_is_refused(server: ServerProcess, tmp_path: Path) -> None:
    url = f"sqlite:///{server.database}"
    assert_refused(tmp_path, "A server or a command already uses ", database_url=url)


def test_killed_server_leaves_no_lock(serve: Callable[..., ServerProcess]) -> None:
    server = serve()
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    server.start()
    server.stop()


def test_migration_is_refused_beside_a_server(tmp_path: Path) -> None:
    make_database(tmp_path / DATABASE, "0001")
    with hold_as_server(tmp_path / DATABASE):
        assert_refused(tmp_path, "A server or a command already uses ", "users", "list")
    assert run_server(tmp_path, "users", "list").stdout == "There are no accounts.\n"
