"""Queries that select entries by a filter, in an order, from the search index.

A statement is made once for each kind of filter and order, which takes longer than to run it; the
values come with each query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from operator import gt, lt
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Result,
    Select,
    String,
    Tuple,
    UnaryExpression,
    Uuid,
    asc,
    bindparam,
    desc,
    func,
    select,
    tuple_,
    union_all,
)

from server.contract import Entry, Filter
from server.database.schema import MAX_TERM_LENGTH, entries, findings
from server.history.access import Viewer, made_by
from server.history.entry import EntryPage
from server.history.findings import (
    CERTAIN,
    CORRECTED,
    DIFFERENT,
    DISPUTED,
    UNCERTAIN,
    in_place,
    place_of,
)

INPUT_TYPES = ("canvas", "upload")
CONTRADICTION = ""  # the status of no entry
MANY = 20_000  # entries of one term: it is not worth counting on
MAX_TERMS = 20  # that are counted
KEPT_STATEMENTS = 500
ESCAPE = "/"  # of a pattern

Cursor = tuple[str, Any]  # timestamp and id of an entry


@dataclass(frozen=True)
class Query:
    """A statement with its values."""

    statement: Select[Any]
    values: Mapping[str, Any]

    def run(self, connection: Connection) -> Result[Any]:
        return connection.execute(self.statement, self.values)


@dataclass(frozen=True)
class Order:
    """An order of columns; `is_beyond` compares what follows a cursor with it."""

    direction: Callable[[ColumnElement[Any]], UnaryExpression[Any]]
    is_beyond: Callable[[Any, Any], ColumnElement[bool]]


NEWEST_FIRST, OLDEST_FIRST = Order(desc, lt), Order(asc, gt)


@dataclass(frozen=True)
class Scope:
    """The entries that pass a filter, of those that a viewer sees.

    `term` is the part of the searched text that is looked up in the index.
    """

    viewer: Viewer
    filter: Filter
    term: str

    @property
    def values(self) -> dict[str, Any]:
        owner, maker, list_name = place_of(self.viewer, self.filter)
        return {
            "owner": owner,
            "maker": maker,
            "list": list_name,
            "term": self.term,
            "made_from": self.filter.made_from,
            "made_until": self.filter.made_until,
            "pattern": _pattern(self.filter.search or ""),
        }


@dataclass(frozen=True)
class Kind:
    """What a filter asks for, but for its values."""

    input_types: tuple[str, ...]
    statuses: tuple[str, ...]
    made_from: bool
    made_until: bool
    is_within: bool  # the searched text is longer than its term


def parse_cursor(cursor: str | None) -> Cursor | None:
    """Return the timestamp and id of the entry that a cursor names."""
    if cursor is None:
        return None
    timestamp, _, id = cursor.partition("~")
    return timestamp, UUID(id)


def to_page(found: list[Entry], limit: int) -> EntryPage:
    """Return a page of up to `limit` entries, of which one more was asked for."""
    last = found[limit - 1] if len(found) > limit else None
    return EntryPage(found[:limit], f"{last.timestamp}~{last.id}" if last else None)


def plan(connection: Connection, viewer: Viewer, filter: Filter) -> Scope:
    """Choose the part of the searched text that the fewest entries hold."""
    scopes = [Scope(viewer, filter, term) for term in _terms(filter.search or "")]
    if len(scopes) == 1:
        return scopes[0]
    return min(scopes, key=lambda scope: _up_to_many(scope).run(connection).scalar_one())


def find(scope: Scope, limit: int, before: Cursor | None) -> Query:
    """Select the newest entries, older than a cursor."""
    return _by_time(scope, limit, NEWEST_FIRST, before)


def find_newer(scope: Scope, limit: int, after: Cursor, before: Cursor | None) -> Query:
    """Select the entries that are next newer than a cursor, from old to new.

    With `before`, only those that are older than it.
    """
    return _by_time(scope, limit, OLDEST_FIRST, after, before)


def find_in_order(scope: Scope, limit: int, after: Entry | None) -> Query:
    """Select the first entries behind one, oldest first, or by rank within one list."""
    if scope.filter.list is not None:
        return _by_rank(scope, limit, after)
    cursor = (after.timestamp, after.id) if after else None
    return _by_time(scope, limit, OLDEST_FIRST, cursor)


def count(scope: Scope) -> Query:
    """Count the entries."""
    return Query(_count(_kind(scope), None), scope.values)


def _terms(search: str) -> Sequence[str]:
    """Return the parts of a text that the index holds, each once, the first MAX_TERMS of them."""
    starts = range(max(1, len(search) - MAX_TERM_LENGTH + 1))
    terms = dict.fromkeys(search[start : start + MAX_TERM_LENGTH] for start in starts)
    return [*terms][:MAX_TERMS]


def _up_to_many(scope: Scope) -> Query:
    """Count the entries under the term, whatever their texts, no further than to MANY."""
    return Query(_count(replace(_kind(scope), is_within=False), MANY), scope.values)


@lru_cache(KEPT_STATEMENTS)
def _count(kind: Kind, most: int | None) -> Select[Any]:
    return select(func.count()).select_from(_found(kind).limit(most).subquery())


def _by_time(
    scope: Scope, limit: int, order: Order, cursor: Cursor | None, before: Cursor | None = None
) -> Query:
    """Select entries in an order of time: those beyond `cursor` and older than `before`."""
    statement = _in_time(_kind(scope), order, cursor is not None, before is not None)
    values = scope.values | {"limit": limit}
    values["cursor_time"], values["cursor_id"] = cursor or (None, None)
    values["before_time"], values["before_id"] = before or (None, None)
    return Query(statement, values)


@lru_cache(KEPT_STATEMENTS)
def _in_time(kind: Kind, order: Order, has_cursor: bool, has_before: bool) -> Select[Any]:
    """Select entries in an order of time.

    Each input type and status is one range of the primary key, of which at most `limit` rows are
    read.
    """
    key = (findings.c.timestamp, findings.c.entry_id)
    limit = bindparam("limit", type_=Integer)
    ranges = []
    for input_type, status in product(kind.input_types, kind.statuses):
        query = _found(replace(kind, input_types=(input_type,), statuses=(status,)))
        if has_cursor:
            query = query.where(order.is_beyond(tuple_(*key), _place("cursor")))
        if has_before:
            query = query.where(tuple_(*key) < _place("before"))
        ranges.append(query.order_by(*map(order.direction, key)).limit(limit).subquery())
    found = union_all(*map(select, ranges)).subquery()
    query = select(entries).join(found, found.c.entry_id == entries.c.id)
    by_time = map(order.direction, (entries.c.timestamp, entries.c.id))
    return query.order_by(*by_time).limit(limit)


def _place(name: str) -> Tuple:
    """Return the place of a cursor in time, which comes as two values."""
    return tuple_(bindparam(f"{name}_time", type_=String), bindparam(f"{name}_id", type_=Uuid))


def _by_rank(scope: Scope, limit: int, after: Entry | None) -> Query:
    """Select entries of a list in its order; each is looked up in the index by its key."""
    found = _found(_kind(scope)).where(
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
    return Query(query.order_by(*place).limit(limit), scope.values)


def _found(kind: Kind) -> Select[Any]:
    """Select the ids of the entries."""
    query = select(findings.c.entry_id).where(
        in_place((bindparam("owner"), bindparam("maker"), bindparam("list"))),
        findings.c.text == bindparam("term"),
        findings.c.input_type.in_(kind.input_types),
        findings.c.status.in_(kind.statuses),
    )
    if kind.made_from:
        query = query.where(findings.c.timestamp >= bindparam("made_from"))
    if kind.made_until:
        query = query.where(findings.c.timestamp <= bindparam("made_until"))
    if kind.is_within:
        texts = entries.alias("texts")
        query = query.join(texts, texts.c.id == findings.c.entry_id).where(
            texts.c.predicted.like(bindparam("pattern"), escape=ESCAPE)
            | texts.c.corrected.like(bindparam("pattern"), escape=ESCAPE)
        )
    return query


def _pattern(search: str) -> str:
    """Return the pattern of the texts that contain this one."""
    for special in (ESCAPE, "%", "_"):
        search = search.replace(special, ESCAPE + special)
    return f"%{search}%"


def _kind(scope: Scope) -> Kind:
    filter = scope.filter
    return Kind(
        input_types=(filter.input_type,) if filter.input_type else INPUT_TYPES,
        statuses=_statuses(filter),
        made_from=filter.made_from is not None,
        made_until=filter.made_until is not None,
        is_within=filter.search not in (None, scope.term),
    )


def _statuses(filter: Filter) -> tuple[str, ...]:
    wanted = (
        (filter.uncertain, (UNCERTAIN,)),
        (filter.corrected, (CORRECTED, DISPUTED)),
        (filter.disputed, (DISPUTED,)),
    )
    passing = tuple(
        status
        for status in (CERTAIN, DIFFERENT, UNCERTAIN, CORRECTED, DISPUTED)
        if all(is_wanted in (None, status in names) for is_wanted, names in wanted)
    )
    return passing or (CONTRADICTION,)
