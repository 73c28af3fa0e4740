"""Access: the one place that decides who sees an entry and who may change it.

Guests share the public history, whose entries have no owner; an entry is changed only from the
browser that made it. An account sees and changes its own entries, and no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row

from server.database.schema import entries
from server.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Viewer:
    """The rights of a visitor in the history: those of an account, or of a guest (no owner).

    `maker` marks the entries that the visitor makes, without revealing who made them.
    """

    maker: str
    owner: str | None = None


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the viewer sees an entry."""
    return entries.c.owner == viewer.owner  # IS NULL for a guest


def made_by(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the viewer made an entry; an account made all of its own."""
    return seen_by(viewer) & (entries.c.maker == viewer.maker)


def refuse_others(row: Row[Any], viewer: Viewer) -> None:
    """Raise Forbidden unless the viewer may change this entry."""
    if row.owner != viewer.owner:
        raise Forbidden("This id belongs to someone else's entry.")
    if viewer.owner is None and row.maker != viewer.maker:
        raise Forbidden("This entry was made in another browser and can only be changed there.")
