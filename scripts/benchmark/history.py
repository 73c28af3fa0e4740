"""Speed of a large history: its pages, and saves seen by many open pages."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import msgspec
import numpy as np
from sqlalchemy import NullPool, Table, create_engine, text
from sqlalchemy.dialects import sqlite

from scripts.benchmark.load import node
from scripts.benchmark.servers import Server
from server.contract import Line, Reading
from server.database.engine import open_database
from server.database.schema import confusions, entries, findings, tallies
from server.history.findings import as_columns, keys
from server.history.tallies import tally
from tests.pictures import draw, encode

REPEATS = 30
LENGTHS = (1, 5)  # digits of an entry
FIRST_TIME = datetime(2026, 1, 1, tzinfo=UTC)
SECOND, FIVE_MINUTES = timedelta(seconds=1), timedelta(minutes=5)
ENTRIES_PER_UPLOAD, ENTRIES_PER_CHECK, ENTRIES_PER_CORRECTION = 10, 20, 200
COUNTED_AT_ONCE = 1_000


def fill(url: str, count: int, pause: timedelta = SECOND) -> None:
    """Create a history of `count` entries with a pause between them."""
    open_database(url).dispose()
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        insert = _copy if engine.dialect.name == "postgresql" else _insert
        counts: Counter[Any] = Counter()
        for table, rows in (
            (entries, _make_entries(count, pause)),
            (findings, _note_entries(count, pause)),
            (confusions, _note_cells(count, pause, counts)),
            (tallies, _list_counts(counts)),
        ):
            insert(driver, table, rows)
            driver.commit()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself in time
    engine.dispose()


def _insert(connection: Any, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    statement = table.insert().compile(dialect=sqlite.dialect(paramstyle="named"))
    connection.execute("PRAGMA synchronous = OFF")
    connection.executemany(str(statement), rows)


def _copy(connection: Any, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    names = [column.name for column in table.c]
    quoted = ", ".join(f'"{name}"' for name in names)
    command = f"COPY {table.name} ({quoted}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def _make_entries(count: int, pause: timedelta) -> Iterator[dict[str, Any]]:
    rng = np.random.default_rng(1)
    for k in range(count):
        length = int(rng.integers(*LENGTHS, endpoint=True))
        text = str(rng.integers(10**length)).zfill(length)
        time_of_entry = FIRST_TIME + k * pause
        reading = Reading(text, 0.99, False, (), (Line(text, 0.99),), (28, 28), 1.0, "0" * 8)
        yield {
            "id": rng.bytes(16).hex(),
            "input_type": "upload" if k % ENTRIES_PER_UPLOAD == 0 else "canvas",
            "predicted": text,
            "confidence": 0.99,
            "image_path": "/images/none",
            "timestamp": time_of_entry.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "uncertain": 0,
            "corrected": _check(k, text),
            "disputed": False,
            "reread": None,
            "reread_by": None,
            "reading": msgspec.json.encode(reading).decode(),
            "maker": "0" * 16,
            "image_version": "0" * 16,
            "owner": None,
            "list": None,
            "rank": time_of_entry.timestamp() * 1000,
        }


def _check(number: int, text: str) -> str | None:
    """Return what an entry is corrected to, or confirmed by."""
    if number % ENTRIES_PER_CORRECTION == 0:
        return str((int(text[0]) + 1) % 10) + text[1:]
    return text if number % ENTRIES_PER_CHECK == 0 else None


def _note_entries(count: int, pause: timedelta) -> Iterator[dict[str, Any]]:
    for entry in _make_entries(count, pause):
        yield from map(as_columns, keys(SimpleNamespace(**entry)))


def _note_cells(count: int, pause: timedelta, counts: Counter[Any]) -> Iterator[dict[str, Any]]:
    """Yield where cells of the statistics are found; add all counts to `counts`."""
    made = _make_entries(count, pause)
    while rows := [*islice(made, COUNTED_AT_ONCE)]:
        for row in rows:
            row["reading"] = msgspec.json.decode(row["reading"])
        added = tally(SimpleNamespace(**row) for row in rows)
        counts.update(added.counts)
        yield from (as_columns(cell, confusions.c) for cell in added.cells)


def _list_counts(counts: Counter[Any]) -> Iterator[dict[str, Any]]:
    for key, times in counts.items():
        yield as_columns((*key, times), tallies.c)


ENTRIES, CELL = "/api/predictions", "/api/statistics/entries"
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "the first page": (ENTRIES, {}),
    "a page in the middle": (ENTRIES, {"before": f"2030-10-02T00:00:00.000Z~{UUID(int=0)}"}),
    "uploads only": (ENTRIES, {"input_type": "upload"}),
    "a search that finds much": (ENTRIES, {"search": "1"}),
    "a search that finds little": (ENTRIES, {"search": "31415"}),
    "a search that finds nothing": (ENTRIES, {"search": "?"}),
    "the statistics": ("/api/statistics", {}),
    "pictures of digits that were read right": (CELL, {"read": 7, "written": 7}),
    "pictures of digits that were mixed up": (CELL, {"read": 7, "written": 8}),
}


def time_pages(server: Server) -> dict[str, float]:
    """Return the median milliseconds of each query."""
    times = {}
    with httpx.Client(base_url=server.url) as client:
        for name, query in QUERIES.items():
            times[name] = median(_time(client, *query) for _ in range(REPEATS))
    return times


def _time(client: httpx.Client, path: str, query: dict[str, Any]) -> float:
    started = time.perf_counter()
    client.get(path, params=query).raise_for_status()
    return (time.perf_counter() - started) * 1000


def time_saves(server: Server, watchers: int, saves: int) -> list[float]:
    """Return, for each save, the milliseconds until the last of `watchers` open pages has it."""
    return sorted(watch_saves(server, watchers, saves)["latencies_ms"])


def watch_saves(server: Server, watchers: int, saves: int) -> dict[str, Any]:
    """Save while pages are open; return what they report: see watchers.mjs."""
    task = {
        "url": server.url,
        "connections": watchers,
        "saves": saves,
        "image": base64.b64encode(encode(draw("407"), "PNG")).decode(),
    }
    script = Path(__file__).with_name("watchers.mjs")
    output = subprocess.check_output([node(), str(script), json.dumps(task)], text=True)
    report: dict[str, Any] = json.loads(output)
    return report
