"""Lists, and filters that do not grow with the table."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAME, MAKER, LIST = sa.String(64), sa.String(16), sa.String(60)
MILLISECONDS = {
    "sqlite": "round((julianday(timestamp) - 2440587.5) * 86400000)",
    "postgresql": "round(extract(epoch FROM CAST(timestamp AS timestamptz)) * 1000)",
}
ENTRIES = sa.table(
    "entries", *map(sa.column, ("id", "maker", "rank", "timestamp", "uncertain", "corrected"))
)
OLD = ("owner", "text", "input_type", "timestamp", "entry_id")
STATUS: sa.ColumnClause[str] = sa.literal_column(
    "CASE WHEN entries.corrected IS NOT NULL THEN 'corrected' "
    "WHEN entries.uncertain THEN 'uncertain' ELSE 'certain' END"
)
NOBODY: sa.ColumnClause[str] = sa.literal_column("''")


def upgrade() -> None:
    op.add_column("entries", sa.Column("list", LIST))
    op.add_column("entries", sa.Column("rank", sa.Float, nullable=False, server_default="0"))
    milliseconds: sa.ColumnClause[float] = sa.literal_column(
        MILLISECONDS[op.get_bind().dialect.name]
    )
    op.execute(sa.update(ENTRIES).values(rank=milliseconds))
    op.create_index(
        "entries_by_list", "entries", ["owner", "maker", "list", "rank", "timestamp", "id"]
    )
    op.drop_index("entries_by_owner", "entries")
    _key_findings_by_filters()


def _key_findings_by_filters() -> None:
    filtered = op.create_table(
        "filtered_findings",
        sa.Column("owner", NAME, primary_key=True),
        sa.Column("maker", MAKER, primary_key=True),
        sa.Column("list", LIST, primary_key=True),
        sa.Column("text", sa.String(4), primary_key=True),
        sa.Column("input_type", sa.String(10), primary_key=True),
        sa.Column("status", sa.String(9), primary_key=True),
        sa.Column("timestamp", sa.String(24), primary_key=True),
        sa.Column("entry_id", sa.Uuid, primary_key=True),
        sqlite_with_rowid=False,
    )
    found = sa.table("findings", *map(sa.column, OLD))
    columns = [found.c[name] for name in OLD]
    rows = sa.select(*columns, NOBODY, STATUS, NOBODY).join(
        ENTRIES, ENTRIES.c.id == found.c.entry_id
    )
    of_makers = rows.with_only_columns(*columns, NOBODY, STATUS, ENTRIES.c.maker)
    names = [*OLD, "list", "status", "maker"]
    op.execute(sa.insert(filtered).from_select(names, rows))
    op.execute(sa.insert(filtered).from_select(names, of_makers.where(found.c.owner == "")))
    op.drop_table("findings")
    op.rename_table("filtered_findings", "findings")
