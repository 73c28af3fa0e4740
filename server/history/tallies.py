"""The counts behind the statistics, kept with every change so that nothing is ever scanned.

What an entry adds is a function of the entry alone: a change takes away what the entry was, and
adds what it is. Each is counted in its history and, where several share one, among those of its
maker. A count has a kind, and two more columns:

    kind                     first      second
    unchecked, right, wrong  day (UTC)  model         an entry
    certainty                percent    right, wrong  an entry that was checked
    digit                    digit      ""            a digit that was read
    learned                  digit      kept, lost    one that was read so by personal examples
    pair                     digit      digit         one read in a checked entry, and one written

An entry is checked if its text was corrected or confirmed, which is a correction to the same text.
"" stands for no digit: a sign, other ink, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, text

from server.database.schema import confusions, tallies
from server.history.alignment import align
from server.history.findings import ANY, PUBLIC, as_columns, update_index

UNCHECKED, RIGHT, WRONG = "unchecked", "right", "wrong"
CERTAINTY, DIGIT, LEARNED, PAIR = "certainty", "digit", "learned", "pair"
KEPT, LOST = "kept", "lost"
NO_DIGIT = ""
MAX_PERCENT = 99  # nothing is certain

What = tuple[str, str, str]  # kind, first, second
Key = tuple[str, ...]  # owner, maker, and what
Cell = tuple[Any, ...]  # values of all columns of `confusions`

KEY = tuple(tallies.primary_key)
ADD = text(
    "INSERT INTO tallies (owner, maker, kind, first, second, times) "
    "VALUES (:owner, :maker, :kind, :first, :second, :times) "
    "ON CONFLICT (owner, maker, kind, first, second) "
    "DO UPDATE SET times = tallies.times + excluded.times"
)
DROP_EMPTY = delete(tallies).where(
    *(column == bindparam(column.name) for column in KEY), tallies.c.times <= 0
)


@dataclass(frozen=True)
class Tally:
    """What entries add to the statistics: their counts, and the cells in which they are found."""

    counts: Counter[Key]
    cells: set[Cell]


def note(connection: Connection, old: Iterable[Any], new: Iterable[Any]) -> None:
    """Count entries that have changed, as they were and as they are."""
    before, after = tally(old), tally(new)
    change = after.counts.copy()
    change.subtract(before.counts)
    changed = [as_columns(key, KEY) | {"times": times} for key, times in change.items() if times]
    if changed:
        connection.execute(ADD, changed)
    fewer = [each for each in changed if each["times"] < 0]
    if fewer:
        connection.execute(DROP_EMPTY, fewer)
    update_index(connection, confusions, before.cells, after.cells)


def forget(connection: Connection, owner: str) -> None:
    """Delete the counts of an account."""
    for table in (tallies, confusions):
        connection.execute(delete(table).where(table.c.owner == owner))


def tally(rows: Iterable[Any]) -> Tally:
    """Add up what entries add to the statistics."""
    counts: Counter[Key] = Counter()
    cells: set[Cell] = set()
    for row in rows:
        whats = Counter(_count(row))
        for place in _places(row):
            counts.update({(*place, *what): count for what, count in whats.items()})
            cells.update(
                (*place, first, second, row.timestamp, row.id)
                for kind, first, second in whats
                if kind == PAIR
            )
    return Tally(counts, cells)


def _places(row: Any) -> set[tuple[str, str]]:
    """Return the owner and maker under which an entry is counted."""
    return {(PUBLIC, ANY), (PUBLIC, row.maker)} if row.owner is None else {(row.owner, ANY)}


def _count(row: Any) -> Iterator[What]:
    outcome = _outcome(row)
    yield outcome, row.timestamp[:10], row.reading["model"]
    if outcome != UNCHECKED:
        percent = min(int(row.confidence * 100), MAX_PERCENT)
        yield CERTAINTY, f"{percent:02}", outcome
    for symbol in filter(str.isdecimal, row.predicted):
        yield DIGIT, symbol, ""
    yield from _count_pairs(row)


def _outcome(row: Any) -> str:
    if row.corrected is None:
        return UNCHECKED
    return RIGHT if row.corrected == row.predicted else WRONG


def _count_pairs(row: Any) -> Iterator[What]:
    """Yield what became of each digit: the correction has it in its place, or not."""
    written = row.predicted if row.corrected is None else row.corrected
    are_learned = iter(digit.get("learned", False) for digit in row.reading["digits"])
    for symbols in align(row.predicted, written):
        is_learned = symbols[0] and next(are_learned, False)
        read, written = map(_label, symbols)
        if is_learned and read:
            yield LEARNED, read, KEPT if read == written else LOST
        if row.corrected is not None and (read or written):
            yield PAIR, read, written


def _label(symbol: str) -> str:
    return symbol if symbol.isdecimal() else NO_DIGIT
