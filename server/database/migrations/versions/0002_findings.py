"""Searches and pages that do not grow with the table, and pictures that may be cached for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MAX_LENGTH = 4
AT_ONCE = 1_000


def upgrade() -> None:
    op.add_column(
        "entries", sa.Column("image_version", sa.String(16), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE entries SET image_version = (SELECT substr(pictures.sha256, 1, 16) "
        "FROM pictures WHERE pictures.entry_id = entries.id)"
    )
    findings = op.create_table(
        "findings",
        sa.Column("text", sa.String(MAX_LENGTH), primary_key=True),
        sa.Column("input_type", sa.String(10), primary_key=True),
        sa.Column("timestamp", sa.String(24), primary_key=True),
        sa.Column(
            "entry_id",
            sa.Uuid,
            sa.ForeignKey("entries.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sqlite_with_rowid=False,
    )
    _note_all(findings)
    op.drop_index("entries_by_time", "entries")


def _note_all(findings: sa.Table) -> None:
    entries = sa.table(
        "entries",
        sa.column("id", sa.Uuid),
        *(sa.column(name) for name in ("predicted", "corrected", "input_type", "timestamp")),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(entries)).fetchall()
    for first in range(0, len(rows), AT_ONCE):
        found = [
            {
                "text": text,
                "input_type": row.input_type,
                "timestamp": row.timestamp,
                "entry_id": row.id,
            }
            for row in rows[first : first + AT_ONCE]
            for text in _texts_within(row.predicted) | _texts_within(row.corrected or "")
        ]
        connection.execute(sa.insert(findings), found)


def _texts_within(text: str) -> set[str]:
    return {""} | {
        text[start : start + length]
        for start in range(len(text))
        for length in range(1, MAX_LENGTH + 1)
    }


def downgrade() -> None:
    op.create_index("entries_by_time", "entries", ["timestamp", "id"])
    op.drop_table("findings")
    op.drop_column("entries", "image_version")
