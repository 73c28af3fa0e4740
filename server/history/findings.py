"""The search index: where every entry is found, so that no query reads the whole table.

An entry is noted under each of its short texts, its input type and its status: in the whole
history, among those of its maker where several share a history, and in its list. So the entries
that pass any filter are a few ranges of one key, each in the order of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    update,
)

from server.contract import Filter
from server.database.schema import MAX_TERM_LENGTH, findings
from server.history.access import Viewer

PUBLIC, ANY = "", ""  # a primary key cannot hold NULL
CERTAIN, UNCERTAIN, CORRECTED = "certain", "uncertain", "corrected"
DIFFERENT = "different"  # certain, but a newer model reads otherwise
DISPUTED = "disputed"  # corrected, but reviewers disagree

Place = tuple[str, str, str]  # owner, maker, list
Key = tuple[Any, ...]  # values of all columns of `findings`

COLUMNS = tuple(findings.c)


def note(connection: Connection, old: Iterable[Row[Any]], new: Iterable[Row[Any]]) -> None:
    """Note entries that have changed, as they were and as they are."""
    before, after = (set().union(*map(keys, rows)) for rows in (old, new))
    update_index(connection, findings, before, after)


def update_index(connection: Connection, table: Table, before: set[Key], after: set[Key]) -> None:
    """Change the rows of a table whose columns are all its key."""
    this_row = (column == bindparam(column.name) for column in table.c)
    changes = ((delete(table).where(*this_row), before - after), (insert(table), after - before))
    for statement, changed in changes:
        if changed:
            connection.execute(statement, [as_columns(key, table.c) for key in changed])


def keys(row: Any) -> set[Key]:
    """Return the keys under which an entry is found."""
    rest = (row.input_type, _status(row), row.timestamp, row.id)
    texts = _texts_within(row.predicted, row.corrected)
    return {(*place, text, *rest) for place, text in product(_places(row), texts)}


def as_columns(key: Key, columns: Iterable[Column[Any]] = COLUMNS) -> dict[str, Any]:
    return {column.name: value for column, value in zip(columns, key, strict=True)}


def rename(connection: Connection, viewer: Viewer, name: str, new_name: str) -> None:
    """Note the entries of a viewer's list under another name of it."""
    in_list = in_place(place_of(viewer, Filter(list=name)))
    connection.execute(update(findings).where(in_list).values(list=new_name))


def place_of(viewer: Viewer, filter: Filter) -> Place:
    """Return where a filter looks for entries."""
    is_of_maker = viewer.owner is None and (filter.mine or filter.list is not None)
    return viewer.owner or PUBLIC, viewer.maker if is_of_maker else ANY, filter.list or ANY


def in_place(place: tuple[Any, Any, Any]) -> ColumnElement[bool]:
    """Return the condition that a finding is in a place, of values or of parameters for them."""
    owner, maker, list_name = place
    return and_(findings.c.owner == owner, findings.c.maker == maker, findings.c.list == list_name)


def _status(row: Any) -> str:
    if row.corrected is not None:
        return DISPUTED if row.disputed else CORRECTED
    if row.uncertain:
        return UNCERTAIN
    return CERTAIN if row.reread in (None, row.predicted) else DIFFERENT


def _places(row: Any) -> set[Place]:
    owner, maker = row.owner or PUBLIC, row.maker if row.owner is None else ANY
    return {(owner, ANY, ANY), (owner, maker, ANY), (owner, maker, row.list or ANY)}


def _texts_within(*texts: str | None) -> set[str]:
    """Return all substrings of up to MAX_TERM_LENGTH characters, and the empty one."""
    return {""} | {
        text[start : start + length]
        for text in filter(None, texts)
        for start in range(len(text))
        for length in range(1, MAX_TERM_LENGTH + 1)
    }
