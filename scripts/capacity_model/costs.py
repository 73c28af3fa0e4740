"""The unit costs: what a frame, a save, an event and a connection take.

`python3 scripts/capacity.py --measure [PART …]` measures them anew, beside those of this file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def cost(part: str, meaning: str, digits: int = 2) -> Any:
    """Declare a cost: the part of the measurement that gives it, and what it is, with its unit."""
    return field(metadata={"part": part, "meaning": meaning, "digits": digits})


@dataclass(frozen=True)
class Costs:
    """Costs per unit of work. CPU times are those of one core of the machine that measured."""

    frame_alone_ms: float = cost("frames", "CPU of a frame, one person drawing, ms")
    frame_busy_ms: float = cost("frames", "CPU of a frame, the process saturated, ms")
    client_ms: float = cost("frames", "CPU of the clients that measured this, for a frame, ms")
    frame_up_bytes: float = cost("proxy", "a frame on the wire, TLS and headers included, bytes", 0)
    frame_down_bytes: float = cost("proxy", "its prediction on the wire, bytes", 0)
    proxy_ms: float = cost("proxy", "CPU of nginx for a frame and its prediction, ms", 3)
    save_sqlite_ms: float = cost("sqlite", "CPU of a save, SQLite, ms", 1)
    row_sqlite_bytes: float = cost("sqlite", "growth of SQLite's file by a saved number, bytes", 0)
    photo_ms: float = cost("sqlite", "CPU of a photo of 12 megapixels, ms", 0)
    photo_up_bytes: float = cost("sqlite", "such a photo, bytes", 0)
    photo_row_bytes: float = cost("sqlite", "growth of SQLite's file by a photo, bytes", 0)
    save_postgresql_ms: float = cost(
        "postgresql", "CPU of a save in the process, PostgreSQL, ms", 1
    )
    save_database_ms: float = cost("postgresql", "CPU of a save in PostgreSQL itself, ms")
    save_up_bytes: float = cost("postgresql", "a save on the wire, bytes", 0)
    row_postgresql_bytes: float = cost(
        "postgresql", "growth of PostgreSQL's tables by a saved number, bytes", 0
    )
    log_bytes: float = cost("postgresql", "PostgreSQL's write-ahead log of a save, bytes", 0)
    listen_ms: float = cost("postgresql", "CPU of another process that hears of a save, ms")
    listen_database_ms: float = cost("postgresql", "CPU of PostgreSQL for telling that process, ms")
    writer_ms: float = cost("postgresql", "time in which nobody else can write, of a save, ms")
    event_ms: float = cost("pages", "CPU of a saved entry on one open page, ms", 4)
    event_bytes: float = cost("pages", "that event on the wire, bytes", 0)
    process_bytes: float = cost("frames", "memory of a process under load, bytes", 0)
    page_bytes: float = cost("pages", "memory of an idle page, bytes", 0)
    page_ms: float = cost("pages", "CPU of an idle page, ms a second", 4)


MEASURED = Costs(
    frame_alone_ms=1.40,
    frame_busy_ms=1.02,
    client_ms=0.49,
    frame_up_bytes=312,
    frame_down_bytes=600,
    proxy_ms=0.042,
    save_sqlite_ms=15.5,
    row_sqlite_bytes=7_823,
    photo_ms=290,
    photo_up_bytes=3_854_458,
    photo_row_bytes=9_421,
    save_postgresql_ms=18.2,
    save_database_ms=2.00,
    save_up_bytes=11_728,
    row_postgresql_bytes=11_223,
    log_bytes=13_524,
    listen_ms=3.75,
    listen_database_ms=1.00,
    writer_ms=7.67,
    event_ms=0.0525,
    event_bytes=1_057,
    process_bytes=259_739_648,
    page_bytes=155_935,
    page_ms=0.0200,
)
PARTS = tuple(dict.fromkeys(each.metadata["part"] for each in fields(Costs)))
