"""The store of statistics: all counts of a history, and the entries behind a cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, Table, case, func, select, tuple_

from server.contract import (
    CellQuery,
    CellTally,
    CertaintyTally,
    DayTally,
    DigitTally,
    Filter,
    ModelTally,
    Statistics,
)
from server.database.engine import transaction
from server.database.schema import confusions, entries, tallies
from server.history.access import Viewer
from server.history.entry import EntryPage
from server.history.findings import place_of
from server.history.rows import as_entry
from server.history.selection import Cursor, parse_cursor, to_page
from server.history.tallies import (
    CERTAINTY,
    DIGIT,
    KEPT,
    LEARNED,
    LOST,
    NO_DIGIT,
    PAIR,
    RIGHT,
    UNCHECKED,
    WRONG,
)

OUTCOMES = (UNCHECKED, RIGHT, WRONG)
IS_OUTCOME = tallies.c.kind.in_(OUTCOMES)
BY_OUTCOME = [
    func.sum(case((tallies.c.kind == outcome, tallies.c.times), else_=0)) for outcome in OUTCOMES
]

Rows = Sequence[Row[Any]]


class StatisticsStore:
    """The statistics in a database. Every method is one short transaction.

    Raises Unavailable when the database cannot be reached.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, viewer: Viewer, mine: bool) -> Statistics:
        """Return the statistics of all entries that the viewer sees, or made."""
        with transaction(self._engine) as connection:
            queries = (find_days, find_models, find_counts)
            days, models, counts = (
                connection.execute(query(viewer, mine)).all() for query in queries
            )
        return summarize(days, models, counts)

    def list_cell(self, viewer: Viewer, query: CellQuery) -> EntryPage:
        """List the entries behind a cell, newest first, of those that the viewer sees, or made."""
        before, one_more = parse_cursor(query.before), query.limit + 1
        with transaction(self._engine) as connection:
            rows = connection.execute(find_cell(viewer, query, one_more, before)).all()
        return to_page([*map(as_entry, rows)], query.limit)


def find_days(viewer: Viewer, mine: bool) -> Select[Any]:
    """Select each day and its readings by outcome, in their order."""
    query = select(tallies.c.first, *BY_OUTCOME).where(_is_of(tallies, viewer, mine), IS_OUTCOME)
    return query.group_by(tallies.c.first).order_by(tallies.c.first)


def find_models(viewer: Viewer, mine: bool) -> Select[Any]:
    """Select each model, its first and last day, and its readings, the first model first."""
    span = func.min(tallies.c.first), func.max(tallies.c.first)
    query = select(tallies.c.second, *span, *BY_OUTCOME)
    query = query.where(_is_of(tallies, viewer, mine), IS_OUTCOME)
    return query.group_by(tallies.c.second).order_by(*span)


def find_counts(viewer: Viewer, mine: bool) -> Select[Any]:
    """Select all other counts: some hundreds at most."""
    columns = (tallies.c.kind, tallies.c.first, tallies.c.second, tallies.c.times)
    others = tallies.c.kind.in_((CERTAINTY, DIGIT, LEARNED, PAIR))
    return select(*columns).where(_is_of(tallies, viewer, mine), others)


def find_cell(viewer: Viewer, query: CellQuery, limit: int, before: Cursor | None) -> Select[Any]:
    """Select the newest entries behind a cell, older than a cursor: a range of the key."""
    key = (confusions.c.timestamp, confusions.c.entry_id)
    found = select(confusions.c.entry_id).where(
        _is_of(confusions, viewer, query.mine),
        confusions.c.read == _label(query.read),
        confusions.c.written == _label(query.written),
    )
    if before is not None:
        found = found.where(tuple_(*key) < before)
    first = found.order_by(*(column.desc() for column in key)).limit(limit).subquery()
    joined = select(entries).join(first, first.c.entry_id == entries.c.id)
    return joined.order_by(entries.c.timestamp.desc(), entries.c.id.desc())


def summarize(days: Rows, models: Rows, counts: Rows) -> Statistics:
    """Put counts together; add up those for each certainty and digit."""
    kinds: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in counts:
        kinds[row.kind].append(row)
    certainties = _add_up((row.first, row.second, row.times) for row in kinds[CERTAINTY])
    digits = _add_up(
        (row.first, row.second or DIGIT, row.times) for row in kinds[DIGIT] + kinds[LEARNED]
    )
    return Statistics(
        days=[DayTally(*tuple(row)) for row in days],
        models=[ModelTally(*tuple(row)) for row in models],
        certainties=[
            CertaintyTally(int(percent), *_pick(times, (RIGHT, WRONG)))
            for percent, times in certainties
        ],
        digits=[
            DigitTally(int(digit), *_pick(times, (DIGIT, KEPT, LOST))) for digit, times in digits
        ],
        cells=[CellTally(_digit(row.first), _digit(row.second), row.times) for row in kinds[PAIR]],
    )


def _add_up(counts: Iterable[tuple[str, str, int]]) -> list[tuple[str, Counter[str]]]:
    """Add up counts for each first text, in their order, by the second one."""
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for first, second, times in counts:
        sums[first][second] += times
    return sorted(sums.items())


def _pick(times: Counter[str], names: Iterable[str]) -> list[int]:
    return [times[name] for name in names]


def _is_of(table: Table, viewer: Viewer, mine: bool) -> ColumnElement[bool]:
    owner, maker, _ = place_of(viewer, Filter(mine=mine))
    return (table.c.owner == owner) & (table.c.maker == maker)


def _label(digit: int | None) -> str:
    return NO_DIGIT if digit is None else str(digit)


def _digit(label: str) -> int | None:
    return None if label == NO_DIGIT else int(label)
