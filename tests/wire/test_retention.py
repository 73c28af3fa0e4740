"""Retention: servers that delete the oldest entries, and tell those who watch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, insert, select, update
from werkzeug.serving import make_server

from server.app import Server, create_app
from server.database.engine import as_timestamp
from server.database.schema import entries, findings, metadata, pictures
from server.history.findings import keys
from server.services import retention
from server.settings import Settings
from tests.conftest import ServerProcess, wait_until
from tests.databases import database_url
from tests.pictures import png
from tests.wire.accounts import Browser
from tests.wire.conftest import Client

SOON_S = 20
ENTRIES = 50  # of each history: several transactions
Start = Callable[..., ServerProcess]


@pytest.fixture(scope="module")
def filled(async_mode: str, serve: Start) -> ServerProcess:
    """A stopped server with entries of ann and of a guest, one made on each of the last days."""
    server = serve(async_mode=async_mode)
    ann, guest = Browser(server).sign_up("ann"), Browser(server)
    for browser in (ann, guest):
        for _ in range(ENTRIES):
            browser.upload()
        browser.http.close()
    server.stop()
    date_back(server)
    return server


def date_back(server: ServerProcess) -> None:
    """Let each entry of a history be a day older than the next."""
    query = select(entries.c.id, entries.c.owner).order_by(entries.c.timestamp.desc())
    with server.connected() as database:
        days: dict[str | None, int] = {}
        for id, owner in database.execute(query).all():
            days[owner] = days.get(owner, 0) + 1
            moment = datetime.now(UTC) - timedelta(days=days[owner]) + timedelta(hours=1)
            for table, key in ((entries, entries.c.id), (findings, findings.c.entry_id)):
                made = update(table).where(key == id).values(timestamp=as_timestamp(moment))
                database.execute(made)


def copy_rows(source: ServerProcess, target: ServerProcess) -> None:
    with source.connected() as read, target.connected() as write:
        for table in metadata.sorted_tables:
            rows = [row._asdict() for row in read.execute(select(table))]
            if rows:
                write.execute(insert(table), rows)


@pytest.fixture
def start(filled: ServerProcess, serve: Start) -> Iterator[Start]:
    """Return a function that starts a server with settings on a copy of that history."""
    started: list[ServerProcess] = []

    def start_server(**settings: str) -> ServerProcess:
        server = serve(async_mode=filled.settings["async_mode"])
        started.append(server)
        server.stop()
        copy_rows(filled, server)
        server.settings |= settings
        server.start()
        return server

    yield start_server
    for server in started:
        server.stop()


@contextmanager
def served(server: Server) -> Iterator[str]:
    """Start an application in this process; stop it in the end."""
    http = make_server("127.0.0.1", 0, server.app, threaded=True)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    server.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}"
    finally:
        server.stop()
        http.shutdown()
        thread.join()
        http.server_close()


def count(server: ServerProcess, owner: str | None) -> int:
    query = select(func.count()).select_from(entries).where(entries.c.owner == owner)
    with server.connected() as database:
        return int(database.execute(query).scalar_one())


def stored_bytes(server: ServerProcess, owner: str | None) -> int:
    query = select(func.sum(func.length(pictures.c.content))).join(entries)
    with server.connected() as database:
        return int(database.execute(query.where(entries.c.owner == owner)).scalar_one())


def assert_kept(server: ServerProcess, kept: int) -> None:
    """Wait until both histories have so many entries; the rest of them must be in order."""
    wait_until(lambda: [count(server, owner) for owner in (None, "ann")] == [kept] * 2, SOON_S)
    deleted = ENTRIES - kept
    wait_until(lambda: f"Retention deleted {deleted} entries of the public" in server.log())
    wait_until(lambda: f"Retention deleted {deleted} entries of the history of ann" in server.log())
    with server.connected() as database:
        noted = {tuple(row) for row in database.execute(select(findings))}
        assert noted == set().union(*map(keys, database.execute(select(entries))))


def test_nothing_is_deleted_by_default(start: Start) -> None:
    server = start()
    assert [count(server, owner) for owner in (None, "ann")] == [ENTRIES] * 2
    assert "Retention" not in server.log()


def test_entries_beyond_a_number_are_deleted(start: Start) -> None:
    assert_kept(start(keep_entries="7"), 7)


def test_entries_beyond_an_age_are_deleted(start: Start) -> None:
    assert_kept(start(keep_days="9"), 9)


def test_entries_beyond_bytes_are_deleted(start: Start, filled: ServerProcess) -> None:
    one = stored_bytes(filled, None) // ENTRIES
    assert_kept(start(keep_picture_bytes=str(5 * one)), 5)


def test_newest_entries_are_kept_and_deletions_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "CHECK_S", 0.1)
    settings = Settings(
        data_dir=tmp_path,
        database_url=database_url(tmp_path),
        async_mode="threading",
        keep_entries=2,
    )
    with served(create_app(settings)) as url:
        client = Client(url)
        client.ask("watch_history", {})
        made = [httpx.post(f"{url}/api/predictions", content=png("7")).json() for _ in range(5)]
        removed = {client.wait_for("history_removed")["id"] for _ in range(3)}
        left = httpx.get(f"{url}/api/predictions").json()["entries"]
        client.close()
    ids = [each["entry"]["id"] for each in made]
    assert removed == set(ids[:3])
    assert [entry["id"] for entry in left] == ids[:2:-1]
