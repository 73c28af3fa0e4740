"""What PostgreSQL alone has: a server that goes away, its plans of queries, several processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine, Select, text

from scripts.benchmark.history import fill
from server.contract import Filter
from server.database.engine import open_database
from server.database.schema import REVISION
from server.history.access import Viewer
from server.history.list_store import summarize
from server.history.selection import count, find, find_in_order, find_newer, plan
from tests.conftest import PROJECT, ServerProcess, free_port, run_server, wait_until
from tests.databases import PostgresServer, connected, database_url, postgres
from tests.pictures import png
from tests.wire.accounts import Browser
from tests.wire.conftest import Client
from tests.wire.test_history_size import ANN, CURSOR, ENTRY, FILTERS, ME

pytestmark = pytest.mark.postgresql

Connect = Callable[..., Client]

ENTRIES = 2_000
SAVES = 40
RECOVERY_S = 20
SOON_S = 6  # a refusal, with the wait for a connection
KEY = ("owner", "maker", "list", "text")  # then input types and statuses, a few at most
MIGRATE = "import sys; from server.database.engine import open_database as o; o(sys.argv[1])"


@pytest.fixture
def lone(
    own_postgres: PostgresServer, server: ServerProcess, serve: Callable[..., ServerProcess]
) -> Iterator[ServerProcess]:
    """A server with a database of its own, in the same async mode."""
    url = own_postgres.create(f"digits_{uuid4().hex}")
    lone = serve(async_mode=server.settings["async_mode"], database_url=url)
    yield lone
    lone.stop()


def save(client: Client, drawing: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.ask("save", {"drawing": drawing, "image": png("7")})
    return answer


@pytest.mark.parametrize("at_once", [False, True], ids=["stopped", "crashed"])
def test_saves_are_refused_until_the_database_is_back(
    own_postgres: PostgresServer, lone: ServerProcess, connect: Connect, at_once: bool
) -> None:
    client, [kept, new] = connect(lone), [str(uuid4()) for _ in range(2)]
    assert save(client, kept)["ok"]
    own_postgres.stop(at_once)
    started_s = time.monotonic()
    assert [save(client, id)["error"]["code"] for id in (kept, new)] == ["unavailable"] * 2
    assert time.monotonic() - started_s < SOON_S
    assert httpx.get(f"{lone.url}/readyz").status_code == 503
    own_postgres.start()
    wait_until(lambda: httpx.get(f"{lone.url}/readyz").is_success, RECOVERY_S)
    assert [save(client, id)["ok"] for id in (kept, new)] == [True] * 2
    assert listed(client) == {kept, new}


def test_who_connects_while_the_database_is_away_is_served_when_it_is_back(
    own_postgres: PostgresServer, lone: ServerProcess, connect: Connect
) -> None:
    browser = Browser(lone).sign_up()
    own_postgres.stop()
    client = connect(lone, headers=browser.cookie)
    assert client.ask("list_history", {})["error"]["code"] == "unavailable"
    own_postgres.start()
    wait_until(lambda: client.ask("list_history", {})["ok"], RECOVERY_S)
    browser.http.close()


def test_saves_during_restarts_are_kept_once(
    own_postgres: PostgresServer, lone: ServerProcess, connect: Connect
) -> None:
    clients, drawings = [connect(lone) for _ in range(4)], [str(uuid4()) for _ in range(SAVES)]
    with ThreadPoolExecutor(len(clients)) as threads:
        saved = [
            threads.submit(save_until_kept, clients[number % len(clients)], id)
            for number, id in enumerate(drawings)
        ]
        for number in (SAVES // 4, SAVES // 2):
            wait_until(saved[number].done, RECOVERY_S)
            own_postgres.stop(at_once=True)
            own_postgres.start()
        refusals = sum(each.result() for each in saved)
    assert refusals
    assert listed(clients[0]) == set(drawings)


def save_until_kept(client: Client, drawing: str) -> int:
    """Save as a browser does; return how many times that was refused."""
    refused = 0
    while not (answer := save(client, drawing))["ok"]:
        assert answer["error"]["code"] == "unavailable"
        refused += 1
        time.sleep(0.1)
    return refused


def listed(client: Client) -> set[str]:
    entries = client.ask("list_history", {"limit": 100})["entries"]
    ids = {entry["id"] for entry in entries}
    assert len(ids) == len(entries)
    return ids


def test_server_starts_only_with_its_database(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://ann:secret@127.0.0.1:{free_port()}/digits"
    done = run_server(tmp_path, database_url=url, port=str(free_port()))
    assert done.returncode == 1
    assert done.stderr.startswith("Live Digits cannot start: The database cannot be opened: ")
    assert "secret" not in done.stderr


@pytest.mark.parametrize("command", [["backup"], ["restore", "file"]])
def test_commands_for_files_name_those_of_postgresql(tmp_path: Path, command: list[str]) -> None:
    done = run_server(tmp_path, "history", *command, database_url=database_url(tmp_path))
    assert done.returncode == 2
    assert "PostgreSQL has its own: pg_dump" in done.stderr


def test_processes_that_start_together_migrate_once() -> None:
    url = postgres().create(f"digits_{uuid4().hex}")
    command = [sys.executable, "-c", MIGRATE, url]
    started = [subprocess.Popen(command, cwd=PROJECT, env=os.environ) for _ in range(3)]
    assert [each.wait() for each in started] == [0] * 3
    with connected(url) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            (REVISION,)
        ]


def test_one_drawing_saved_through_two_servers_is_one_entry(
    server: ServerProcess, serve: Callable[..., ServerProcess], connect: Connect
) -> None:
    other = serve(database_url=database_url(server.data_dir), **share_key(server))
    first, second = connect(server), connect(other)
    drawings = [str(uuid4()) for _ in range(SAVES)]
    with ThreadPoolExecutor(2) as threads:
        answers = [
            threads.submit(save, client, id) for id in drawings for client in (first, second)
        ]
        results = [each.result() for each in answers]
    other.stop()
    codes = {answer.get("error", {}).get("code") for answer in results}
    assert codes <= {None, "forbidden"}  # another connection is another guest
    assert listed(first) >= set(drawings)


def share_key(server: ServerProcess) -> dict[str, str]:
    return {"secret_key": (server.data_dir / "secret_key").read_text()}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A history with statistics."""
    url = database_url(tmp_path_factory.mktemp("filled"))
    fill(url, ENTRIES)
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("filter", FILTERS, ids=str)
@pytest.mark.parametrize("before", [None, CURSOR], ids=["first page", "later page"])
def test_page_query_reads_ranges_of_the_primary_key(
    filled: Engine, before: Any, filter: dict[str, Any]
) -> None:
    with filled.connect() as connection:
        scope = plan(connection, ME, Filter(**filter))
    last = ENTRY if before else None
    for query in (
        find(scope, 21, before),
        find_newer(scope, 21, CURSOR, None),
        find_in_order(scope, 21, last),
        count(scope),
    ):
        for scan in scans(explain(filled, query.statement.params(query.values))):
            condition = scan.get("Index Cond", "")
            assert scan["Node Type"] != "Seq Scan", scan
            if scan.get("Relation Name") == "findings" and "Index Name" in scan:
                assert all(f"({column} = " in condition for column in KEY), condition


@pytest.mark.parametrize("viewer", [ME, ANN], ids=["guest", "account"])
def test_summary_of_lists_reads_an_index(filled: Engine, viewer: Viewer) -> None:
    found = scans(explain(filled, summarize(viewer)))
    assert [scan.get("Index Name") for scan in found] == ["entries_by_list"]


def explain(engine: Engine, query: Select[Any]) -> dict[str, Any]:
    """Return the plan of a query for a table that is too long to be read."""
    compiled = query.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {compiled}").scalar_one()
    node: dict[str, Any] = explained[0]["Plan"]
    return node


def scans(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the nodes of a plan that read a table."""
    below = [each for child in node.get("Plans", []) for each in scans(child)]
    return [node, *below] if "Relation Name" in node or "Index Name" in node else below
