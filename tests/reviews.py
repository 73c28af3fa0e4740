"""Entries to review, put into the database of a server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from msgspec.structs import replace
from sqlalchemy import select

from server.accounts.visitor import account_viewer
from server.contract import Digit
from server.database.engine import connect
from server.database.schema import reviews
from server.history.entry import Draft
from server.history.journal import MemoryJournal
from server.history.store import HistoryStore
from tests.conftest import ServerProcess
from tests.databases import database_url
from tests.pictures import png
from tests.unit.fakes import make_reading

MAX_ENTRIES = 100_000


@dataclass(frozen=True)
class Seed:
    """An entry to make: what it was read as and with which confidence; below 0.9 it is not sure.

    `written` is what its picture shows.
    """

    text: str
    confidence: float = 0.5
    written: str = "7"


def seed(server: ServerProcess, owner: str, seeds: Sequence[Seed]) -> list[UUID]:
    """Give an account entries that another model has read; return their ids."""
    engine = connect(database_url(server.data_dir))
    store = HistoryStore(engine, MAX_ENTRIES, MemoryJournal())
    ids = [store.save(_draft(each), account_viewer(owner)).entry.id for each in seeds]
    engine.dispose()
    return ids


def said(server: ServerProcess, id: UUID | str) -> list[str]:
    """Return what reviewers said of an entry, the oldest first."""
    query = select(reviews.c.text).where(reviews.c.entry_id == UUID(str(id)))
    with server.connected() as connection:
        return [*connection.execute(query.order_by(reviews.c.number)).scalars()]


def _digit(each: Seed, place: int) -> Digit:
    value = None if each.text[place] == "?" else int(each.text[place])
    box = (60 * place + 10, 10, 40, 60)
    return Digit(value, each.confidence, (0.1,) * 10, box)


def _draft(each: Seed) -> Draft:
    is_unsure = each.confidence < 0.9
    digits = tuple(_digit(each, place) for place in range(len(each.text)))
    reading = replace(
        make_reading(each.text),
        digits=digits,
        confidence=each.confidence,
        uncertain=is_unsure,
        size=(60 * len(digits), 80),
    )
    return Draft(uuid4(), "upload", reading, png(each.written), "0" * 64, replaces=False)
