"""Statistics: counts and where to find what they count, of the entries that there are."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

AT_ONCE = 1_000
MAX_STEPS = 20_000
SPACES = str.maketrans(dict.fromkeys(" \t"))
ENTRIES = sa.table(
    "entries",
    sa.column("id", sa.Uuid),
    sa.column("reading", sa.JSON),
    *map(sa.column, ("predicted", "corrected", "confidence", "timestamp", "owner", "maker")),
)


def upgrade() -> None:
    tallies = op.create_table(
        "tallies",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("maker", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(9), primary_key=True),
        sa.Column("first", sa.String(10), primary_key=True),
        sa.Column("second", sa.String(8), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    confusions = op.create_table(
        "confusions",
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("maker", sa.String(16), primary_key=True),
        sa.Column("read", sa.String(1), primary_key=True),
        sa.Column("written", sa.String(1), primary_key=True),
        sa.Column("timestamp", sa.String(24), primary_key=True),
        sa.Column("entry_id", sa.Uuid, primary_key=True),
        sqlite_with_rowid=False,
    )
    counts = _find_all(confusions)
    _insert(tallies, [(*key, times) for key, times in counts.items()])


def _find_all(confusions: sa.Table) -> Counter[tuple[str, ...]]:
    """Note where to find the cells of all entries; return all counts."""
    counts: Counter[tuple[str, ...]] = Counter()
    query = sa.select(ENTRIES).execution_options(yield_per=AT_ONCE)
    for rows in op.get_bind().execute(query).partitions():
        cells = set()
        for row in rows:
            whats = Counter(_count(row))
            for place in _places(row):
                counts.update({(*place, *what): times for what, times in whats.items()})
                pairs = {what[1:] for what in whats if what[0] == "pair"}
                cells |= {(*place, *pair, row.timestamp, row.id) for pair in pairs}
        _insert(confusions, [*cells])
    return counts


def _insert(table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.c]
    if rows:
        values = [dict(zip(names, row, strict=True)) for row in rows]
        op.get_bind().execute(sa.insert(table), values)


def _places(row: Any) -> set[tuple[str, str]]:
    return {("", ""), ("", row.maker)} if row.owner is None else {(row.owner, "")}


def _count(row: Any) -> Iterator[tuple[str, str, str]]:
    outcome = "right" if row.corrected == row.predicted else "wrong"
    if row.corrected is None:
        outcome = "unchecked"
    else:
        yield "certainty", f"{min(int(row.confidence * 100), 99):02}", outcome
    yield outcome, row.timestamp[:10], row.reading["model"]
    for symbol in filter(str.isdecimal, row.predicted):
        yield "digit", symbol, ""
    yield from _count_pairs(row)


def _count_pairs(row: Any) -> Iterator[tuple[str, str, str]]:
    text = row.predicted if row.corrected is None else row.corrected
    learned = iter(digit.get("learned", False) for digit in row.reading["digits"])
    for symbols in _align(row.predicted, text):
        is_learned = symbols[0] and next(learned, False)
        read, written = (symbol if symbol.isdecimal() else "" for symbol in symbols)
        if is_learned and read:
            yield "learned", read, "kept" if read == written else "lost"
        if row.corrected is not None and (read or written):
            yield "pair", read, written


def _align(read: str, written: str) -> list[tuple[str, str]]:
    lines, others = (text.translate(SPACES).split("\n") for text in (read, written))
    if len(lines) != len(others):
        lines, others = ["".join(lines)], ["".join(others)]
    paired = [*zip(lines, others, strict=True)]
    if sum(len(line) * len(other) for line, other in paired if line != other) > MAX_STEPS:
        return []
    return [
        pair
        for line, other in paired
        for pair in (zip(line, other, strict=True) if line == other else _align_line(line, other))
    ]


def _align_line(read: str, written: str) -> list[tuple[str, str]]:
    changes = [[*range(len(written) + 1)]]
    for symbol in read:
        above, row = changes[-1], [len(changes)]
        for j, other in enumerate(written):
            row.append(min(above[j] + (symbol != other), above[j + 1] + 1, row[j] + 1))
        changes.append(row)
    i, j, pairs = len(read), len(written), []
    while i or j:
        if i and j and changes[i][j] == changes[i - 1][j - 1] + (read[i - 1] != written[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((read[i], written[j]))
        elif i and changes[i][j] == changes[i - 1][j] + 1:
            i -= 1
            pairs.append((read[i], ""))
        else:
            j -= 1
            pairs.append(("", written[j]))
    return pairs[::-1]
