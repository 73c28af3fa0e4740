"""Databases of every released schema, upgraded and served, with everything in them."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from server.database.engine import connect, open_database
from server.database.migration import KEPT_COPIES, known_schemas, run_migrations
from server.database.schema import REVISION
from tests.conftest import DATABASE, ServerProcess, run_server
from tests.wire import old_databases as old
from tests.wire.accounts import Browser

pytestmark = pytest.mark.sqlite

SCHEMAS = known_schemas()


@pytest.fixture(scope="module", params=SCHEMAS)
def upgraded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    """A server that was started on a database of an older schema, which `schema` names."""
    folder = tmp_path_factory.mktemp("old")
    old.make_database(folder / DATABASE, request.param)
    old.fill(folder / DATABASE, request.param)
    server = ServerProcess(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def schema(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["upgraded"])


@pytest.fixture
def browser(upgraded: ServerProcess) -> Iterator[Browser]:
    opened = Browser(upgraded)
    yield opened
    opened.http.close()


def texts(answer: httpx.Response) -> list[str]:
    return [entry["corrected"] or entry["predicted"] for entry in answer.json()["entries"]]


def find(server: ServerProcess, **filters: str) -> list[str]:
    return texts(httpx.get(f"{server.url}/api/predictions", params=filters))


def revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_newest_schema_is_that_of_the_tables() -> None:
    assert SCHEMAS[-1] == REVISION


def test_entries_are_listed(upgraded: ServerProcess) -> None:
    assert find(upgraded) == [old.CORRECTED, *[old.GUEST_TEXT] * 3]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"search": "07"}, 3),
        ({"search": "0-7"}, 1),
        ({"search": "9"}, 0),
        ({"corrected": "true"}, 1),
        ({"corrected": "false", "input_type": "canvas"}, 3),
        ({"input_type": "upload"}, 0),
        ({"made_from": "2025-01-02T00:00:00.000Z"}, 3),
    ],
    ids=str,
)
def test_search_finds_what_is_there(
    upgraded: ServerProcess, filters: dict[str, str], found: int
) -> None:
    assert len(find(upgraded, **filters)) == found


def test_pictures_are_served(upgraded: ServerProcess) -> None:
    [first, *_] = httpx.get(f"{upgraded.url}/api/predictions").json()["entries"]
    assert httpx.get(upgraded.url + first["image_path"]).content == old.PICTURE


def test_account_has_its_entry(browser: Browser, schema: str) -> None:
    status = browser.sign_in("ann", old.PASSWORD).status_code
    assert status == (303 if schema >= old.ACCOUNTS else 401)
    found = texts(browser.http.get("/api/predictions?search=141"))
    assert found == ([old.ANN_TEXT] if schema >= old.ACCOUNTS else [])


def test_list_has_its_entry(browser: Browser, schema: str) -> None:
    browser.sign_in("ann", old.PASSWORD)
    lists = [each["name"] for each in browser.http.get("/api/lists").json()["lists"]]
    assert lists == ([old.LIST] if schema >= old.LISTS else [])
    found = texts(browser.http.get("/api/predictions", params={"list": old.LIST}))
    assert found == ([old.ANN_TEXT] if schema >= old.LISTS else [])


def test_check_finds_no_faults(upgraded: ServerProcess) -> None:
    assert upgraded.run("history", "check") == f"{upgraded.database}: no faults.\n"


def test_former_database_is_kept(upgraded: ServerProcess, schema: str) -> None:
    kept = upgraded.data_dir / f"history.schema-{schema}.db"
    assert kept.exists() == (schema != REVISION)
    if kept.exists():
        assert revision(kept) == schema
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert f"from schema {schema} to {REVISION}; before, it was copied to" in upgraded.log()


def test_restore_upgrades_an_old_backup(tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    old.make_database(backup, SCHEMAS[0])
    old.fill(backup, SCHEMAS[0])
    done = run_server(tmp_path, "history", "restore", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert revision(backup) == SCHEMAS[0]
    assert run_server(tmp_path, "history", "check").returncode == 0


@pytest.mark.parametrize("steps", [100, 200, 400, 700])  # 0001 to 0004 take 825
def test_upgrade_that_was_broken_off_goes_on(tmp_path: Path, steps: int) -> None:
    database = tmp_path / DATABASE
    old.make_database(database, SCHEMAS[0])
    old.fill(database, SCHEMAS[0])
    engine = connect(f"sqlite:///{database}")
    left = iter(range(steps, -1, -1))

    @event.listens_for(engine, "connect")
    def break_off(connection: Any, _record: Any) -> None:
        connection.set_progress_handler(lambda: not next(left, 0), 10)

    with pytest.raises(OperationalError, match="interrupted"):
        run_migrations(engine)
    engine.dispose()
    assert run_server(tmp_path, "users", "list").returncode == 0
    assert run_server(tmp_path, "history", "check").returncode == 0


def test_last_copies_are_kept(tmp_path: Path) -> None:
    for number in range(KEPT_COPIES + 1):
        (tmp_path / f"history.schema-{number}.db").touch()
    old.make_database(tmp_path / DATABASE, SCHEMAS[0])
    open_database(f"sqlite:///{tmp_path / DATABASE}").dispose()
    copies = sorted(path.name for path in tmp_path.glob("history.schema-*.db"))
    assert copies == ["history.schema-0001.db", "history.schema-2.db", "history.schema-3.db"]


def test_no_copy_means_no_migration(tmp_path: Path) -> None:
    old.make_database(tmp_path / DATABASE, SCHEMAS[0])
    (tmp_path / f"history.schema-{SCHEMAS[0]}.db").mkdir()
    done = run_server(tmp_path, "users", "list")
    assert (done.returncode, revision(tmp_path / DATABASE)) == (1, SCHEMAS[0])
    assert done.stderr.count("\n") == 1
