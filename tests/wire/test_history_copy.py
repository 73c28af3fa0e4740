"""Copies of a whole history between SQLite and PostgreSQL, by the real command.

The long form: .venv/bin/python -m pytest tests/wire/test_history_copy.py --copied 100000 -rP
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import pytest
from sqlalchemy import create_engine, func, select, text

from scripts.benchmark.history import fill
from server.database.lock import hold_as_server
from server.database.schema import REVISION, entries, metadata
from server.history.admin import run
from server.history.journal import MemoryJournal
from server.history.rereading import RereadingStore
from server.models.store import ModelStore
from tests.conftest import (
    DATABASE,
    MANY_SIGN_INS,
    PROJECT,
    ServerProcess,
    new_database,
    run_server,
    wait_until,
)
from tests.databases import TEMPLATE, connected, postgres
from tests.pictures import png
from tests.wire import old_databases as old
from tests.wire.accounts import Browser
from tests.wire.conftest import Client

pytestmark = pytest.mark.sqlite

Refuse = Callable[[str, str], str]

KILLS = 2  # of the way to PostgreSQL, and one on the way back
MAX_SHARE = 0.5  # of the size: the last pages of SQLite are in its log
LIMIT_BYTES = 200_000_000  # of memory
LONG_S = 3_600  # with --copied 100000
PICTURES = (  # 10 kB each, and some of 1 MB
    "INSERT INTO pictures (entry_id, content, sha256) "
    "SELECT id, randomblob(iif(abs(random()) % 500, 10000, 1000000)), '0' FROM entries"
)


@dataclass(frozen=True)
class Served:
    """A history that a server made, as an account sees it."""

    server: ServerProcess
    cookie: dict[str, str]
    entries: list[dict[str, Any]]


@pytest.fixture(scope="module")
def served(serve: Callable[..., ServerProcess]) -> Served:
    """A history of three accounts and a guest, with everything that they can do."""
    server = serve(**MANY_SIGN_INS)
    ann, ben, zoe, guest = browsers = [Browser(server) for _ in range(4)]
    for browser, name in ((ann, "ann"), (ben, "Ben"), (zoe, "Zoe")):  # by bytes, ann is the last
        browser.sign_up(name).upload("407", list="Bänk 3 ✓")
    ann.make_token()
    guest.upload("8")
    assert guest.sign_in("ann", "not her password").status_code == 401
    with closing(Client(server.url, headers=ann.cookie)) as client:
        ids = [str(uuid4()) for _ in range(3)]
        for id in ids:
            assert client.ask("save", {"drawing": id, "image": png("7"), "list": "a"})["ok"]
        assert client.ask("correct_entry", {"id": ids[0], "text": "1"})["ok"]
        assert client.ask("delete_entry", {"id": ids[1]})["ok"]
        assert ann.http.post("/api/predictions", content=png("1A")).is_success  # not sure
        assert client.ask("take_reviews", {"page": str(uuid4()), "limit": 1})["reviews"]
    wait_until(lambda: "which was read as 7" in ann.http.get("/learned").text)
    assert ben.submit("/learned/switch", page="/learned", on="").status_code == 303
    made = Served(server, ann.cookie, ann.entries())
    for browser in browsers:
        browser.http.close()
    server.stop()
    add_model(server)
    return made


def add_model(server: ServerProcess) -> None:
    """Add, promote and leave a model that is nothing, and have read everything again."""
    engine = create_engine(sqlite(server.database))
    models, rereadings = ModelStore(engine), RereadingStore(engine, MemoryJournal())
    models.add("12345678", "handwritten.onnx", {"handwritten.onnx": b"nothing"})
    models.promote("12345678")
    models.promote(None)
    rereadings.begin()
    rereadings.finish()
    engine.dispose()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """The URL of a history of `--copied` entries with pictures."""
    url = sqlite(tmp_path_factory.mktemp("large") / DATABASE)
    fill(url, request.config.getoption("--copied"))
    with connected(url) as connection:
        connection.execute(text(PICTURES))
    return url


@pytest.fixture(scope="module")
def moved_url(served: Served) -> str:
    """The URL of a copy of it in PostgreSQL."""
    url = postgres().create(f"digits_{uuid4().hex}")
    done = copy(sqlite(served.server.database), url, served.server.data_dir)
    assert (done.returncode, done.stderr) == (0, "")
    return url


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Refuse:
    """Return a function that carries out a command, which is refused, and returns the refusal."""

    def refuse(source: str, target: str) -> str:
        assert run("", ["copy", source, target]) == 2
        output, refusal = capsys.readouterr()
        assert (output, refusal.count("\n")) == ("", 1)
        return refusal

    return refuse


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A database of five entries."""
    file = tmp_path / "source.db"
    file.write_bytes(new_database())
    old.fill(file, REVISION)
    return file


@pytest.fixture
def empty() -> str:
    """The URL of an empty database of PostgreSQL, without tables."""
    return postgres().create(f"digits_{uuid4().hex}")


def sqlite(file: Path) -> str:
    return f"sqlite:///{file}"


