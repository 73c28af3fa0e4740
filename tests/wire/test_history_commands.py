"""The commands that back up, restore, check and shrink a history, run as processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from server.database.lock import hold_as_command
from server.database.schema import REVISION
from tests.conftest import (
    DATABASE,
    PROJECT,
    ServerProcess,
    new_database,
    run_server,
    wait_until,
)
from tests.pictures import png
from tests.wire import old_databases as old
from tests.wire.conftest import Client

pytestmark = pytest.mark.sqlite

MANY = 60_000  # rows that make a copy last some tenths of a second


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder whose history has five entries."""
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / DATABASE).write_bytes(new_database())
    old.fill(folder / DATABASE, REVISION)
    return folder


@pytest.fixture(scope="module")
def running(serve: Callable[..., ServerProcess]) -> Iterator[ServerProcess]:
    server = serve()
    yield server
    server.stop()


def change(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def count(database: Path, table: str = "entries") -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def enlarge(database: Path) -> None:
    rows = f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {MANY}) "
    change(database, "CREATE TABLE ballast (b)", "INSERT INTO ballast " + rows +
           "SELECT randomblob(2000) FROM n")  # fmt: skip


def history(data_dir: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return run_server(data_dir, "history", *map(str, arguments))


def assert_not_done(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr


# Refusals.


@pytest.mark.parametrize("command", ["backup", "check", "vacuum"])
def test_command_without_a_database_is_refused(tmp_path: Path, command: str) -> None:
    assert_not_done(history(tmp_path, command), "There is no database ")
    assert not (tmp_path / DATABASE).exists()


@pytest.mark.parametrize("command", ["backup", "check", "vacuum"])
def test_command_on_a_file_that_is_no_database_is_refused(tmp_path: Path, command: str) -> None:
    (tmp_path / DATABASE).write_text("A letter. " * 100)
    done = history(tmp_path, command)
    assert done.returncode == (1 if command == "check" else 2)
    assert "file is not a database" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["backup", "check", "vacuum"])
def test_command_on_another_database_system_is_refused(tmp_path: Path, command: str) -> None:
    done = run_server(tmp_path, "history", command, database_url="mysql://host/digits")
    assert_not_done(done, "This command is for SQLite.")


@pytest.mark.parametrize("name", [DATABASE, f"{DATABASE}-wal", "secret_key"])
def test_backup_replaces_nothing_but_a_backup(data_dir: Path, name: str) -> None:
    (data_dir / name).touch()
    before = (data_dir / name).read_bytes()
    assert_not_done(history(data_dir, "backup", data_dir / name), "is there and no backup")
    assert (data_dir / name).read_bytes() == before


def test_backup_to_a_folder_that_is_not_there_is_refused(data_dir: Path) -> None:
    assert_not_done(history(data_dir, "backup", data_dir / "a" / "b"), "No such file or directory")


def test_backup_of_a_damaged_database_is_refused(data_dir: Path) -> None:
    backup = data_dir / "backup.db"
    change(data_dir / DATABASE, "PRAGMA foreign_keys = OFF", "DELETE FROM users")
    assert_not_done(history(data_dir, "backup", backup), "of entries refers to nothing")
    assert not backup.exists()


def test_second_command_at_once_is_refused(data_dir: Path) -> None:
    with hold_as_command(data_dir / DATABASE):
        assert_not_done(history(data_dir, "backup"), "Another history command is at work")


@pytest.mark.parametrize("command", ["restore", "vacuum"])
def test_command_that_must_be_alone_is_refused_beside_a_server(
    running: ServerProcess, data_dir: Path, command: str
) -> None:
    arguments = [data_dir / DATABASE] if command == "restore" else []
    done = history(running.data_dir, command, *arguments)
    assert_not_done(done, "A server or a command already uses ")
    assert running.answers()


def test_restore_refuses_what_is_no_backup(data_dir: Path, tmp_path: Path) -> None:
    before = (data_dir / DATABASE).read_bytes()
    for name, content in (("letter", b"A letter. " * 100), ("empty", b"")):
        (tmp_path / name).write_bytes(content)
        assert history(data_dir, "restore", tmp_path / name).returncode == 2
    assert_not_done(history(data_dir, "restore", tmp_path / "nothing"), "There is no database ")
    assert_not_done(history(data_dir, "restore", data_dir / DATABASE), "is the database itself")
    assert (data_dir / DATABASE).read_bytes() == before


def test_restore_refuses_a_newer_backup(data_dir: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    backup.write_bytes(new_database())
    change(backup, "UPDATE alembic_version SET version_num = '9999'")
    assert_not_done(history(data_dir, "restore", backup), "from a newer version of Live Digits")
    assert count(data_dir / DATABASE) == 5


# Backups.


def test_backup_is_whole_private_and_one_file(data_dir: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    done = history(data_dir, "backup", backup)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{backup}: 5 entries, 0.2 MB, verified.\n"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert count(backup) == 5
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.db"]


def test_backup_without_a_name_is_kept_beside_the_database(data_dir: Path) -> None:
    history(data_dir, "backup")
    [backup] = (data_dir / "backups").iterdir()
    assert count(backup) == 5
    assert stat.S_IMODE((data_dir / "backups").stat().st_mode) == 0o700


def test_backup_replaces_an_older_one(data_dir: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    history(data_dir, "backup", backup)
    change(data_dir / DATABASE, "PRAGMA foreign_keys = ON", "DELETE FROM entries")
    history(data_dir, "backup", backup)
    assert count(backup) == 0


def test_backup_has_what_was_acknowledged_while_saves_go_on(
    running: ServerProcess, tmp_path: Path
) -> None:
    client, saved, stopped = Client(running.url), [], threading.Event()

    def save() -> None:
        while not stopped.is_set():
            answer = client.ask("save", {"drawing": str(uuid4()), "image": png("7")})
            saved.append(answer["ok"])

    thread = threading.Thread(target=save)
    thread.start()
    wait_until(lambda: len(saved) > 3, 20)
    before = len(saved)
    done = history(running.data_dir, "backup", tmp_path / "backup.db")
    stopped.set()
    thread.join()
    client.close()
    assert done.returncode == 0, done.stderr
    assert before <= count(tmp_path / "backup.db") <= len(saved)
    assert all(saved)


def test_killed_backup_leaves_the_older_one_and_can_be_repeated(
    data_dir: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    history(data_dir, "backup", backup)
    enlarge(data_dir / DATABASE)
    command = [sys.executable, "-m", "server", "history", "backup", str(backup)]
    environment = os.environ | {"DIGITS_DATA_DIR": str(data_dir)}
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as process:
        partial = tmp_path / "backup.db.partial"
        wait_until(lambda: partial.exists() and partial.stat().st_size > 1_000_000, 60)
        process.kill()
    assert partial.exists()
    assert count(backup) == 5
    assert history(data_dir, "backup", backup).returncode == 0
    assert count(backup, "ballast") == MANY
    assert not partial.exists()


def test_interrupted_backup_says_so_and_leaves_nothing(data_dir: Path, tmp_path: Path) -> None:
    enlarge(data_dir / DATABASE)
    command = [sys.executable, "-m", "server", "history", "backup", str(tmp_path / "backup.db")]
    environment = os.environ | {"DIGITS_DATA_DIR": str(data_dir)}
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        partial = tmp_path / "backup.db.partial"
        wait_until(lambda: partial.exists() and partial.stat().st_size > 1_000_000, 60)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate()
    assert (process.returncode, error.count("\n")) == (2, 1)
    assert "It was interrupted" in error
    assert not list(tmp_path.glob("backup*"))


# Restoring.


def test_restore_brings_back_what_was_there(data_dir: Path, tmp_path: Path) -> None:
    history(data_dir, "backup", tmp_path / "backup.db")
    change(data_dir / DATABASE, "PRAGMA foreign_keys = ON", "DELETE FROM entries")
    done = history(data_dir, "restore", tmp_path / "backup.db")
    assert (done.returncode, done.stderr) == (0, "")
    assert count(data_dir / DATABASE) == 5
    assert stat.S_IMODE((data_dir / DATABASE).stat().st_mode) == 0o600
    [kept] = data_dir.glob("history.until-*.db")
    assert f"The former one is kept as {kept}." in done.stdout
    assert count(kept) == 0


def test_restore_takes_the_place_of_a_damaged_database(data_dir: Path, tmp_path: Path) -> None:
    history(data_dir, "backup", tmp_path / "backup.db")
    for name in (DATABASE, f"{DATABASE}-wal"):
        (data_dir / name).write_text("A letter. " * 1000)
    assert history(data_dir, "restore", tmp_path / "backup.db").returncode == 0
    assert history(data_dir, "check").returncode == 0


def test_restored_history_is_served(running: ServerProcess, tmp_path: Path) -> None:
    kept = httpx.post(f"{running.url}/api/predictions", content=png("7")).json()["entry"]
    running.run("history", "backup", str(tmp_path / "backup.db"))
    late = httpx.post(f"{running.url}/api/predictions", content=png("4")).json()["entry"]
    running.stop()
    assert history(running.data_dir, "restore", tmp_path / "backup.db").returncode == 0
    running.start()
    statuses = [httpx.get(running.url + entry["image_path"]).status_code for entry in (kept, late)]
    assert statuses == [200, 404]


# Checks.


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("DELETE FROM pictures WHERE entry_id LIKE '%1'", "entry 0{31}1 has no picture"),
        ("UPDATE pictures SET content = ''", "has no picture"),
        ("DELETE FROM findings WHERE text = '407'", "is missing in the search index"),
        ("DELETE FROM findings WHERE owner = 'ann'", "entry 0{31}5 is missing in the search"),
        ("UPDATE findings SET status = 'uncertain' WHERE text = '07'", "of no entry"),
        ("DELETE FROM entries WHERE owner = 'ann'", "of pictures refers to nothing"),
        ("UPDATE tallies SET times = 9 WHERE first = '7'", "the statistics have 4 wrong counts"),
        ("DELETE FROM tallies WHERE owner = 'ann'", "the statistics have 5 wrong counts"),
        ("DELETE FROM confusions", "entry 0{31}4 is missing in the statistics, 6 times"),
        ("UPDATE confusions SET entry_id = '1'", "6 rows of no entry in the statistics"),
        ("UPDATE entries SET predicted = '9'", "is missing in the search index"),
    ],
)
def test_check_finds_the_fault(data_dir: Path, damage: str, fault: str) -> None:
    change(data_dir / DATABASE, "PRAGMA foreign_keys = OFF", damage)
    done = history(data_dir, "check")
    assert (done.returncode, done.stdout) == (1, "")
    assert fault.replace("0{31}", "0" * 31) in done.stderr


def test_check_finds_damaged_pages(data_dir: Path) -> None:
    with (data_dir / DATABASE).open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * 40_000)
    assert history(data_dir, "check").returncode == 1


def test_check_of_a_served_history_finds_no_faults(running: ServerProcess) -> None:
    httpx.post(f"{running.url}/api/predictions", content=png("7")).raise_for_status()
    done = history(running.data_dir, "check")
    assert (done.returncode, done.stdout) == (0, f"{running.database}: no faults.\n")


def test_check_refuses_an_older_schema(tmp_path: Path) -> None:
    old.make_database(tmp_path / DATABASE, "0003")
    assert_not_done(history(tmp_path, "check"), "Start the server once to upgrade it.")


# Space.


def test_vacuum_gives_space_back(data_dir: Path) -> None:
    database = data_dir / DATABASE
    enlarge(database)
    change(database, "DROP TABLE ballast")
    before_bytes = database.stat().st_size
    done = history(data_dir, "vacuum")
    assert (done.returncode, done.stderr) == (0, "")
    assert database.stat().st_size < before_bytes / 100
    assert count(database) == 5
