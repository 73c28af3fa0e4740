"""Costs of saves: in the server, in its database, and in other processes that hear of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from uuid import uuid4

import httpx

from scripts.benchmark.disturbances import make_photo
from scripts.benchmark.servers import Server, run_live_digits
from scripts.capacity_model.clients import connected, record_save
from scripts.capacity_model.gauges import Figures, cpu_ms, rise, scalar
from server.contract import HistoryQuery
from server.database.engine import open_database
from server.history.access import Viewer
from server.history.entry import Draft
from server.history.shared_journal import SharedJournal
from server.history.store import HistoryStore
from server.runtime.loops.threading import call_here
from tests.conftest import free_port
from tests.databases import PostgresServer

NUMBER = "407"
MAX_ENTRIES = 100_000
WARM_UP, SAVES, PHOTOS = 4, 40, 2  # in each round
WRITES, WRITE_ROUNDS = 10, 50  # short ones, between which other load comes and goes
GUEST = Viewer("0" * 16, None)
FILE_BYTES = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
TABLE_BYTES = (
    "SELECT sum(pg_total_relation_size(each)) "
    "FROM unnest('{entries,findings,pictures}'::regclass[]) AS each"
)
LOG_BYTES = "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"


def measure_sqlite() -> Figures:
    """Save numbers and upload photos, one after the other."""
    photo = make_photo()
    with TemporaryDirectory() as folder, run_live_digits(Path(folder)) as server:
        save = record_save(server.url, NUMBER)
        file_bytes = scalar(f"sqlite:///{folder}/history.db", FILE_BYTES)
        cpu = cpu_ms(lambda: [server.process])
        with connected(server.url, 1) as (page,):
            gauges = {"save_sqlite_ms": cpu, "row_sqlite_bytes": file_bytes}
            saved = rise(gauges, lambda: page.save(save), SAVES)
        gauges = {"photo_ms": cpu, "photo_row_bytes": file_bytes}
        uploaded = rise(gauges, lambda: upload(server, photo), PHOTOS)
    return saved | uploaded | {"photo_up_bytes": len(photo)}


def upload(server: Server, photo: bytes) -> None:
    url = f"{server.url}/api/predictions"
    httpx.post(url, content=photo, timeout=30).raise_for_status()


def measure_postgresql() -> Figures:
    """Save in a PostgreSQL that syncs its log: alone, beside a listening process, by the store."""
    with TemporaryDirectory(prefix="digits-postgres-") as folder:
        postgres = PostgresServer(Path(folder), free_port())
        postgres.start()
        try:
            url = postgres.create("digits")
            open_database(url).dispose()
            return measure_processes(postgres, url) | time_write(url)
        finally:
            postgres.stop()


def measure_processes(postgres: PostgresServer, url: str) -> Figures:
    gauges = {
        "save_database_ms": cpu_ms(postgres.processes),
        "row_postgresql_bytes": scalar(url, TABLE_BYTES),
        "log_bytes": scalar(url, LOG_BYTES),
    }
    with run_live_digits(database_url=url) as server:
        save = record_save(server.url, NUMBER)
        with connected(server.url, 1) as (page,):
            rise({}, lambda: page.save(save), WARM_UP)
            gauges["save_postgresql_ms"] = cpu_ms(lambda: [server.process])
            gauges["save_up_bytes"] = lambda: page.wire_bytes()[0]
            alone = rise(gauges, lambda: page.save(save), SAVES)
            with run_live_digits(database_url=url) as listener:
                rise({}, lambda: page.save(save), WARM_UP)
                gauges["listen_ms"] = cpu_ms(lambda: [listener.process])
                heard = rise(gauges, lambda: page.save(save), SAVES)
    return alone | {
        "listen_ms": heard["listen_ms"],
        "listen_database_ms": heard["save_database_ms"] - alone["save_database_ms"],
    }


def time_write(url: str) -> Figures:
    """Return the time of a transaction that saves, in which nobody else can write."""
    engine = open_database(url)
    store = HistoryStore(engine, MAX_ENTRIES, SharedJournal(engine, call_here))
    [entry] = store.list(GUEST, HistoryQuery(limit=1)).entries
    picture = store.picture(GUEST, entry.id).content

    def save() -> None:
        store.save(Draft(uuid4(), "canvas", entry.reading, picture, "0" * 64, True), GUEST)

    risen = rise({"writer_ms": lambda: perf_counter() * 1000}, save, WRITES, WRITE_ROUNDS)
    engine.dispose()
    return risen