def copy(source: str, target: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return run_server(folder, "history", "copy", source, target)


def start_copy(source: str, target: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "server", "history", "copy", source, target],
        cwd=PROJECT, env=os.environ | {"DIGITS_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def contents(url: str) -> dict[str, list[bytes]]:
    """Return a digest of each row of each table."""
    engine = create_engine(url)
    with engine.connect().execution_options(stream_results=True, max_row_buffer=50) as connection:
        found = {
            table.name: sorted(
                hashlib.sha256(repr(tuple(row)).encode()).digest()
                for row in connection.execute(select(table))
            )
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def stored(file: Path) -> dict[str, set[Any]]:
    """Return the rows of a file as SQLite stores them, with the types of the values."""
    with closing(sqlite3.connect(file)) as connection:
        return {
            table.name: {repr(row) for row in connection.execute(f"SELECT * FROM {table.name}")}
            for table in metadata.sorted_tables
        }


def change(url: str, *statements: str) -> None:
    with connected(url) as connection:
        for statement in statements:
            connection.execute(text(statement))


def count(url: str) -> int:
    with connected(url) as connection:
        return connection.execute(select(func.count()).select_from(entries)).scalar_one()


# Refusals, most of them without a process of their own.


def test_source_that_has_changed_since_a_copy_is_refused(
    source: Path, empty: str, tmp_path: Path
) -> None:
    total = sum(map(len, contents(sqlite(source)).values()))
    for copied in (total, 0):
        assert copy(sqlite(source), empty, tmp_path).stdout == (
            f"{source}: 5 entries, {total} rows in all, are in {empty}, verified; "
            f"{copied} rows were copied now.\n"
        )
    before = contents(empty)
    change(sqlite(source), "INSERT INTO users SELECT 'new', 'new', '', '', '', 0, 0, ''",
           "UPDATE pictures SET content = 'x'")  # fmt: skip
    done = copy(sqlite(source), empty, tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "The target has other pictures than the source. Name an empty database." in done.stderr
    assert contents(empty) == before


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:///{folder}/nothing.db", "There is no database "),
        ("sqlite:///{folder}/letter", "file is not a database"),
        ("sqlite:///{folder}/foreign.db", "The source is not a database of Live Digits."),
        ("sqlite:///{folder}/older.db", "Start the server once to upgrade it."),
        ("sqlite:///{folder}/newer.db", "from a newer version of Live Digits"),
        ("sqlite://", "Name databases by their URLs"),
        ("{folder}/history.db", "Name databases by their URLs"),
        ("mysql://root:secret@127.0.0.1/digits", "Name databases by their URLs"),
        ("postgresql+psycopg://ann:secret@127.0.0.1:1/digits", "onnection refused"),
        ("postgresql+psycopg2://ann:secret@127.0.0.1:1/digits", "No module named 'psycopg2'"),
        ("postgresql+nothing://ann:secret@127.0.0.1:1/digits", "Can't load plugin"),
    ],
)
def test_unfit_source_is_refused(tmp_path: Path, refuse: Refuse, url: str, sentence: str) -> None:
    (tmp_path / "letter").write_text("A letter. " * 100)
    change(sqlite(tmp_path / "foreign.db"), "CREATE TABLE letters (content)")
    old.make_database(tmp_path / "older.db", "0003")
    (tmp_path / "newer.db").write_bytes(new_database())
    change(sqlite(tmp_path / "newer.db"), "UPDATE alembic_version SET version_num = '9999'")
    target = tmp_path / "target.db"
    refusal = refuse(url.format(folder=tmp_path), sqlite(target))
    assert sentence in refusal
    assert "secret" not in refusal
    assert not target.exists()


@pytest.mark.parametrize("schema", ["0003", None])
def test_target_of_another_schema_is_refused(
    source: Path, tmp_path: Path, refuse: Refuse, schema: str | None
) -> None:
    target = tmp_path / "target.db"
    if schema:
        old.make_database(target, schema)
        old.fill(target, schema)
    else:
        change(sqlite(target), "CREATE TABLE letters (content)", "INSERT INTO letters VALUES ('')")
    before = target.read_bytes()
    assert "The target has other data, in its table " in refuse(sqlite(source), sqlite(target))
    assert target.read_bytes() == before


@pytest.mark.parametrize("target", ["sqlite:///{folder}/a/../source.db", "sqlite:///{folder}/link"])
def test_copy_of_a_file_to_itself_is_refused(source: Path, refuse: Refuse, target: str) -> None:
    (source.parent / "a").mkdir()
    (source.parent / "link").symlink_to(source)
    refusal = refuse(sqlite(source), target.format(folder=source.parent))
    assert "Source and target are the same database." in refusal


def test_copy_of_a_postgresql_database_to_itself_is_refused(refuse: Refuse) -> None:
    url = postgres().create(f"digits_{uuid4().hex}", TEMPLATE)
    refusal = refuse(url, url.replace("127.0.0.1", "localhost"))
    assert "Source and target are the same database." in refusal


@pytest.mark.parametrize("used", ["source.db", "target.db"])
def test_copy_of_a_file_that_a_server_uses_is_refused(
    source: Path, refuse: Refuse, used: str
) -> None:
    target = source.with_name("target.db")
    with hold_as_server(source.with_name(used)):
        assert "A server or a command already uses " in refuse(sqlite(source), sqlite(target))
    assert not target.exists()


def test_copy_that_the_target_changes_is_found_faulty(
    source: Path, tmp_path: Path, refuse: Refuse
) -> None:
    target = tmp_path / "target.db"
    target.write_bytes(new_database())
    change(
        sqlite(target),
        "CREATE TRIGGER fault AFTER INSERT ON entries "
        "BEGIN UPDATE entries SET predicted = '9' WHERE id = new.id; END",
    )
    assert "The copy is faulty: its entries are not" in refuse(sqlite(source), sqlite(target))


# Copies.


def test_round_trip_over_postgresql_keeps_every_stored_value(
    served: Served, moved_url: str, tmp_path: Path
) -> None:
    back = tmp_path / "back.db"
    done = copy(moved_url, sqlite(back), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(stored(back).values())
    assert stored(back) == stored(served.server.database)
    assert not Path(f"{back}-wal").exists()


def test_copy_leaves_a_backup_one_file(source: Path, tmp_path: Path) -> None:
    change(sqlite(source), "PRAGMA journal_mode = DELETE")
    before = source.read_bytes()
    assert copy(sqlite(source), sqlite(tmp_path / "target.db"), tmp_path).returncode == 0
    assert source.read_bytes() == before


def test_server_on_the_target_serves_and_saves(
    served: Served, moved_url: str, serve: Callable[..., ServerProcess], refuse: Refuse
) -> None:
    secret_key = (served.server.data_dir / "secret_key").read_text()
    url = postgres().create(f"digits_{uuid4().hex}", template=moved_url.rpartition("/")[2])
    moved = serve(database_url=url, secret_key=secret_key)
    with httpx.Client(base_url=moved.url, headers=served.cookie) as ann:
        assert ann.get("/api/predictions").json()["entries"] == served.entries
        for entry in served.entries:
            assert ann.get(entry["image_path"]).is_success
    with closing((browser := Browser(moved)).http):
        assert browser.sign_in("ann").status_code == 303  # a new line of the account's log
        new = browser.upload("31")
        assert browser.entries() == [new, *served.entries]
    assert "Others use the target" in refuse(sqlite(served.server.database), url)
    moved.stop()


def test_interrupted_copy_says_that_it_can_go_on(large: str, empty: str, tmp_path: Path) -> None:
    start_bytes = size(empty)
    with start_copy(large, empty, tmp_path) as process:
        wait_for_size(empty, start_bytes + size(large) / 10)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate()
    assert (process.returncode, error.count("\n")) == (2, 1), error
    assert "The same command goes on where it was." in error


def test_killed_copies_go_on_and_end_equal(large: str, empty: str, tmp_path: Path) -> None:
    rng, back = random.Random(), sqlite(tmp_path / "back.db")
    for source, target, kills in ((large, empty, KILLS), (empty, back, 1)):
        start_bytes = size(target)
        for share in sorted(rng.uniform(0.05, MAX_SHARE) for _ in range(kills)):
            with start_copy(source, target, tmp_path) as process:
                wait_for_size(target, start_bytes + share * size(large))
                process.kill()
            assert process.returncode == -signal.SIGKILL
        with start_copy(source, target, tmp_path) as process:
            output, error = process.communicate()
        assert (process.returncode, error) == (0, "")
        print(output)
    assert contents(back) == contents(empty) == contents(large)


@pytest.mark.alone
def test_memory_does_not_grow_with_the_history(large: str, empty: str, tmp_path: Path) -> None:
    for source, target in ((large, empty), (empty, sqlite(tmp_path / "back.db"))):
        started_s, peak = time.monotonic(), peak_bytes(source, target, tmp_path)
        seconds = time.monotonic() - started_s
        print(f"{peak / 1e6:.0f} MB and {seconds:.1f} s for {count(large)} entries to {target}")
        assert peak < LIMIT_BYTES


def peak_bytes(source: str, target: str, folder: Path) -> int:
    """Copy, and return the greatest memory that the process had."""
    seen: list[int] = []
    with start_copy(source, target, folder) as process:
        memory_info = psutil.Process(process.pid).memory_info

        def has_ended() -> bool:
            seen.append(memory_info().rss)
            return process.poll() is not None

        wait_until(has_ended, LONG_S)
    assert process.returncode == 0
    return max(seen)


def wait_for_size(url: str, wanted_bytes: float) -> None:
    wait_until(lambda: size(url) > wanted_bytes, LONG_S)


def size(url: str) -> int:
    """Return the bytes of a database, 0 if it is not there."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return file.stat().st_size if file.exists() else 0
    with connected(postgres().url("postgres")) as connection:
        return connection.execute(
            select(func.pg_database_size(url.rpartition("/")[2]))
        ).scalar_one()
