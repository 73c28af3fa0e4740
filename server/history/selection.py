"""Queries that select entries by a filter, in an order, from the search index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from operator import gt, lt
from typing import Any

from msgspec import structs
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    UnaryExpression,
    asc,
    desc,
    func,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql import Subquery

from server.contract import Entry, Filter
from server.database.schema import MAX_TERM_LENGTH, entries, findings
from server.history.access import Viewer, made_by
from server.history.findings import CERTAIN, CORRECTED, UNCERTAIN, in_place, place_of

INPUT_TYPES = ("canvas", "upload")
CONTRADICTION = ""  # the status of no entry
MANY = 20_000  # entries of one term: it is not worth counting on
MAX_TERMS = 20  # that are counted

Cursor = tuple[str, Any]  # timestamp and id of an entry


@dataclass(frozen=True)
class Order:
    """An order of columns; `is_beyond` compares what follows a cursor with it."""

    direction: Callable[[ColumnElement[Any]], UnaryExpression[Any]]
    is_beyond: Callable[[Any, Any], ColumnElement[bool]]


NEWEST_FIRST, OLDEST_FIRST = Order(desc, lt), Order(asc, gt)


@dataclass(frozen=True)
class Stretch:
    """A stretch of entries in an order of time: those beyond `cursor` and older than `before`."""

    order: Order
    cursor: Cursor | None
    before: Cursor | None = None


@dataclass(frozen=True)
class Scope:
    """The entries that pass a filter, of those that a viewer sees.

    `term` is the part of the searched text that is looked up in the index.
    """

    viewer: Viewer
    filter: Filter
    term: str


def plan(connection: Connection, viewer: Viewer, filter: Filter) -> Scope:
    """Choose the part of the searched text that the fewest entries hold."""
    scopes = [Scope(viewer, filter, term) for term in _terms(filter.search or "")]
    if len(scopes) == 1:
        return scopes[0]
    return min(scopes, key=lambda scope: connection.execute(_up_to_many(scope)).scalar_one())


def find(scope: Scope, limit: int, before: Cursor | None) -> Select[Any]:
    """Select the newest entries, older than a cursor."""
    return _by_time(scope, limit, Stretch(NEWEST_FIRST, before))


def find_newer(scope: Scope, limit: int, after: Cursor, before: Cursor | None) -> Select[Any]:
    """Select the entries that are next newer than a cursor, from old to new.

    With `before`, only those that are older than it.
    """
    return _by_time(scope, limit, Stretch(OLDEST_FIRST, after, before))


def find_in_order(scope: Scope, limit: int, after: Entry | None) -> Select[Any]:
    """Select the first entries behind one, oldest first, or by rank within one list."""
    if scope.filter.list is not None:
        return _by_rank(scope, limit, after)
    cursor = (after.timestamp, after.id) if after else None
    return _by_time(scope, limit, Stretch(OLDEST_FIRST, cursor))


def count(scope: Scope) -> Select[Any]:
    """Count the entries."""
    return select(func.count()).select_from(_found(scope).subquery())


def _terms(search: str) -> Sequence[str]:
    """Return the parts of a text that the index holds, each once, the first MAX_TERMS of them."""
    starts = range(max(1, len(search) - MAX_TERM_LENGTH + 1))
    terms = dict.fromkeys(search[start : start + MAX_TERM_LENGTH] for start in starts)
    return [*terms][:MAX_TERMS]


def _up_to_many(scope: Scope) -> Select[Any]:
    """Count the entries under the term, whatever their texts, no further than to MANY."""
    held = replace(scope, filter=structs.replace(scope.filter, search=None))
    return select(func.count()).select_from(_found(held).limit(MANY).subquery())


def _by_time(scope: Scope, limit: int, stretch: Stretch) -> Select[Any]:
    """Select entries in an order of time.

    Each input type and status is one range of the primary key, of which at most `limit` rows are
    read.
    """
    ranges = [
        _first(_found(scope, [input_type], [status]), limit, stretch)
        for input_type, status in product(_input_types(scope.filter), _statuses(scope.filter))
    ]
    found = union_all(*map(select, ranges)).subquery()
    query = select(entries).join(found, found.c.entry_id == entries.c.id)
    by_time = map(stretch.order.direction, (entries.c.timestamp, entries.c.id))
    return query.order_by(*by_time).limit(limit)


def _first(query: Select[Any], limit: int, stretch: Stretch) -> Subquery:
    key = (findings.c.timestamp, findings.c.entry_id)
    if stretch.cursor is not None:
        query = query.where(stretch.order.is_beyond(tuple_(*key), stretch.cursor))
    if stretch.before is not None:
        query = query.where(tuple_(*key) < stretch.before)
    return query.order_by(*map(stretch.order.direction, key)).limit(limit).subquery()


def _by_rank(scope: Scope, limit: int, after: Entry | None) -> Select[Any]:
    """Select entries of a list in its order; each is looked up in the index by its key."""
    found = _found(scope).where(
        findings.c.timestamp == entries.c.timestamp, findings.c.entry_id == entries.c.id
    )
    place = (entries.c.rank, entries.c.timestamp, entries.c.id)
    query = select(entries).where(
        made_by(scope.viewer),
        entries.c.list == scope.filter.list,
        found.correlate(entries).exists(),
    )
    if after is not None:
        query = query.where(tuple_(*place) > (after.rank, after.timestamp, after.id))
    return query.order_by(*place).limit(limit)


def _found(
    scope: Scope, input_types: Sequence[str] | None = None, statuses: Sequence[str] | None = None
) -> Select[Any]:
    """Select the ids of the entries; by default of every input type and status that may pass."""
    filter = scope.filter
    query = select(findings.c.entry_id).where(
        in_place(place_of(scope.viewer, filter)),
        findings.c.text == scope.term,
        findings.c.input_type.in_(input_types or _input_types(filter)),
        findings.c.status.in_(statuses or _statuses(filter)),
    )
    if filter.made_from is not None:
        query = query.where(findings.c.timestamp >= filter.made_from)
    if filter.made_until is not None:
        query = query.where(findings.c.timestamp <= filter.made_until)
    if filter.search not in (None, scope.term):
        texts = entries.alias("texts")
        query = query.join(texts, texts.c.id == findings.c.entry_id).where(
            texts.c.predicted.contains(filter.search, autoescape=True)
            | texts.c.corrected.contains(filter.search, autoescape=True)
        )
    return query


def _input_types(filter: Filter) -> Sequence[str]:
    return [filter.input_type] if filter.input_type else INPUT_TYPES


def _statuses(filter: Filter) -> Sequence[str]:
    wanted = {UNCERTAIN: filter.uncertain, CORRECTED: filter.corrected}
    passing = [
        status
        for status in (CERTAIN, UNCERTAIN, CORRECTED)
        if all(is_wanted in (None, status == name) for name, is_wanted in wanted.items())
    ]
    return passing or [CONTRADICTION]
