"""Entries of which it is known what they say, for training and comparing models.

They are those that were corrected or confirmed, and that nobody disputes: of accounts that let
their corrections serve everybody and, if the operator decides so, of guests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

import msgspec
from sqlalchemy import Engine, select

from server.contract import Shown, Strokes
from server.database.engine import transaction
from server.database.schema import entries, pictures, users

BATCH = 100  # entries of one transaction
ONE_HELD_BACK_OF = 4  # people, by their digest: the same ones whenever a model is trained


@dataclass(frozen=True)
class Known:
    """An entry as it was written: what it says, and who made it."""

    id: UUID
    maker: str
    text: str
    shown: Shown

    @property
    def is_held_back(self) -> bool:
        """Whether its maker is one of those that no model learns from, but each is measured on."""
        return crc32(self.maker.encode()) % ONE_HELD_BACK_OF == 0


def known_entries(engine: Engine, with_guests: bool) -> Iterator[Known]:
    """Yield the entries of which it is known what they say, in the order of their ids.

    Raises Unavailable.
    """
    agreed = entries.c.owner.in_(select(users.c.name).where(users.c.contributes))
    chosen = agreed | entries.c.owner.is_(None) if with_guests else agreed
    columns = entries.c.id, entries.c.maker, entries.c.corrected, *pictures.c
    query = (
        select(*columns)
        .join(pictures, pictures.c.entry_id == entries.c.id)
        .where(chosen, entries.c.corrected != "", entries.c.disputed.is_(False))
        .order_by(entries.c.id)
        .limit(BATCH)
    )
    rows = None
    while rows is None or len(rows) == BATCH:
        after = query.where(entries.c.id > rows[-1].id) if rows else query
        with transaction(engine) as connection:
            rows = connection.execute(after).all()
        for row in rows:
            strokes = msgspec.json.decode(row.strokes, type=Strokes) if row.strokes else None
            shown = Shown(image=bytes(row.content), strokes=strokes, digits_only=row.digits_only)
            yield Known(row.id, row.maker, row.corrected, shown)
