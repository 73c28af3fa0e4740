"""Whose history: the one place that decides who sees an entry and who may change it.

Guests share the public history, whose entries have no owner; what a guest made, only the same
browser may change. An account sees its own entries, all of which it may change, and no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row

from server.database.schema import entries
from server.errors import Forbidden


@dataclass(frozen=True)
class Viewer:
    """Who looks at the history: an account by its name, or a guest (no owner).

    `maker` marks what they make, and tells nothing of who they are.
    """

    maker: str
    owner: str | None = None


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that an entry is one that the viewer sees."""
    return entries.c.owner.is_not_distinct_from(viewer.owner)


def made_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that an entry is the viewer's own."""
    own = seen_by(viewer)
    return own if viewer.owner else own & (entries.c.maker == viewer.maker)


def refuse_others(row: Row[Any], viewer: Viewer) -> None:
    """Raise Forbidden unless the viewer may change this entry."""
    if row.owner != viewer.owner:
        raise Forbidden("This id belongs to an entry of somebody else.")
    if viewer.owner is None and row.maker != viewer.maker:
        raise Forbidden("This entry was made in another browser: only there can it be changed.")
